#pragma once
#include <functional>
#include <memory>
#include <vector>

struct gsl_odeiv2_step_struct;

namespace ister::physics {

/// The solution of dy/dx = f(x, y) on an interval. Nodes are computed once with eighth-order Runge-Kutta steps of
/// fixed length; a value in between is one shorter step away from the nearest node, so it needs no interpolation and
/// carries the accuracy of the integrator (1e-14 for steps well below the shortest scale of the solution).
class OdeSolution {
 public:
  using Derivative = std::function<void(double x, const double* y, double* dydx)>;

  /// Starts from y(start) and covers [lower, upper], which contains `start`.
  OdeSolution(Derivative derivative, double start, std::vector<double> initial, double lower, double upper,
              double step);

  /// y(x); throws InputError for x outside [lower, upper] or where the solution has ceased to be finite. One thread
  /// at a time.
  [[nodiscard]] std::vector<double> operator()(double x) const;

 private:
  struct FreeStepper {
    void operator()(gsl_odeiv2_step_struct* stepper) const;
  };

  void advance(double x, double step, std::vector<double>& y) const;

  Derivative m_derivative;
  double m_lower, m_upper, m_start, m_step;
  std::unique_ptr<gsl_odeiv2_step_struct, FreeStepper> m_stepper;
  std::vector<std::vector<double>> m_forward, m_backward;  ///< node n at start +- n step
};

}  // namespace ister::physics
