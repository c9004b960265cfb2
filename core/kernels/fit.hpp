#pragma once
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace ister::core {

struct FitParameter {
  std::string name;
  double start;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool fixed = false;  ///< stays at its start
};

/// Computes chi-squared at the parameters and, unless null, its gradient and J^T J of the residuals (row by row).
using FitFunction = std::function<double(const std::vector<double>& parameters, std::vector<double>* gradient,
                                         std::vector<double>* normal)>;

struct FitResult {
  std::vector<double> values;      ///< of all parameters
  std::vector<double> covariance;  ///< of all parameters, row by row: (J^T J)^-1, zero for fixed ones
  double chi_squared = 0.0;
  int iterations = 0;
  bool converged = false;
  std::string message;  ///< why it ended
  /// False where the data do not tell all free parameters apart; covariance is then infinite for those involved.
  bool determined = true;
};

/// Least squares within bounds by Levenberg-Marquardt. InputError for starts out of their bounds, bounds in the wrong
/// order, and where nothing is free.
FitResult fit(const std::vector<FitParameter>& parameters, const FitFunction& function, int max_iterations = 200);

}  // namespace ister::core
