#include "core/kernels/homodyne/power_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

PowerIntegral unclipped(double exponent, double from, double to) {
  if (from > 0.0) return power_integral(std::log(from), std::log1p((to - from) / from), exponent);
  const double b = exponent + 1.0;
  if (b <= 0.0)
    throw InputError(fmt::format("the integral of t^{} from t = 0 diverges: exponents have to be above -1", exponent));
  if (to <= 0.0) return {0.0, 0.0};
  const double value = std::pow(to, b) / b;
  return {value, value * (std::log(to) - 1.0 / b)};
}

}  // namespace

double PowerLaw::operator()(double t) const {
  return std::max((amplitude != 0.0 ? amplitude * std::pow(t, exponent) : 0.0) + offset, 0.0);
}

std::array<double, 4> PowerLaw::integral(double from, double to) const {
  const bool flows_first = (*this)(from) > 0.0, flows_last = (*this)(to) > 0.0;
  if (!flows_first && !flows_last) return {};  // it is monotonic: at most one zero
  if (flows_first != flows_last) {
    const double zero = std::clamp(std::exp(std::log(-offset / amplitude) / exponent), from, to);
    (flows_first ? to : from) = zero;
  }
  const PowerIntegral p =
      amplitude != 0.0 || exponent > -1.0 || from > 0.0 ? unclipped(exponent, from, to) : PowerIntegral{};
  return {amplitude * p.value + offset * (to - from), p.value, amplitude * p.by_exponent, to - from};
}

}  // namespace ister::core
