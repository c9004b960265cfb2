#include "physics/ode_solution.hpp"

#include <fmt/format.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>

#include <cmath>
#include <utility>

#include "core/base/error.hpp"

namespace ister::physics {

void OdeSolution::FreeStepper::operator()(gsl_odeiv2_step_struct* stepper) const { gsl_odeiv2_step_free(stepper); }

OdeSolution::OdeSolution(Derivative derivative, double start, std::vector<double> initial, double lower, double upper,
                         double step)
    : m_derivative(std::move(derivative)),
      m_lower(lower),
      m_upper(upper),
      m_start(start),
      m_step(step),
      m_stepper(gsl_odeiv2_step_alloc(gsl_odeiv2_step_rk8pd, initial.size())) {
  ISTER_REQUIRE(lower <= start && start <= upper && step > 0 && m_stepper);
  const auto fill = [&](std::vector<std::vector<double>>& nodes, double direction, double length) {
    nodes.push_back(initial);
    const int count = static_cast<int>(std::ceil(length / step));
    for (int n = 0; n < count; ++n) {
      std::vector<double> y = nodes.back();
      advance(start + direction * n * step, direction * step, y);
      nodes.push_back(std::move(y));
    }
  };
  fill(m_forward, 1.0, upper - start);
  fill(m_backward, -1.0, start - lower);
}

void OdeSolution::advance(double x, double step, std::vector<double>& y) const {
  const auto call = [](double at, const double values[], double slopes[], void* self) {
    static_cast<const OdeSolution*>(self)->m_derivative(at, values, slopes);
    return static_cast<int>(GSL_SUCCESS);
  };
  gsl_odeiv2_system system{call, nullptr, y.size(), const_cast<OdeSolution*>(this)};
  std::vector<double> error(y.size());
  gsl_odeiv2_step_apply(m_stepper.get(), x, step, y.data(), error.data(), nullptr, nullptr, &system);
}

std::vector<double> OdeSolution::operator()(double x) const {
  if (!(x >= m_lower && x <= m_upper)) {
    throw InputError(
        fmt::format("the exact solution covers {:.6g} to {:.6g} and was asked for at {:.6g}", m_lower, m_upper, x));
  }
  const int nearest = static_cast<int>(std::lround((x - m_start) / m_step));
  std::vector<double> y = nearest >= 0 ? m_forward[nearest] : m_backward[-nearest];
  const double node = m_start + nearest * m_step;
  if (x != node) advance(node, x - node, y);
  for (const double value : y) {
    if (!std::isfinite(value)) throw InputError(fmt::format("the exact solution is not finite at {:.6g}", x));
  }
  return y;
}

}  // namespace ister::physics
