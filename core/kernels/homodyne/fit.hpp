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
  std::vector<double> values;  ///< of all parameters
  /// Of all parameters, row by row: (J^T J)^-1, zero for fixed ones, infinite on the diagonal for those that have no
  /// error: at a bound, or not told apart from others by the data.
  std::vector<double> covariance;
  double chi_squared = 0.0;
  int iterations = 0;
  bool converged = false;
  std::string message;         ///< why it ended
  std::vector<bool> at_bound;  ///< for each parameter
  bool determined = true;      ///< false where the data do not tell all free parameters off their bounds apart
};

/// Least squares within bounds by Levenberg-Marquardt. Where nothing is free it is chi-squared at the start. InputError
/// for starts out of their bounds and bounds in the wrong order, BreakdownError where chi-squared or its derivatives
/// are not finite.
FitResult fit(const std::vector<FitParameter>& parameters, const FitFunction& function, int max_iterations = 200);

}  // namespace ister::core
