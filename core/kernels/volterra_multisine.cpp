#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/array_pool.hpp"
#include "core/error.hpp"
#include "core/kernels/real_dft.hpp"
#include "core/kernels/volterra_responses.hpp"

namespace ister::core {
namespace {

/// The filter g, as long as a period, that takes the inputs u to the outputs z best: in each bin
/// sum conj(U) Z / sum |U|^2 over the waveforms.
class PeriodicFilter {
 public:
  explicit PeriodicFilter(std::int64_t period)
      : m_dft(period, FFTW_ESTIMATE),
        m_u(make_host_array(2 * m_dft.modes())),
        m_z(make_host_array(2 * m_dft.modes())),
        m_cross(make_host_array(2 * m_dft.modes())),
        m_power(make_host_array(m_dft.modes())),
        m_line(make_host_array(period)) {}

  void add(const std::vector<double>& u, const std::vector<double>& z) {
    transform(u, m_u.data());
    transform(z, m_z.data());
    for (std::int64_t k = 0; k < m_dft.modes(); ++k) {
      const double ur = m_u(2 * k), ui = m_u(2 * k + 1), zr = m_z(2 * k), zi = m_z(2 * k + 1);
      m_cross(2 * k) += ur * zr + ui * zi;
      m_cross(2 * k + 1) += ur * zi - ui * zr;
      m_power(k) += ur * ur + ui * ui;
    }
  }
  /// The bin that the inputs reach least, and its power over the mean one.
  [[nodiscard]] std::pair<std::int64_t, double> weakest_bin() const {
    const double* power = m_power.data();
    double mean = 0.0;
    for (std::int64_t k = 0; k < m_dft.modes(); ++k) mean += power[k] / static_cast<double>(m_dft.modes());
    const std::int64_t k = std::min_element(power, power + m_dft.modes()) - power;
    return {k, mean > 0 ? power[k] / mean : 0.0};
  }
  /// Variance of each value of g where white noise of variance 1 lies on z.
  [[nodiscard]] double gain() const {
    double sum = 0.0;
    for (std::int64_t k = 0; k < m_dft.modes(); ++k)
      sum += (k == 0 || 2 * k == m_dft.points() ? 1.0 : 2.0) / m_power(k);
    return sum / static_cast<double>(m_dft.points());
  }
  std::vector<double> solve() {
    for (std::int64_t k = 0; k < 2 * m_dft.modes(); ++k)
      m_cross(k) /= m_power(k / 2) * static_cast<double>(m_dft.points());
    m_dft.backward(m_cross.data(), m_line.data());
    return {m_line.data(), m_line.data() + m_dft.points()};
  }

 private:
  void transform(const std::vector<double>& values, double* spectrum) {
    std::copy(values.begin(), values.end(), m_line.data());
    m_dft.forward(m_line.data(), spectrum);
  }

  RealDft m_dft;
  HostArray m_u, m_z, m_cross, m_power, m_line;
};

double norm(std::vector<double>::const_iterator first, std::vector<double>::const_iterator last) {
  double sum = 0.0;
  for (; first != last; ++first) sum += *first * *first;
  return std::sqrt(sum);
}

}  // namespace

VolterraEstimate identify_multisine(const VolterraExcitation& excitation, const std::vector<double>& y) {
  constexpr double least_power = 1e-12;  // of a bin, over the mean: amplitudes a million times smaller say nothing
  const VolterraResponses responses(excitation, y);
  const std::int64_t waveforms = static_cast<std::int64_t>(excitation.waveforms.size()) / excitation.period;
  VolterraEstimate estimate;
  estimate.kernel.taps = excitation.taps;
  estimate.noise = responses.noise();
  for (std::int64_t w = 0; w < waveforms; ++w)
    for (const double z : responses.of(0, w)) estimate.offset += z / static_cast<double>(waveforms * excitation.period);
  for (int p = 1; p <= excitation.orders; ++p) {
    PeriodicFilter filter(excitation.period);
    for (std::int64_t w = 0; w < waveforms; ++w) {
      const auto first = excitation.waveforms.begin() + w * excitation.period;
      std::vector<double> power(first, first + excitation.period);
      for (std::int64_t n = 0; n < excitation.period; ++n)
        for (int q = 1; q < p; ++q) power[n] *= first[n];
      filter.add(power, responses.of(p, w));
    }
    if (const auto [bin, power] = filter.weakest_bin(); power < least_power)
      throw InputError(
          fmt::format("excitation: power {} of the waveforms does not reach bin {} of {} (its share of the "
                      "mean power is {:.1e}), which leaves the kernel undetermined",
                      p, bin, excitation.period / 2 + 1, power));
    const std::vector<double> g = filter.solve();
    const auto end = g.begin() + excitation.taps;
    const double inside = norm(g.begin(), end), outside = norm(end, g.end());
    estimate.kernel.orders.emplace_back(g.begin(), end);
    estimate.errors.emplace_back(excitation.taps, std::sqrt(responses.variance(p) * filter.gain()));
    estimate.certificate.push_back(inside > 0 ? outside / inside : 0.0);
  }
  return estimate;
}

}  // namespace ister::core
