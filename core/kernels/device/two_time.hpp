#pragma once
#include <vector>

#include "core/kernels/correlation/mode_frames.hpp"
#include "core/kernels/device/lagged_correlation.hpp"

namespace ister::core::device {

/// core::ModeRecord on arrays where kernels run.
class ModeRecord : public ModeFrames {
 public:
  /// Room for `frames` frames. One weight per mode: 0 masks it, 2 lets it stand for a_-k = conj(a_k) as well.
  /// InputError without frames or modes, and for weights that are negative, not finite, or all zero.
  ModeRecord(std::int64_t frames, std::vector<double> weights);

  /// Takes the next frame, one value per mode; allocates nothing. InputError for an array of another size, when all
  /// frames are taken, and where the value of a mode that is not masked is not finite; it names frame and mode.
  void push(const Values<const Kokkos::complex<double>>& modes);
  /// The next frame is missing.
  void push_missing();

  /// (mode, frame), as wide as the room there is: zero where a mode is masked, NaN where a frame is missing.
  [[nodiscard]] Rows<const Kokkos::complex<double>> values() const { return m_values; }
  /// Of the modes.
  [[nodiscard]] Values<const double> kernel_weights() const { return m_kernel_weights; }

 private:
  Rows<Kokkos::complex<double>> m_values;
  DeviceArray m_kernel_weights;
};

/// core::TwoTimeCorrelation on arrays where kernels run: one work item for each pair of frames t2 <= t1.
class TwoTimeCorrelation {
 public:
  /// For records of up to `frames` frames. InputError where there are none.
  explicit TwoTimeCorrelation(std::int64_t frames);

  /// C2(t1, t2) = <I(t1) I(t2)>/(<I(t1)> <I(t2)>), I = |a_k|^2; (n, n) with n = record.frames(), NaN for missing
  /// frames. Allocates nothing; one call at a time. InputError for an array of another shape, a record of more frames
  /// than there is room for, and a frame without any intensity.
  void intensity(const ModeRecord& record, const Rows<double>& c2) const;
  /// F(t1, t2) = <a_k(t1)* a_k(t2)>, also (n, n).
  void amplitude(const ModeRecord& record, const Rows<Kokkos::complex<double>>& f) const;

 private:
  std::int64_t m_room;
  RowSums<double> m_add;
  DeviceArray m_sums;  ///< of weighted intensities, by frame
};

/// core::ScatteringFunction on arrays where kernels run: many modes are correlated at once, and added in order.
class ScatteringFunction {
 public:
  /// For records with the same frames present. `thresholds` and `engine` as in CorrelationOptions.
  explicit ScatteringFunction(const std::vector<bool>& present, CorrelationEngine engine = CorrelationEngine::automatic,
                              const Thresholds& thresholds = {});

  /// F(tau), tau = 0 .. frames - 1; NaN where no two frames are that far apart. Its real part, which is all of it where
  /// a bin holds -k with every k. Allocates nothing; one call at a time. InputError for an array of another size and
  /// for a record with other frames.
  void apply(const ModeRecord& record, const Values<double>& f) const;

 private:
  LaggedCorrelation<Kokkos::complex<double>> m_correlation;
  std::vector<bool> m_present;
  Rows<Kokkos::complex<double>> m_correlated;  ///< (a few modes, lag)
};

}  // namespace ister::core::device
