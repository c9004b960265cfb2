#pragma once
#include <memory>
#include <vector>

#include "core/kernels/volterra/branches.hpp"
#include "core/parallel/execution.hpp"

// What device::Volterra and its engines share.
namespace ister::core::device {

/// New samples of every channel and those before them that the kernel reads, and where the response goes to.
struct VolterraBlock {
  const double* lines;  ///< of channel 0: taps - 1 past samples, then the new ones
  std::int64_t pitch;   ///< from one channel's to the next
  std::int64_t count;   ///< of new ones
  double* y;
  std::int64_t stride;
};

/// w[n] = x[n] x[n-lag]^(power-1), which a VolterraBranch filters.
struct VolterraInput {
  int power;
  std::int64_t lag;

  KOKKOS_INLINE_FUNCTION double operator()(const double* x) const {
    double w = *x;
    for (int p = 1; p < power; ++p) w *= x[-lag];
    return w;
  }
};

/// An engine.
class VolterraFilter {
 public:
  VolterraFilter() = default;
  virtual ~VolterraFilter() = default;
  VolterraFilter(const VolterraFilter&) = delete;
  VolterraFilter& operator=(const VolterraFilter&) = delete;

  virtual void apply(const VolterraBlock& block) const = 0;
};

std::unique_ptr<VolterraFilter> make_direct_sums(const std::vector<VolterraBranch>& branches, std::int64_t taps,
                                                 std::int64_t channels);
/// For blocks of up to `block` new samples.
std::unique_ptr<VolterraFilter> make_overlap_save(const std::vector<VolterraBranch>& branches, std::int64_t taps,
                                                  std::int64_t channels, std::int64_t block);

}  // namespace ister::core::device
