#pragma once
#include <complex>
#include <cstdint>
#include <vector>

#include "core/kernels/correlation/multi_tau_lags.hpp"

namespace ister::core {

/// Multi-tau correlator: lagged correlations of records that arrive frame by frame, at lags that grow by powers of two,
/// in memory of a few frames per octave. Level l looks at means over 2^l frames, at lags j 2^l: j = 0 .. p-1 at level
/// 0, p/2 .. p-1 above, with p channels. At level 0 the result is that of LaggedCorrelation; above it is that of the
/// averaged frames. Several series side by side are correlated each with its partner. Scalar is double or
/// std::complex<double>. On arrays where kernels run: device::MultiTau.
template <class Scalar>
class MultiTau {
 public:
  /// InputError unless there are series and levels, and an even number of channels from 2 on.
  MultiTau(std::int64_t series, int channels, int levels);

  /// Takes the next frame of all series: `series` values each; y may be x. Allocates nothing. InputError that names
  /// frame and series where a value is not finite; the frame is then not taken.
  void push(const Scalar* x, const Scalar* y);
  /// The next frame is missing. Means over frames of which one is missing are missing, too.
  void push_missing();

  [[nodiscard]] std::int64_t frames() const { return m_lags.frames(); }
  /// All lags in frames, ascending, those beyond the record included.
  [[nodiscard]] const std::vector<std::int64_t>& lags() const { return m_lags.lags(); }
  /// Pairs that each lag has seen.
  [[nodiscard]] const std::vector<double>& pairs() const { return m_lags.pairs(); }

  /// Correlations of all lags, (lags, series). With m the mean of products over the pairs of lag k, unbiased is m;
  /// normalised has means removed in m and is m (1 - k/N)/(sigma_x sigma_y); both are NaN where a lag has no pair. Raw
  /// is the sum over the pairs, each counting as the 2^l pairs of frames that it stands for. InputError that names the
  /// series which is constant where normalised.
  void result(Normalisation normalisation, Scalar* values) const;

 private:
  /// One of the sequences of averaged frames.
  struct Level {
    std::vector<Scalar> x;                     ///< the last `channels` frames, (slot, series)
    std::vector<Scalar> pending_x, pending_y;  ///< the first half of the next level's frame
  };

  void take(int level, const Scalar* x, const Scalar* y);
  void add_pair(std::int64_t lag, const Scalar* x, const Scalar* y);

  std::int64_t m_series;
  MultiTauLags m_lags;
  std::vector<Level> m_levels;
  /// Values count from the first frame there is, which keeps small what is summed where records hardly change.
  std::vector<Scalar> m_x_origin, m_y_origin;
  std::vector<Scalar> m_products, m_left, m_right;  ///< sums over the pairs of each lag, (lag, series)
  std::vector<Scalar> m_x_sum, m_y_sum;             ///< over the frames that are there
  std::vector<double> m_x_squares, m_y_squares;
  std::vector<Scalar> m_x, m_y;  ///< the frame relative to the origins
};

extern template class MultiTau<double>;
extern template class MultiTau<std::complex<double>>;

}  // namespace ister::core
