#include <string>

#include "core/kernels/device/launch.hpp"
#include "core/kernels/device/volterra_filter.hpp"

namespace ister::core::device {
namespace {

struct Branch {
  VolterraInput input;
  std::int64_t first, taps;  ///< where its taps begin, and how many there are
};

/// y[n] = sum over branches of sum_i h[i] w[n-i].
struct DirectSum {
  VolterraBlock block;
  const Branch* branches;
  const double* taps;
  std::int64_t branch_count, past;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t item) const {
    const std::int64_t c = item / block.count, n = item % block.count;
    const double* newest = block.lines + c * block.pitch + past + n;
    double y = 0.0;
    for (std::int64_t b = 0; b < branch_count; ++b) {
      const Branch branch = branches[b];
      const double* h = taps + branch.first;
      double sum = 0.0;
      for (std::int64_t i = 0; i < branch.taps; ++i) sum += h[i] * branch.input(newest - i);
      y += sum;
    }
    block.y[c * block.stride + n] = y;
  }
};

class DirectSums : public VolterraFilter {
 public:
  DirectSums(const std::vector<VolterraBranch>& branches, std::int64_t taps, std::int64_t channels)
      : m_past(taps - 1), m_channels(channels) {
    std::vector<Branch> placed;
    std::vector<double> values;
    for (const VolterraBranch& branch : branches) {
      placed.push_back({{branch.power, branch.lag},
                        static_cast<std::int64_t>(values.size()),
                        static_cast<std::int64_t>(branch.taps.size())});
      values.insert(values.end(), branch.taps.begin(), branch.taps.end());
    }
    m_branches = array_of(placed);
    m_taps = array_of(values);
  }

  void apply(const VolterraBlock& block) const override {
    static const std::string label = "volterra sums";
    Kokkos::parallel_for(
        label, items(m_channels * block.count),
        DirectSum{block, m_branches.data(), m_taps.data(), static_cast<std::int64_t>(m_branches.size()), m_past});
  }

 private:
  std::int64_t m_past, m_channels;
  Values<Branch> m_branches;
  DeviceArray m_taps;
};

}  // namespace

std::unique_ptr<VolterraFilter> make_direct_sums(const std::vector<VolterraBranch>& branches, std::int64_t taps,
                                                 std::int64_t channels) {
  return std::make_unique<DirectSums>(branches, taps, channels);
}

}  // namespace ister::core::device
