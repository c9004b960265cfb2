#include "core/kernels/homodyne/factors.hpp"

#include <algorithm>
#include <cmath>

#include "core/grid/array_pool.hpp"
#include "core/kernels/homodyne/sincos.hpp"

namespace ister::core::detail {
namespace {

constexpr double degree = 0.017453292519943295769;

/// Sums of `steps` (steps[i]: from frame i to frame i + 1) from and to the edges of blocks.
void accumulate(const HomodyneShape& shape, const double* steps, const HomodyneGrowth& growth) {
  growth.at[0] = 0.0;
  for (std::int64_t b = 0; b < shape.blocks; ++b) {
    const std::int64_t first = b * homodyne_block, end = std::min(first + homodyne_block, shape.frames);
    double sum = 0.0;
    for (std::int64_t i = first; i < end; ++i) {
      growth.right[i] = sum;
      sum += steps[i];
    }
    growth.at[b + 1] = growth.at[b] + sum;
    sum = 0.0;
    for (std::int64_t i = end - 1; i >= first; --i) growth.left[i] = sum += steps[i];
  }
}

}  // namespace

HomodyneFactors::HomodyneFactors(const HomodyneSetup& setup, const HomodyneShape& shape, std::int64_t capacity)
    : m_setup(setup), m_shape(shape), m_records(make_host_array(capacity * HomodyneRecord::size(shape))) {
  const auto frames = static_cast<std::size_t>(shape.frames);
  m_lengths.resize(frames);
  m_times.resize(frames);
  m_log_times.resize(frames);
  m_log_ratios.resize(frames);
  m_steps.resize(4 * frames);
  const bool exact = setup.formulas == HomodyneFormulas::exact;
  for (std::size_t i = 0; i < frames; ++i) {
    const auto frame = static_cast<std::int64_t>(i), next = std::min(frame + 1, shape.frames - 1);
    m_lengths[i] = static_cast<double>(setup.frame(next) - setup.frame(frame)) * setup.dt;
    m_times[i] = exact ? setup.time(frame) : setup.time(next) - setup.dt;  // of t_k = k dt, t_1 is needed first
    m_log_times[i] = std::log(m_times[i]);
    m_log_ratios[i] = std::log1p(m_lengths[i] / m_times[i]);
  }
}

HomodyneRecord HomodyneFactors::record(std::int64_t model) const {
  return {m_shape, m_records.data() + model * HomodyneRecord::size(m_shape)};
}

std::pair<std::int64_t, std::int64_t> HomodyneFactors::sample(int s) const {
  const double largest = static_cast<double>(m_shape.frames - 1);
  const auto lag = static_cast<std::int64_t>(std::pow(largest, static_cast<double>(s) / (samples - 1)) + 0.5);
  const std::int64_t first = (m_shape.frames - 1 - lag) * ((s * 7) % samples) / (samples - 1);
  return {first, first + lag};
}

double HomodyneFactors::decay() const {
  return (m_setup.formulas == HomodyneFormulas::exact ? 2.0 : 1.0) * m_setup.q * m_setup.q;
}

double HomodyneFactors::rate(double phi0, double phi) const {
  return 0.5 * m_setup.q * m_setup.gap * std::cos((phi0 - phi) * degree);
}

double HomodyneFactors::rate_by_phi0(double phi0, double phi) const {
  return -0.5 * m_setup.q * m_setup.gap * std::sin((phi0 - phi) * degree) * degree;
}

void HomodyneFactors::fill_steps(double* const steps[4], const PowerLaw& law, bool derivatives) const {
  const std::int64_t count = m_shape.frames - 1;
  const double *log_times = m_log_times.data(), *log_ratios = m_log_ratios.data(), *lengths = m_lengths.data();
  double *value = steps[0], *by_amplitude = steps[1], *by_exponent = steps[2], *by_offset = steps[3];
  const auto power = [&](std::int64_t i) { return law.amplitude * simd_exp(law.exponent * log_times[i]) + law.offset; };
  const bool exact = m_setup.formulas == HomodyneFormulas::exact;
  if (exact) {
#pragma omp simd
    for (std::int64_t i = 0; i < count; ++i) {
      const bool all = power(i) > 0.0 && power(i + 1) > 0.0;
      const PowerIntegral p = power_integral(log_times[i], log_ratios[i], law.exponent);
      value[i] = all ? law.amplitude * p.value + law.offset * lengths[i] : 0.0;
      by_amplitude[i] = all ? p.value : 0.0;
      by_exponent[i] = all ? law.amplitude * p.by_exponent : 0.0;
      by_offset[i] = all ? lengths[i] : 0.0;
    }
  } else {
#pragma omp simd
    for (std::int64_t i = 0; i < count; ++i) {
      const bool all = power(i) > 0.0;
      const double p = simd_exp(law.exponent * log_times[i]);
      value[i] = all ? power(i) * lengths[i] : 0.0;
      by_amplitude[i] = all ? p * lengths[i] : 0.0;
      by_exponent[i] = all ? law.amplitude * p * log_times[i] * lengths[i] : 0.0;
      by_offset[i] = all ? lengths[i] : 0.0;
    }
  }
  const auto flows = [&](std::int64_t i) { return power(i) > 0.0; };
  if (exact && flows(0) != flows(count)) {
    std::int64_t i = 0;  // the one interval in which the floor begins or ends to clip
    while (flows(i) == flows(i + 1)) ++i;
    const auto parts = law.integral(m_times[static_cast<std::size_t>(i)], m_times[static_cast<std::size_t>(i + 1)]);
    for (int k = 0; k < 4; ++k) steps[k][i] = parts[static_cast<std::size_t>(k)];
  }
  for (int k = 0; k < (derivatives ? 4 : 1); ++k) steps[k][count] = 0.0;
}

void HomodyneFactors::fill(std::int64_t model, const HomodyneParameters& parameters, bool derivatives,
                           const double* sampled) {
  const HomodyneRecord target = record(model);
  const std::int64_t frames = m_shape.frames;
  double* const steps[4] = {m_steps.data(), m_steps.data() + frames, m_steps.data() + 2 * frames,
                            m_steps.data() + 3 * frames};
  for (int which = 0; which < 2; ++which) {
    const double* p = parameters.data() + 3 * which;
    fill_steps(steps, {p[0], p[1], p[2]}, derivatives);
    for (int part = 0; part < (derivatives ? 4 : 1); ++part)
      accumulate(m_shape, steps[part], target.growth(which, part));
  }
  const HomodyneGrowth s = target.growth(0, 0), g = target.growth(1, 0);
  double *exp_right = target.exp_right(), *exp_left = target.exp_left();
  const double k = decay();
#pragma omp simd
  for (std::int64_t i = 0; i < frames; ++i) {
    exp_right[i] = simd_exp(-k * s.right[i]);
    exp_left[i] = simd_exp(-k * s.left[i]);
  }
  for (int a = 0; a < m_shape.angles; ++a) {
    const HomodyneRecord::Angle angle = target.angle(a);
    const double r = rate(parameters[6], m_setup.angles[static_cast<std::size_t>(a)]);
    angle.origin[0] = r;
#pragma omp simd
    for (std::int64_t i = 0; i < frames; ++i) {
      const SineCosine right = sincos(r * g.right[i]), left = sincos(r * g.left[i]);
      angle.sine_right[i] = right.sine;
      angle.cosine_right[i] = right.cosine;
      angle.sine_left[i] = left.sine;
      angle.cosine_left[i] = left.cosine;
    }
    find_origin(target, a, sampled + a * samples);
  }
}

void HomodyneFactors::find_origin(const HomodyneRecord& record, int angle, const double* sampled) const {
  double* origin = record.angle(angle).origin;
  const double k = decay(), r = origin[0];
  const int power = m_setup.formulas == HomodyneFormulas::exact ? 2 : 4;
  const auto growth_between = [&](int rate, std::int64_t i, std::int64_t j) {
    const HomodyneGrowth g = record.growth(rate, 0);
    return (g.at[j / homodyne_block] + g.right[j]) - (g.at[i / homodyne_block] + g.right[i]);
  };
  double model[samples], mean = 0.0, mean_value = 0.0;
  for (int s = 0; s < samples; ++s) {
    const auto [i, j] = sample(s);
    const double x = r * growth_between(1, i, j), sinc = x != 0.0 ? sincos(x).sine / x : 1.0;
    model[s] = simd_exp(-k * growth_between(0, i, j)) * sinc * sinc * (power == 4 ? sinc * sinc : 1.0);
    mean += model[s] / samples;
    mean_value += sampled[s] / samples;
  }
  double mm = 0.0, mv = 0.0, vv = 0.0;
  for (int s = 0; s < samples; ++s) {
    const double m = model[s] - mean, v = sampled[s] - mean_value;
    mm += m * m;
    mv += m * v;
    vv += v * v;
  }
  // Where the sample is mostly noise its contrast does not help; else its line through the mean of the data, which is
  // 0, gives the mean of the model.
  const bool follows = mv * mv > 0.5 * mm * vv;
  origin[2] = follows ? mv / mm : 0.0;
  origin[1] = follows ? mean - mean_value / origin[2] : mean;
}

}  // namespace ister::core::detail
