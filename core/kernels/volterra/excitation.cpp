#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/volterra/identify.hpp"
#include "core/kernels/volterra/order_separation.hpp"
#include "core/kernels/volterra/real_dft.hpp"

namespace ister::core {
namespace {

constexpr double two_pi = 6.283185307179586476925;

/// The sum of tones of amplitude 1 with random phases, scaled to a largest magnitude of 1.
std::vector<double> tones_of_random_phase(const std::vector<std::int64_t>& tones, const RealDft& dft,
                                          std::uint64_t seed, std::uint32_t draw) {
  const HostArray spectrum = make_host_array(2 * dft.modes()), line = make_host_array(dft.points());
  for (const std::int64_t k : tones) {
    const bool real = k == 0 || 2 * k == dft.points();
    const double phase = real ? 0.0 : two_pi * random_uniforms(seed, {static_cast<std::uint64_t>(k), draw, 0}).first;
    spectrum(2 * k) = std::cos(phase);
    spectrum(2 * k + 1) = std::sin(phase);
  }
  dft.backward(spectrum.data(), line.data());
  std::vector<double> u(line.data(), line.data() + dft.points());
  double largest = 0.0;
  for (const double v : u) largest = std::max(largest, std::abs(v));
  for (double& v : u) v /= largest;
  return u;
}

/// The weakest mode over the root of the mean square, least over the powers of u.
double evenness(const std::vector<double>& u, int orders, const RealDft& dft) {
  const HostArray spectrum = make_host_array(2 * dft.modes()), line = make_host_array(dft.points());
  std::fill_n(line.data(), dft.points(), 1.0);
  double least = 1e300;
  for (int p = 1; p <= orders; ++p) {
    for (std::int64_t n = 0; n < dft.points(); ++n) line(n) *= u[n];
    dft.forward(line.data(), spectrum.data());
    double weakest = 1e300, sum = 0.0;
    for (std::int64_t k = 0; k < dft.modes(); ++k) {
      const double square = spectrum(2 * k) * spectrum(2 * k) + spectrum(2 * k + 1) * spectrum(2 * k + 1);
      weakest = std::min(weakest, square);
      sum += square;
    }
    least = std::min(least, weakest * static_cast<double>(dft.modes()) / sum);
  }
  return least;
}

VolterraExcitation frame(const ExcitationDesign& design, int least_orders) {
  if (design.orders < least_orders || design.orders > VolterraKernel::highest_order)
    throw InputError(fmt::format("excitation: orders up to {}; possible are {} to {}", design.orders, least_orders,
                                 int{VolterraKernel::highest_order}));
  if (design.taps < 1 || design.waveforms < 1 || design.periods < 2 || !(design.amplitude > 0))
    throw InputError(
        fmt::format("excitation: {} taps, {} waveforms, {} measured periods, amplitude {}; at least 1, 1 "
                    "and 2 are needed, and an amplitude above 0",
                    design.taps, design.waveforms, design.periods, design.amplitude));
  VolterraExcitation excitation;
  excitation.orders = design.orders;
  excitation.taps = design.taps;
  excitation.periods = design.periods;
  excitation.levels = amplitude_levels(design.orders / 2 + 1, design.amplitude);
  return excitation;
}

/// Tones on a circle of `period` bins, near (i + 1/2) / count of half of it, such that no two pairs have the same sum
/// or difference, up to sign and whole turns. Fewer than `count` where the circle is too small.
std::vector<std::int64_t> sidon_tones(std::int64_t count, std::int64_t period) {
  std::vector<bool> used(static_cast<std::size_t>(period), false);
  used[0] = used[static_cast<std::size_t>(period / 2)] = true;
  std::vector<std::int64_t> tones;
  const auto add = [&](std::int64_t k) {
    std::vector<std::int64_t> marked;
    const auto mark = [&](std::int64_t sum) {
      const std::int64_t s = ((sum % period) + period) % period;
      if (used[s]) return false;
      used[s] = used[period - s] = true;
      marked.push_back(s);
      return true;
    };
    bool fits = mark(2 * k);
    for (const std::int64_t other : tones) fits = fits && mark(k + other) && mark(k - other);
    if (fits)
      tones.push_back(k);
    else
      for (const std::int64_t s : marked) used[s] = used[period - s] = false;
    return fits;
  };
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t target = (2 * i + 1) * period / (4 * count), reach = period / (8 * count);
    bool found = false;
    for (std::int64_t shift = 0; shift <= reach && !found; ++shift) found = add(target + shift) || add(target - shift);
    if (!found) break;
  }
  return tones;
}

}  // namespace

