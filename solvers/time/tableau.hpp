#pragma once
#include <string>
#include <vector>

namespace ister::solvers {

/// A Runge-Kutta method as data. Row i of `a` holds the weights of earlier stages in stage i; the solution is
/// u + dt sum b_i k_i, the embedded one (for the error estimate) uses b_embedded.
/// Implicit-explicit methods add `implicit`, row i with entries 0..i for the relaxation term, one more row than
/// stages: the last one belongs to the solution (the method must be stiffly accurate).
struct Tableau {
  std::string name;
  int order = 0;
  int embedded_order = 0;  ///< 0: no error estimate
  std::vector<double> c;
  std::vector<std::vector<double>> a;
  std::vector<double> b;
  std::vector<double> b_embedded;
  std::vector<std::vector<double>> implicit;

  [[nodiscard]] int stages() const { return static_cast<int>(c.size()); }
};

/// "ssprk3" "rk4" "bs32" "dp54" "ars443"; any other name is an InputError.
const Tableau& tableau(const std::string& name);
std::vector<std::string> tableau_names();

}  // namespace ister::solvers
