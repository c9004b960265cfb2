#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/kernels/thresholds.hpp"

namespace ister::core {

/// A nonlinear response with memory:
///   y[n] = sum_p sum_i h_p[i] x[n-i]^p + sum_i sum_j h2[i][j] x[n-i] x[n-j],  i, j = 0 .. taps-1.
struct VolterraKernel {
  static constexpr int highest_order = 5;

  std::int64_t taps = 0;
  std::vector<std::vector<double>> orders;  ///< orders[p-1] = h_p, each of `taps` values or none; up to highest_order
  std::vector<double> second;               ///< symmetric h2, taps x taps row by row, or none

  /// InputError where sizes do not fit, a value is not finite (with its index), or h2 is not symmetric.
  void check() const;
};

enum class VolterraEngine {
  automatic,  ///< the faster one by the sizes
  direct,     ///< sums as they stand
  fft         ///< partitioned overlap-save
};

class VolterraConvolver;

/// Applies a kernel to many channels, block by block; what the next block needs of the past is kept. Before the first
/// block x is zero. Samples go out as they come in, with no delay, and the answer depends neither on how a record is
/// cut into blocks (to 1e-14 of its maximum) nor on the number of threads (bitwise). Works on host memory, with one
/// host thread a channel.
class Volterra {
 public:
  /// `block`: the usual number of samples in a call of apply, which transforms are sized for; others work as well.
  /// InputError for a kernel that does not pass check(), or no channels or samples.
  Volterra(const VolterraKernel& kernel, std::int64_t channels, std::int64_t block,
           VolterraEngine engine = VolterraEngine::automatic, const Thresholds& thresholds = {});
  ~Volterra();
  Volterra(Volterra&&) noexcept;
  Volterra& operator=(Volterra&&) noexcept;

  /// The next `samples` of every channel: y and x are channels x samples, rows `stride` apart; y may be x. Allocates
  /// nothing. InputError with the index of a sample that is not finite; then nothing has happened.
  void apply(const double* x, double* y, std::int64_t samples, std::int64_t stride);
  /// Back to a past of zeros.
  void reset();
  /// The engine in use, never `automatic`.
  [[nodiscard]] VolterraEngine engine() const { return m_engine; }

 private:
  VolterraEngine m_engine;
  std::unique_ptr<VolterraConvolver> m_convolver;
};

}  // namespace ister::core
