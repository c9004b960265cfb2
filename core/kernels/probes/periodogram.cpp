#include "core/kernels/probes/periodogram.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {

Periodogram::Periodogram(std::int64_t samples, double spacing)
    : m_samples(samples), m_step(2 * M_PI / (static_cast<double>(samples) * spacing)) {
  if (samples < 4) throw InputError(fmt::format("a spectrum takes at least 4 samples, not {}", samples));
  if (!(spacing > 0 && std::isfinite(spacing)))
    throw InputError(fmt::format("a spectrum takes a positive time between samples, not {}", spacing));
  for (std::int64_t i = 0; i < samples; ++i)
    m_window.push_back(0.5 - 0.5 * std::cos(2 * M_PI * static_cast<double>(i) / static_cast<double>(samples)));
  m_values.reset(fftw_alloc_real(static_cast<std::size_t>(2 * size())));
  m_plan.reset(fftw_plan_dft_r2c_1d(static_cast<int>(samples), m_values.get(),
                                    reinterpret_cast<fftw_complex*>(m_values.get()), FFTW_ESTIMATE));
  ISTER_REQUIRE(m_plan != nullptr);
}

void Periodogram::apply(const double* record, double* power) {
  double mean = 0, weight = 0;
  for (std::int64_t i = 0; i < m_samples; ++i) mean += record[i] / static_cast<double>(m_samples);
  for (std::int64_t i = 0; i < m_samples; ++i) {
    const double w = m_window[static_cast<std::size_t>(i)];
    weight += w * w;
    m_values.get()[i] = w * (record[i] - mean);
  }
  fftw_execute(m_plan.get());
  const double scale = 1 / (static_cast<double>(m_samples) * weight * m_step);
  for (std::int64_t k = 0; k < size(); ++k) {
    const double re = m_values.get()[2 * k], im = m_values.get()[2 * k + 1];
    const bool alone = k == 0 || 2 * k == m_samples;  // the others stand for -omega, too
    power[k] = (alone ? 1 : 2) * scale * (re * re + im * im);
  }
}

}  // namespace ister::core
