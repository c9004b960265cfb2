#include <array>

#include "core/grid/array_pool.hpp"
#include "core/kernels/volterra/convolver.hpp"

namespace ister::core {
namespace {

/// y[n] += sum_i h[i] w[n-i] for samples from `from` on, the sums of `width` of them at a time in registers; returns
/// the first sample that is left over. Each sum runs over the taps in order, whatever the width.
template <int width>
std::int64_t add_filtered(const std::vector<double>& h, const double* w, std::int64_t from, std::int64_t count,
                          double* y) {
  for (; from + width <= count; from += width) {
    std::array<double, width> sum{};
    const double* newest = w + from;
    for (const double tap : h) {
#pragma omp simd
      for (int l = 0; l < width; ++l) sum[l] += tap * newest[l];
      --newest;
    }
    for (int l = 0; l < width; ++l) y[from + l] += sum[l];
  }
  return from;
}

class DirectSums : public VolterraConvolver {
 public:
  DirectSums(std::vector<VolterraBranch> branches, std::int64_t taps, std::int64_t channels, std::int64_t block)
      : VolterraConvolver(channels, block, 2 * (taps - 1)),
        m_branches(std::move(branches)),
        m_reach(taps - 1),
        m_pitch(cache_lines(m_reach + block)),
        m_work(make_host_array(thread_count() * m_pitch)) {}

 protected:
  void filter(std::int64_t, std::int64_t, const double* x, std::int64_t from, std::int64_t to, double* y) override {
    const ThreadToken thread;
    double* w = m_work.data() + thread.value() * m_pitch;
    const std::int64_t count = to - from;
    VolterraInputs inputs(x + from - m_reach, m_reach + count, w);
    std::fill_n(y, count, 0.0);
    for (const VolterraBranch& branch : m_branches) {
      inputs.advance_to(branch);
      std::int64_t n = add_filtered<64>(branch.taps, w + m_reach, 0, count, y);
      n = add_filtered<8>(branch.taps, w + m_reach, n, count, y);
      add_filtered<1>(branch.taps, w + m_reach, n, count, y);
    }
  }

 private:
  std::vector<VolterraBranch> m_branches;
  std::int64_t m_reach;  ///< samples before the first that filters read
  std::int64_t m_pitch;
  HostArray m_work;  ///< of each thread
};

}  // namespace

std::unique_ptr<VolterraConvolver> make_direct_sums(std::vector<VolterraBranch> branches, std::int64_t taps,
                                                    std::int64_t channels, std::int64_t block) {
  return std::make_unique<DirectSums>(std::move(branches), taps, channels, block);
}

}  // namespace ister::core
