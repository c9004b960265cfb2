#include "physics/continuation.hpp"

#include <gsl/gsl_integration.h>

#include <cmath>
#include <memory>

namespace ister::physics {

Continuation::Continuation(double log_e, const EosPoint& last, Direction direction)
    : m_log_e(log_e), m_last(last), m_sign(direction == Direction::below ? 1.0 : -1.0) {
  m_exponent = m_sign * (last.sound_speed_squared / last.pressure_over_energy - 1.0);
  m_limit = last.pressure_over_energy * std::exp(-m_exponent);
}

double Continuation::ratio(double x) const { return m_limit * std::exp(m_exponent * x); }

/// int_0^x (q(x') - q(0)) dx'/x' with q = (p/e)/(1 + p/e): smooth, so Gauss-Legendre is exact to rounding.
double Continuation::integral(double x) const {
  constexpr std::size_t points = 24;
  static const std::unique_ptr<gsl_integration_glfixed_table, void (*)(gsl_integration_glfixed_table*)> rule(
      gsl_integration_glfixed_table_alloc(points), gsl_integration_glfixed_table_free);
  double sum = 0.0;
  for (std::size_t i = 0; i < points; ++i) {
    double y = 0.0;
    double weight = 0.0;
    gsl_integration_glfixed_point(0.0, x, i, &y, &weight, rule.get());
    sum += weight * m_limit * std::expm1(m_exponent * y) / (y * (1.0 + ratio(y)) * (1.0 + m_limit));
  }
  return sum;
}

EosPoint Continuation::at(double log_e) const {
  const double x = std::exp(m_sign * (log_e - m_log_e));
  const double r = ratio(x);
  // d ln T/d ln e = (dp/de)/(1 + p/e) = d ln(1 + p/e)/d ln e + q
  const double log_t = std::log((1.0 + r) / (1.0 + m_last.pressure_over_energy)) +
                       m_limit / (1.0 + m_limit) * (log_e - m_log_e) + m_sign * (integral(x) - integral(1.0));
  return {r, r * (1.0 + m_sign * m_exponent * x), m_last.temperature * std::exp(log_t)};
}

}  // namespace ister::physics
