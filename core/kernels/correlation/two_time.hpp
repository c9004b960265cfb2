#pragma once
#include <complex>
#include <cstdint>
#include <vector>

#include "core/kernels/correlation/correlation.hpp"
#include "core/kernels/correlation/mode_frames.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// The Fourier modes a_k of one bin of wavevectors, frame by frame: all that correlations of the bin need to keep. On
/// arrays where kernels run: device::ModeRecord and its correlations.
class ModeRecord : public ModeFrames {
 public:
  /// Room for `frames` frames. One weight per mode: 0 masks it, 2 lets it stand for a_-k = conj(a_k) as well.
  /// InputError without frames or modes, and for weights that are negative, not finite, or all zero.
  ModeRecord(std::int64_t frames, std::vector<double> weights);

  /// Takes the next frame, one value per mode; allocates nothing. InputError when all frames are taken, and where the
  /// value of a mode that is not masked is not finite; it names frame and mode.
  void push(const std::complex<double>* modes);
  /// The next frame is missing.
  void push_missing();

  /// Modes of a frame, those that are masked zero.
  [[nodiscard]] const std::complex<double>* frame(std::int64_t t) const { return m_values.data() + t * modes(); }

 private:
  std::vector<std::complex<double>> m_values;  ///< (frame, mode)
};

/// Correlations of all pairs of frames of a bin, <> being the weighted mean over its modes: Hermitian rank-K updates of
/// matrices of frames by a few modes at a time, on all threads.
class TwoTimeCorrelation {
 public:
  /// For records of up to `frames` frames.
  explicit TwoTimeCorrelation(std::int64_t frames);

  /// C2(t1, t2) = <I(t1) I(t2)>/(<I(t1)> <I(t2)>), I = |a_k|^2; (n, n) with n = record.frames(), NaN for missing
  /// frames. Allocates nothing; one call at a time. InputError for a frame without any intensity.
  void intensity(const ModeRecord& record, double* c2);
  /// F(t1, t2) = <a_k(t1)* a_k(t2)>, also (n, n).
  void amplitude(const ModeRecord& record, std::complex<double>* f);

 private:
  template <class Fill, class Add>
  void for_each_block(const ModeRecord& record, const Fill& fill, const Add& add);

  std::int64_t m_room;
  HostArray m_first, m_second;  ///< (frame, a few modes)
  HostArray m_sums, m_sums_im;  ///< (frame, frame), lower triangle
};

/// Intermediate scattering function F(tau) = <a_k(t + tau) a_k(t)*> of stationary records, the mean over the modes of a
/// bin and all t: by correlation of each mode (Wiener-Khinchin). Equal to the means over the diagonals of
/// TwoTimeCorrelation::amplitude, at less cost.
class ScatteringFunction {
 public:
  /// For records with the same frames present. `thresholds` and `engine` as in CorrelationOptions.
  explicit ScatteringFunction(const std::vector<bool>& present, CorrelationEngine engine = CorrelationEngine::automatic,
                              const Thresholds& thresholds = {});

  /// F(tau), tau = 0 .. frames - 1; NaN where no two frames are that far apart. Its real part, which is all of it where
  /// a bin holds -k with every k. Allocates nothing; one call at a time.
  void apply(const ModeRecord& record, double* f);

 private:
  LaggedCorrelation<std::complex<double>> m_correlation;
  std::vector<bool> m_present;
  std::vector<std::complex<double>> m_series, m_correlated;  ///< (a few modes, frame)
};

/// The Siegert relation: g2 = 1 + beta |f|^2 of the normalised f = F(tau)/F(0) and the contrast beta.
inline double siegert(double contrast, double f) { return 1.0 + contrast * f * f; }

}  // namespace ister::core
