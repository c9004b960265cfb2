#include "core/kernels/statistics/flow_averages.hpp"

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

/// Of sums of 1, x, y, x^2, y^2 and x y. What rounding leaves of a spread is none.
double pearson(double n, double x, double y, double xx, double yy, double xy) {
  const double rounding = n * std::numeric_limits<double>::epsilon();
  const double spread_x = xx - x * x / n, spread_y = yy - y * y / n;
  if (!(spread_x > rounding * xx) || !(spread_y > rounding * yy)) return std::numeric_limits<double>::quiet_NaN();
  return (xy - x * y / n) / std::sqrt(spread_x * spread_y);
}

/// Re a b^*
double dot(std::complex<double> a, std::complex<double> b) { return (a * std::conj(b)).real(); }

}  // namespace

Cumulants flow_cumulants(const std::vector<FlowVector>& events) {
  Summands sample(6);
  for (const auto& [flow, m] : events) {
    const double pairs = m * m, quadruples = pairs * pairs, square = std::norm(flow);
    sample.add({pairs, pairs * square, quadruples, quadruples * square * square, m, m * std::abs(flow)});
  }
  const std::vector<Estimate> found = jackknife(sample, [](const std::vector<double>& sums) -> std::vector<double> {
    const double square = sums[1] / sums[0], fourth = sums[3] / sums[2], c_four = fourth - 2.0 * square * square;
    return {std::sqrt(square), std::pow(-c_four, 0.25), c_four, sums[5] / sums[4]};
  });
  return {found[0], found[1], found[2], found[3]};
}

RelativeFlow relative_flow(const std::vector<FlowVector>& particles, const std::vector<FlowVector>& reference) {
  ISTER_REQUIRE(particles.size() == reference.size());
  Summands sample(6);
  for (std::size_t i = 0; i < particles.size(); ++i) {
    const auto& [flow, m] = particles[i];
    const auto& [all, m_all] = reference[i];
    const double length = std::abs(all), along = dot(flow, all);
    sample.add({m, length > 0.0 ? m * along / length : 0.0, m * m_all, m * m_all * along, m_all * m_all,
                m_all * m_all * length * length});
  }
  const std::vector<Estimate> found = jackknife(sample, [](const std::vector<double>& sums) -> std::vector<double> {
    return {sums[1] / sums[0], sums[3] / sums[2] / std::sqrt(sums[5] / sums[4])};
  });
  return {found[0], found[1]};
}

FlowResponse flow_response(const std::vector<std::complex<double>>& eccentricities,
                           const std::vector<std::complex<double>>& flow) {
  ISTER_REQUIRE(eccentricities.size() == flow.size());
  Summands sample(7);
  for (std::size_t i = 0; i < flow.size(); ++i) {
    const std::complex<double> e = eccentricities[i], v = flow[i];
    sample.add({1.0, std::abs(e), std::abs(v), std::norm(e), std::norm(v), std::abs(e) * std::abs(v), dot(v, e)});
  }
  const std::vector<Estimate> found = jackknife(sample, [](const std::vector<double>& s) -> std::vector<double> {
    return {pearson(s[0], s[1], s[2], s[3], s[4], s[5]), s[6] / std::sqrt(s[3] * s[4]), s[6] / s[3]};
  });
  return {found[0], found[1], found[2]};
}

Estimate mean(const std::vector<double>& values) {
  Summands sample(2);
  for (const double value : values) sample.add({1.0, value});
  const Statistic ratio = [](const std::vector<double>& sums) -> std::vector<double> { return {sums[1] / sums[0]}; };
  return jackknife(sample, ratio).front();
}

}  // namespace ister::core
