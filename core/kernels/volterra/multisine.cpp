#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/volterra/real_dft.hpp"
#include "core/kernels/volterra/responses.hpp"

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
  [[nodiscard]] double gain() const { return inverse_powers(1) / static_cast<double>(m_dft.points()); }
  /// How many of the values of g that noise leaves are as good as independent.
  [[nodiscard]] double independent_values() const { return inverse_powers(1) * inverse_powers(1) / inverse_powers(2); }
  std::vector<double> solve() {
    for (std::int64_t k = 0; k < 2 * m_dft.modes(); ++k)
      m_z(k) = (m_cross(k) /= m_power(k / 2)) / static_cast<double>(m_dft.points());
    m_dft.backward(m_z.data(), m_line.data());
    return {m_line.data(), m_line.data() + m_dft.points()};
  }
  /// The sum of squares of z - g u, of one of the waveforms, after solve().
  [[nodiscard]] double left(const std::vector<double>& u, const std::vector<double>& z) {
    transform(u, m_u.data());
    transform(z, m_z.data());
    double sum = 0.0;
    for (std::int64_t k = 0; k < m_dft.modes(); ++k) {
      const double re = m_z(2 * k) - m_cross(2 * k) * m_u(2 * k) + m_cross(2 * k + 1) * m_u(2 * k + 1),
                   im = m_z(2 * k + 1) - m_cross(2 * k) * m_u(2 * k + 1) - m_cross(2 * k + 1) * m_u(2 * k);
      sum += times(k) * (re * re + im * im);
    }
    return sum / static_cast<double>(m_dft.points());
  }

 private:
  /// Bins of the whole spectrum that the bin stands for.
  [[nodiscard]] double times(std::int64_t k) const { return k == 0 || 2 * k == m_dft.points() ? 1.0 : 2.0; }
  [[nodiscard]] double inverse_powers(int exponent) const {
    double sum = 0.0;
    for (std::int64_t k = 0; k < m_dft.modes(); ++k) sum += times(k) / std::pow(m_power(k), exponent);
    return sum;
  }
  void transform(const std::vector<double>& values, double* spectrum) {
    std::copy(values.begin(), values.end(), m_line.data());
    m_dft.forward(m_line.data(), spectrum);
  }

  RealDft m_dft;
  HostArray m_u, m_z, m_cross, m_power, m_line;
};

double sum_of_squares(std::vector<double>::const_iterator first, std::vector<double>::const_iterator last) {
  return std::inner_product(first, last, first, 0.0);
}

/// Mean square about the mean.
double variance(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  return sum_of_squares(values.begin(), values.end()) / count - mean * mean;
}

/// u^p of one of the waveforms.
std::vector<double> power_of(const VolterraExcitation& excitation, std::int64_t waveform, int p) {
  const auto first = excitation.waveforms.begin() + waveform * excitation.period;
  std::vector<double> power(first, first + excitation.period);
  for (double& u : power) {
    const double factor = u;
    for (int q = 1; q < p; ++q) u *= factor;
  }
  return power;
}

/// h_1 .. h_orders one after the other, with what each adds to the certificate.
class MultisineIdentification {
 public:
  MultisineIdentification(const VolterraExcitation& excitation, const std::vector<double>& y)
      : m_excitation(excitation),
        m_responses(excitation, y),
        m_waveforms(static_cast<std::int64_t>(excitation.waveforms.size()) / excitation.period) {}

  VolterraEstimate run() {
    m_estimate.kernel.taps = m_excitation.taps;
    m_estimate.noise = m_responses.noise();
    find_offset();
    for (int p = 1; p <= m_excitation.orders; ++p) find_order(p);
    const double power = m_responses.power(), found = power - m_responses.noise_power();
    VolterraCertificate& certificate = m_estimate.certificate;
    certificate.memory = power > 0 ? std::sqrt(m_memory / power) : 0.0;
    certificate.form = power > 0 ? std::sqrt((m_form + m_responses.not_polynomial()) / power) : 0.0;
    certificate.noise = m_noise > 0 ? std::sqrt(m_noise / std::max(found, 0.0)) : 0.0;
    return std::move(m_estimate);
  }

 private:
  /// What is of order 0, and varies: even orders above the highest.
  void find_offset() {
    std::vector<double> all;
    for (std::int64_t w = 0; w < m_waveforms; ++w) {
      const std::vector<double> z = m_responses.of(0, w);
      all.insert(all.end(), z.begin(), z.end());
    }
    const auto count = static_cast<double>(all.size());
    m_estimate.offset = std::accumulate(all.begin(), all.end(), 0.0) / count;
    for (double& z : all) z -= m_estimate.offset;
    m_form += beyond(sum_of_squares(all.begin(), all.end()), count - 1, m_responses.variance(0)) / count;
  }

  void find_order(int p) {
    PeriodicFilter filter(m_excitation.period);
    double input = 0.0;  // variance of u^p
    for (std::int64_t w = 0; w < m_waveforms; ++w) {
      const std::vector<double> u = power_of(m_excitation, w, p);
      input += variance(u) / static_cast<double>(m_waveforms);
      filter.add(u, m_responses.of(p, w));
    }
    require_power(filter, p);
    const std::vector<double> g = filter.solve();
    const auto end = g.begin() + m_excitation.taps;
    const double scale = m_responses.scale(p), noise = m_responses.variance(p), of_tap = noise * filter.gain();
    const auto taps = static_cast<double>(m_excitation.taps), period = static_cast<double>(m_excitation.period);
    m_estimate.kernel.orders.emplace_back(g.begin(), end);
    m_estimate.errors.emplace_back(m_excitation.taps, std::sqrt(of_tap));
    m_noise += scale * input * taps * of_tap;

    const double outside = sum_of_squares(end, g.end()), share = (period - taps) / period;
    const double independent = share * filter.independent_values();
    m_memory += scale * input * beyond(outside, independent, (period - taps) * of_tap / independent);
    if (m_waveforms < 2) return;  // one filter takes any waveform to any response
    double left = 0.0;
    for (std::int64_t w = 0; w < m_waveforms; ++w)
      left += filter.left(power_of(m_excitation, w, p), m_responses.of(p, w));
    const auto waveforms = static_cast<double>(m_waveforms);
    m_form += scale * beyond(left, (waveforms - 1) * period, noise) / (waveforms * period);
  }

  void require_power(const PeriodicFilter& filter, int p) const {
    constexpr double least_power = 1e-12;  // of a bin, over the mean: amplitudes a million times smaller say nothing
    if (const auto [bin, power] = filter.weakest_bin(); power < least_power)
      throw InputError(
          fmt::format("excitation: power {} of the waveforms does not reach bin {} of {} (its share of the "
                      "mean power is {:.1e}), which leaves the kernel undetermined",
                      p, bin, m_excitation.period / 2 + 1, power));
  }

  [[nodiscard]] double beyond(double sum, double count, double noise) const {
    return beyond_noise(sum, count, noise, m_responses.freedom());
  }

  const VolterraExcitation& m_excitation;
  VolterraResponses m_responses;
  std::int64_t m_waveforms;
  VolterraEstimate m_estimate;
  double m_memory = 0, m_form = 0, m_noise = 0;  ///< mean squares in y
};

}  // namespace

VolterraEstimate identify_multisine(const VolterraExcitation& excitation, const std::vector<double>& y) {
  return MultisineIdentification(excitation, y).run();
}

}  // namespace ister::core
