#include "core/kernels/device/two_time.hpp"

#include <limits>

namespace ister::core::device {
namespace {

using Complex = Kokkos::complex<double>;

constexpr std::int64_t series_block = 64;  ///< modes correlated at once

struct IsBadMode {
  const Complex* values;
  const double* weights;
  KOKKOS_FUNCTION bool operator()(std::int64_t k) const { return weights[k] != 0 && !is_finite(values[k]); }
};

struct TakeModes {
  const Complex* values;
  const double* weights;
  std::int64_t frame;
  Rows<Complex> record;
  KOKKOS_FUNCTION void operator()(std::int64_t k) const { record(k, frame) = weights[k] != 0 ? values[k] : Complex{}; }
};

/// The modes of a record, and sums over them.
struct Bin {
  Rows<const Complex> values;
  const double* weights;
  std::int64_t modes;

  explicit Bin(const ModeRecord& record)
      : values(record.values()), weights(record.kernel_weights().data()), modes(record.modes()) {}

  KOKKOS_FUNCTION double intensity(std::int64_t k, std::int64_t t) const { return squared_modulus(values(k, t)); }
};

struct WeightedIntensity {
  Bin bin;
  KOKKOS_FUNCTION double operator()(std::int64_t t, std::int64_t k) const {
    return bin.weights[k] * bin.intensity(k, t);
  }
};

/// Of frames that are there.
struct IsDark {
  const double* sums;
  KOKKOS_FUNCTION bool operator()(std::int64_t t) const { return sums[t] <= 0; }
};

struct IntensityPair {
  Bin bin;
  double total_weight;
  const double* sums;
  Rows<double> c2;

  KOKKOS_FUNCTION void operator()(std::int64_t i, std::int64_t j) const {
    if (j > i) return;
    double sum = 0;
    for (std::int64_t k = 0; k < bin.modes; ++k) sum += bin.weights[k] * (bin.intensity(k, i) * bin.intensity(k, j));
    c2(i, j) = c2(j, i) = sum / (sums[i] / total_weight) / sums[j];
  }
};

struct AmplitudePair {
  Bin bin;
  double total_weight;
  Rows<Complex> f;

  KOKKOS_FUNCTION void operator()(std::int64_t i, std::int64_t j) const {
    if (j > i) return;
    Complex sum;
    for (std::int64_t k = 0; k < bin.modes; ++k) sum += bin.weights[k] * conj_times(bin.values(k, i), bin.values(k, j));
    const Complex mean = sum / total_weight;
    f(i, j) = mean;
    f(j, i) = Kokkos::conj(mean);
  }
};

/// Adds a few modes, one after the other.
struct AddModes {
  Rows<Complex> correlated;
  const double* weights;
  std::int64_t modes;
  double total_weight;
  bool first;  ///< nothing is there yet
  double* f;

  KOKKOS_FUNCTION void operator()(std::int64_t tau) const {
    double sum = first ? 0.0 : f[tau];
    for (std::int64_t k = 0; k < modes; ++k) sum += weights[k] / total_weight * correlated(k, tau).real();
    f[tau] = sum;
  }
};

}  // namespace

ModeRecord::ModeRecord(std::int64_t frames, std::vector<double> weights)
    : ModeFrames(frames, std::move(weights)),
      m_values("modes", modes(), frames),
      m_kernel_weights(array_of(this->weights())) {
  constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
  Kokkos::deep_copy(m_values, Complex(no_value, no_value));
}

void ModeRecord::push(const Values<const Complex>& values) {
  static const std::string check = "bad modes", label = "take modes";
  if (static_cast<std::int64_t>(values.size()) != modes())
    throw InputError("a frame of " + std::to_string(values.size()) + " values for " + std::to_string(modes()) +
                     " modes");
  expect_room();
  const double* kernel_weights = m_kernel_weights.data();
  const std::int64_t bad = first_where(check, modes(), IsBadMode{values.data(), kernel_weights});
  if (bad < modes()) refuse_mode(bad);
  Kokkos::parallel_for(label, items(modes()), TakeModes{values.data(), kernel_weights, frames(), m_values});
  take(true);
}

void ModeRecord::push_missing() {
  expect_room();
  take(false);
}

TwoTimeCorrelation::TwoTimeCorrelation(std::int64_t frames)
    : m_room(frames > 0 ? frames : throw InputError("a two-time correlation without any frame")),
      m_add(frames),
      m_sums("intensities", frames) {}

void TwoTimeCorrelation::intensity(const ModeRecord& record, const Rows<double>& c2) const {
  static const std::string check = "dark frames", label = "two-time intensity";
  record.expect_at_most(m_room);
  const std::int64_t n = record.frames();
  expect_shape("the correlation", c2, n, n);
  const Bin bin(record);
  m_add.apply(n, record.modes(), WeightedIntensity{bin}, m_sums.data());
  const std::int64_t dark = first_where(check, n, IsDark{m_sums.data()});
  if (dark < n) ModeFrames::refuse_dark(dark);
  for_each_entry(label, n, n, IntensityPair{bin, record.total_weight(), m_sums.data(), c2});
}

void TwoTimeCorrelation::amplitude(const ModeRecord& record, const Rows<Complex>& f) const {
  static const std::string label = "two-time amplitude";
  record.expect_at_most(m_room);
  const std::int64_t n = record.frames();
  expect_shape("the correlation", f, n, n);
  for_each_entry(label, n, n, AmplitudePair{Bin(record), record.total_weight(), f});
}

ScatteringFunction::ScatteringFunction(const std::vector<bool>& present, CorrelationEngine engine,
                                       const Thresholds& thresholds)
    : m_correlation(static_cast<std::int64_t>(present.size()), series_block,
                    {Normalisation::unbiased, engine, present, thresholds}),
      m_present(present),
      m_correlated("correlated modes", series_block, present.size()) {}

void ScatteringFunction::apply(const ModeRecord& record, const Values<double>& f) const {
  static const std::string label = "add modes";
  const std::int64_t n = m_correlation.points();
  if (record.present() != m_present) throw InputError("a record whose frames are not those that were announced");
  if (static_cast<std::int64_t>(f.size()) != n)
    throw InputError("a scattering function of " + std::to_string(f.size()) + " values for " + std::to_string(n) +
                     " frames");
  for (std::int64_t k0 = 0; k0 < record.modes(); k0 += series_block) {
    const std::int64_t modes = std::min(series_block, record.modes() - k0);
    const Rows<const Complex> series(record.values().data() + k0 * n, modes, n);
    const Rows<Complex> correlated(m_correlated.data(), modes, n);
    m_correlation.apply(series, series, correlated);
    Kokkos::parallel_for(
        label, items(n),
        AddModes{correlated, record.kernel_weights().data() + k0, modes, record.total_weight(), k0 == 0, f.data()});
  }
}

}  // namespace ister::core::device
