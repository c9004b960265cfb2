#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "core/kernels/volterra/certificate.hpp"
#include "core/kernels/volterra/volterra.hpp"

namespace ister::core {

/// Periodic records that identify a kernel: every waveform at +a and -a for every level a.
struct VolterraExcitation {
  int orders = 0;                   ///< highest order of the system
  std::int64_t taps = 0;            ///< of its kernels
  std::int64_t period = 0;          ///< in samples
  std::int64_t periods = 0;         ///< measured ones; one more comes first, in which the system settles
  std::vector<double> levels;       ///< amplitudes
  std::vector<double> waveforms;    ///< one period of each, largest magnitude 1; waveforms x period
  std::vector<std::int64_t> tones;  ///< bins of a waveform made of few tones (second order only)

  [[nodiscard]] std::int64_t records() const;
  [[nodiscard]] std::int64_t samples() const { return (1 + periods) * period; }
  /// What to drive the system with, records x samples. Records of a waveform follow each other: at all +a, then at
  /// all -a.
  [[nodiscard]] std::vector<double> input() const;
  /// InputError where sizes do not fit together.
  void check() const;
};

/// What both kinds of excitation are made from.
struct ExcitationDesign {
  int orders = 5;
  std::int64_t taps = 64;
  double amplitude = 1.0;      ///< largest magnitude of the input
  std::int64_t waveforms = 4;  ///< multisine only
  std::int64_t periods = 2;    ///< measured ones, at least 2: their differences are the noise
  std::uint64_t seed = 1;
};

/// A kernel as a measurement gives it.
struct VolterraEstimate {
  VolterraKernel kernel;
  double offset = 0;                        ///< constant part of the response
  double noise = 0;                         ///< standard deviation of a sample of y
  std::vector<std::vector<double>> errors;  ///< standard deviations of kernel.orders from white noise
  std::vector<double> second_error;         ///< of kernel.second
  VolterraCertificate certificate;
};

/// Full-band random-phase multisines, of several draws those whose powers up to `orders` leave no bin weak.
VolterraExcitation multisine_excitation(const ExcitationDesign& design);
/// h_1 .. h_orders of a system without mixed products, from its response y (records x samples) to
/// multisine_excitation: DFT(z_p) / DFT(u^p) over all waveforms by least squares. InputError with the index of a y that
/// is not finite, or where a power of the waveforms does not reach a bin.
VolterraEstimate identify_multisine(const VolterraExcitation& excitation, const std::vector<double>& y);

/// Few tones, evenly spread but for small shifts that keep the sums and differences of any two apart (a Sidon set).
/// The period grows like the cube of the taps; InputError above 256.
VolterraExcitation second_order_excitation(const ExcitationDesign& design);
/// h_1 and the full h2 of a system of any kind up to `orders` from its response to second_order_excitation: lines at
/// sums and differences of tones are H2(w1, +-w2) = sum h2[i][j] exp(-i (w1 i +- w2 j)), where h2 follows by least
/// squares. What h_1 and h2 cannot tell apart in such a system is in h2: its diagonal contains h_2. InputError as
/// above.
VolterraEstimate identify_second_order(const VolterraExcitation& excitation, const std::vector<double>& y);

/// Independent numbers, uniform in [-amplitude, amplitude]: a record for least squares.
std::vector<double> uniform_excitation(std::int64_t samples, double amplitude, std::uint64_t seed);
/// h_1 .. h_orders from any records x and y (records x samples), each with a past of its own that is not known: least
/// squares by QR in polynomials orthogonal on the values of x. InputError with the index of a number that is not
/// finite, for records too short, and where x does not determine the kernel. `progress` hears of every sample that is
/// taken in, which is most of the work.
VolterraEstimate identify_least_squares(const std::vector<double>& x, const std::vector<double>& y,
                                        std::int64_t records, int orders, std::int64_t taps,
                                        const std::function<void(std::int64_t sample)>& progress = {});

}  // namespace ister::core
