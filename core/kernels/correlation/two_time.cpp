#include "core/kernels/correlation/two_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/correlation/row_products.hpp"
#include "core/kernels/correlation/scalar.hpp"

namespace ister::core {
namespace {

constexpr std::int64_t mode_block = 256;   ///< modes of one rank-K update
constexpr std::int64_t series_block = 16;  ///< modes correlated at once
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

}  // namespace

ModeRecord::ModeRecord(std::int64_t frames, std::vector<double> weights)
    : ModeFrames(frames, std::move(weights)), m_values(present().size() * this->weights().size()) {}

void ModeRecord::push(const std::complex<double>* values) {
  expect_room();
  std::complex<double>* to = m_values.data() + frames() * modes();
  for (std::int64_t k = 0; k < modes(); ++k) {
    const bool masked = weights()[k] == 0;
    if (!masked && !is_finite(values[k])) refuse_mode(k);
    to[k] = masked ? 0.0 : values[k];
  }
  take(true);
}

void ModeRecord::push_missing() {
  expect_room();
  take(false);
}

TwoTimeCorrelation::TwoTimeCorrelation(std::int64_t frames)
    : m_room(frames),
      m_first(make_host_array(frames * mode_block)),
      m_second(make_host_array(frames * mode_block)),
      m_sums(make_host_array(frames * frames)),
      m_sums_im(make_host_array(frames * frames)) {}

/// Calls add(modes) for one block of modes after the other, once fill(value, weight, first, second) has set what stands
/// for each of its values in the rows of m_first and m_second.
template <class Fill, class Add>
void TwoTimeCorrelation::for_each_block(const ModeRecord& record, const Fill& fill, const Add& add) {
  record.expect_at_most(m_room);
  std::fill_n(m_sums.data(), record.frames() * record.frames(), 0.0);
  std::fill_n(m_sums_im.data(), record.frames() * record.frames(), 0.0);
  for (std::int64_t k0 = 0; k0 < record.modes(); k0 += mode_block) {
    const std::int64_t modes = std::min(mode_block, record.modes() - k0);
    for (std::int64_t t = 0; t < record.frames(); ++t)
      for (std::int64_t k = 0; k < modes; ++k)
        fill(record.frame(t)[k0 + k], record.weights()[k0 + k], m_first.data()[t * mode_block + k],
             m_second.data()[t * mode_block + k]);
    add(modes);
  }
}

void TwoTimeCorrelation::intensity(const ModeRecord& record, double* c2) {
  const std::int64_t n = record.frames();
  const RowsOf intensities{m_first.data(), n, mode_block};
  const auto fill = [](std::complex<double> a, double weight, double& weighted, double&) {
    weighted = std::sqrt(weight) * std::norm(a);
  };
  for_each_block(record, fill, [&](std::int64_t modes) {
    add_row_products(intensities, intensities, modes, 1.0, Triangle::lower, m_sums.data(), n);
  });
  double* mean = m_sums_im.data();
  for (std::int64_t t = 0; t < n; ++t) {
    mean[t] = 0.0;
    for (std::int64_t k = 0; k < record.modes(); ++k) mean[t] += record.weights()[k] * std::norm(record.frame(t)[k]);
    mean[t] /= record.total_weight();
    if (record.present()[t] && !(mean[t] > 0)) ModeFrames::refuse_dark(t);
  }
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      c2[i * n + j] = c2[j * n + i] = record.present()[i] && record.present()[j]
                                          ? m_sums.data()[i * n + j] / record.total_weight() / mean[i] / mean[j]
                                          : no_value;
}

void TwoTimeCorrelation::amplitude(const ModeRecord& record, std::complex<double>* f) {
  const std::int64_t n = record.frames();
  const RowsOf re{m_first.data(), n, mode_block}, im{m_second.data(), n, mode_block};
  const auto fill = [](std::complex<double> a, double weight, double& first, double& second) {
    first = std::sqrt(weight) * a.real();
    second = std::sqrt(weight) * a.imag();
  };
  for_each_block(record, fill, [&](std::int64_t modes) {
    add_row_products(re, re, modes, 1.0, Triangle::lower, m_sums.data(), n);
    add_row_products(im, im, modes, 1.0, Triangle::lower, m_sums.data(), n);
    add_row_products(re, im, modes, 1.0, Triangle::lower, m_sums_im.data(), n);
    add_row_products(im, re, modes, -1.0, Triangle::lower, m_sums_im.data(), n);
  });
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      std::complex<double> value(no_value, no_value);
      if (record.present()[i] && record.present()[j])
        value = std::complex<double>(m_sums.data()[i * n + j], m_sums_im.data()[i * n + j]) / record.total_weight();
      f[i * n + j] = value;
      f[j * n + i] = std::conj(value);
    }
}

ScatteringFunction::ScatteringFunction(const std::vector<bool>& present, CorrelationEngine engine,
                                       const Thresholds& thresholds)
    : m_correlation(static_cast<std::int64_t>(present.size()), {Normalisation::unbiased, engine, present, thresholds}),
      m_present(present),
      m_series(present.size() * series_block),
      m_correlated(present.size() * series_block) {}

void ScatteringFunction::apply(const ModeRecord& record, double* f) {
  const std::int64_t n = m_correlation.points();
  if (record.present() != m_present) throw InputError("a record whose frames are not those that were announced");
  std::fill_n(f, n, 0.0);
  for (std::int64_t k0 = 0; k0 < record.modes(); k0 += series_block) {
    const std::int64_t modes = std::min(series_block, record.modes() - k0);
    for (std::int64_t t = 0; t < n; ++t)
      for (std::int64_t k = 0; k < modes; ++k) m_series[k * n + t] = record.frame(t)[k0 + k];
    m_correlation.apply(modes, m_series.data(), m_series.data(), m_correlated.data());
    for (std::int64_t k = 0; k < modes; ++k) {
      const double share = record.weights()[k0 + k] / record.total_weight();
      for (std::int64_t t = 0; t < n; ++t) f[t] += share * m_correlated[k * n + t].real();
    }
  }
}

}  // namespace ister::core