std::int64_t VolterraExcitation::records() const {
  return static_cast<std::int64_t>(waveforms.size()) / period * 2 * static_cast<std::int64_t>(levels.size());
}

std::vector<double> VolterraExcitation::input() const {
  std::vector<double> x;
  x.reserve(static_cast<std::size_t>(records() * samples()));
  for (auto waveform = waveforms.begin(); waveform != waveforms.end(); waveform += period)
    for (const double sign : {1.0, -1.0})
      for (const double level : levels)
        for (std::int64_t repeat = 0; repeat <= periods; ++repeat)
          std::transform(waveform, waveform + period, std::back_inserter(x),
                         [=](double u) { return sign * level * u; });
  return x;
}

void VolterraExcitation::check() const {
  if (orders < 1 || orders > VolterraKernel::highest_order || taps < 1 || period < 2 * taps || periods < 2)
    throw InputError(
        fmt::format("excitation: orders up to {}, {} taps, {} periods of {} samples; possible are orders "
                    "up to {}, at least 2 periods, and of at least twice the taps",
                    orders, taps, periods, period, int{VolterraKernel::highest_order}));
  if (waveforms.empty() || static_cast<std::int64_t>(waveforms.size()) % period != 0)
    throw InputError(
        fmt::format("excitation: {} samples of waveforms are not whole periods of {}", waveforms.size(), period));
}

VolterraExcitation multisine_excitation(const ExcitationDesign& design) {
  constexpr std::uint32_t draws = 50;
  VolterraExcitation excitation = frame(design, 1);
  excitation.period = fast_length(4 * design.taps, 16);
  const RealDft dft(excitation.period, FFTW_ESTIMATE);
  std::vector<std::int64_t> all;
  for (std::int64_t k = 0; k < dft.modes(); ++k) all.push_back(k);
  for (std::uint32_t w = 0; w < design.waveforms; ++w) {
    std::vector<double> best;
    double best_evenness = -1.0;
    for (std::uint32_t draw = 0; draw < draws; ++draw) {
      std::vector<double> u = tones_of_random_phase(all, dft, design.seed, w * draws + draw);
      const double even = evenness(u, design.orders, dft);
      if (even <= best_evenness) continue;
      best_evenness = even;
      best = std::move(u);
    }
    excitation.waveforms.insert(excitation.waveforms.end(), best.begin(), best.end());
  }
  return excitation;
}

VolterraExcitation second_order_excitation(const ExcitationDesign& design) {
  constexpr std::int64_t most_taps = 256;  // the period grows like their cube
  if (design.taps > most_taps)
    throw InputError(fmt::format("excitation: {} taps; tones for full second-order kernels go up to {} taps",
                                 design.taps, most_taps));
  VolterraExcitation excitation = frame(design, 2);
  // 2 count points of H2 along each axis for `taps` unknowns; the rest makes up for H2(w, -w), which no line shows.
  const std::int64_t count = 3 * design.taps / 4 + 2;
  for (excitation.period = fast_length(8 * count * count, 16);;
       excitation.period = fast_length(excitation.period * 5 / 4, 16)) {
    excitation.tones = sidon_tones(count, excitation.period);
    if (static_cast<std::int64_t>(excitation.tones.size()) == count) break;
  }
  excitation.waveforms =
      tones_of_random_phase(excitation.tones, RealDft(excitation.period, FFTW_ESTIMATE), design.seed, 0);
  return excitation;
}

std::vector<double> uniform_excitation(std::int64_t samples, double amplitude, std::uint64_t seed) {
  std::vector<double> x;
  for (std::int64_t n = 0; n < samples; ++n)
    x.push_back(amplitude * (2.0 * random_uniforms(seed, {static_cast<std::uint64_t>(n), 0, 0}).first - 1.0));
  return x;
}

}  // namespace ister::core
