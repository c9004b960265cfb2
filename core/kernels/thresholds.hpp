#pragma once
#include <cstdint>

namespace ister::core {

/// Sizes from which on one algorithm is faster than another, as `ister bench tune` measures them on a machine. They
/// decide about speed only: every algorithm of a kernel gives the same answer.
struct Thresholds {
  std::int64_t correlation_fft_from = 128;      ///< points of a record
  std::int64_t volterra_fft_from = 24;          ///< taps of a kernel
  std::int64_t angles_vector_from = 32;         ///< angles
  std::int64_t angles_parallel_from = 1 << 17;  ///< angles

  /// Calls f(name, value) for each.
  template <class Self, class Function>
  static void visit(Self& self, const Function& f) {
    f("correlation_fft_from", self.correlation_fft_from);
    f("volterra_fft_from", self.volterra_fft_from);
    f("angles_vector_from", self.angles_vector_from);
    f("angles_parallel_from", self.angles_parallel_from);
  }
};

}  // namespace ister::core
