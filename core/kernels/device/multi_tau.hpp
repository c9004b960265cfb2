#pragma once
#include <vector>

#include "core/kernels/correlation/multi_tau_lags.hpp"
#include "core/kernels/device/launch.hpp"

namespace ister::core::device {

/// What a multi-tau correlator keeps of its series, which lie side by side. Frames count from the first one there is;
/// missing ones are NaN.
template <class Scalar>
struct MultiTauState {
  MultiTauState(std::int64_t series, const MultiTauShape& shape, std::int64_t lags);

  Rows<Scalar> recent;                 ///< (level and slot, series): the last `channels` frames of x
  Rows<Scalar> pending_x, pending_y;   ///< (level, series): first halves of the frames of the level above
  Rows<Scalar> products, left, right;  ///< (lag, series): sums over the pairs
  Values<Scalar> x_origin, y_origin;   ///< the first frame
  Values<Scalar> x_sum, y_sum;         ///< over the frames that are there
  Values<double> x_squares, y_squares;
};

/// core::MultiTau of frames on arrays where kernels run: one work item for each series. Which frames were there is
/// known on the host. Scalar is double or Kokkos::complex<double>.
template <class Scalar>
class MultiTau {
 public:
  /// InputError unless there are series and levels, and an even number of channels from 2 on.
  MultiTau(std::int64_t series, int channels, int levels);

  /// Takes the next frame of all series: `series` values each; y may be x. Allocates nothing. InputError for arrays of
  /// another size, and one that names frame and series where a value is not finite; the frame is then not taken.
  void push(const Values<const Scalar>& x, const Values<const Scalar>& y);
  /// The next frame is missing. Means over frames of which one is missing are missing, too.
  void push_missing();

  [[nodiscard]] std::int64_t frames() const { return m_lags.frames(); }
  /// All lags in frames, ascending, those beyond the record included.
  [[nodiscard]] const std::vector<std::int64_t>& lags() const { return m_lags.lags(); }
  /// Pairs that each lag has seen.
  [[nodiscard]] const std::vector<double>& pairs() const { return m_lags.pairs(); }

  /// Correlations of all lags, (lag, series), as core::MultiTau defines them. Allocates nothing. InputError for an
  /// array of another shape, and one that names the series which is constant where normalised.
  void result(Normalisation normalisation, const Rows<Scalar>& values) const;

 private:
  void take(const Values<const Scalar>& x, const Values<const Scalar>& y, bool present);

  std::int64_t m_series;
  MultiTauLags m_lags;
  MultiTauState<Scalar> m_state;
  Rows<double> m_lag_factors;  ///< pairs and weights of a result, by lag
  Kokkos::View<double**, Kokkos::LayoutRight, Kokkos::HostSpace> m_lag_factors_h;
};

extern template class MultiTau<double>;
extern template class MultiTau<Kokkos::complex<double>>;

}  // namespace ister::core::device
