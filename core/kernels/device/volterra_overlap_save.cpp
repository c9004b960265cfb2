#include <algorithm>
#include <string>

#include "core/kernels/device/batch_fft.hpp"
#include "core/kernels/device/launch.hpp"
#include "core/kernels/device/volterra_filter.hpp"
#include "core/spectral/line_transform.hpp"

namespace ister::core::device {
namespace {

using Complex = Kokkos::complex<double>;

/// The inputs of some branches as lines to be transformed: branches x channels x length, zeros behind the samples.
struct BranchLines {
  VolterraBlock block;
  const VolterraInput* inputs;
  std::int64_t count, channels, length, past;
  Complex* lines;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t line = i / length, n = i % length, b = line / channels, c = line % channels;
    // No tap of a branch reaches so far back that the first `lag` inputs count.
    const bool counts = b < count && n >= inputs[b].lag && n < past + block.count;
    lines[i] = counts ? inputs[b](block.lines + c * block.pitch + n) : 0.0;
  }
};

/// sums (channels x length) = or += the products of spectra and filters of some branches.
struct BranchProducts {
  const Complex *filters, *spectra;
  std::int64_t count, channels, length;
  bool add;
  Complex* sums;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    Complex sum = add ? sums[i] : Complex(0.0);
    for (std::int64_t b = 0; b < count; ++b)
      sum += filters[b * length + i % length] * spectra[b * channels * length + i];
    sums[i] = sum;
  }
};

/// The part of circular convolutions that has not wrapped around.
struct Response {
  const Complex* lines;
  std::int64_t length, past;
  VolterraBlock block;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t c = i / block.count, n = i % block.count;
    block.y[c * block.stride + n] = lines[c * length + past + n].real();
  }
};

ComplexArray complex_array(std::int64_t count) { return ComplexArray("volterra spectra", count); }

/// Overlap-save with transforms as long as the kernel and a block together, of as many branches at a time as there can
/// be orders. Products are summed in the spectrum, so that a block costs one transform back.
class OverlapSave : public VolterraFilter {
 public:
  OverlapSave(const std::vector<VolterraBranch>& branches, std::int64_t taps, std::int64_t channels, std::int64_t block)
      : m_count(static_cast<std::int64_t>(branches.size())),
        m_together(std::min<std::int64_t>(m_count, VolterraKernel::highest_order)),
        m_channels(channels),
        m_past(taps - 1),
        m_length(fast_length(m_past + block, 4)),
        m_forward(m_length, m_together * channels),
        m_backward(m_length, channels),
        m_filters(complex_array(m_count * m_length)),
        m_lines(complex_array(m_together * channels * m_length)),
        m_spectra(complex_array(m_together * channels * m_length)),
        m_sums(complex_array(channels * m_length)) {
    std::vector<VolterraInput> inputs;
    const ComplexArray responses = complex_array(m_count * m_length);
    const auto responses_h = Kokkos::create_mirror_view(Kokkos::HostSpace(), responses);
    for (std::int64_t b = 0; b < m_count; ++b) {
      inputs.push_back({branches[b].power, branches[b].lag});
      for (std::size_t i = 0; i < branches[b].taps.size(); ++i)  // with the 1/n of the transforms
        responses_h(b * m_length + i) = branches[b].taps[i] / static_cast<double>(m_length);
    }
    m_inputs = array_of(inputs);
    Kokkos::deep_copy(responses, responses_h);
    BatchFft(m_length, m_count).forward(responses, m_filters);
    execution().fence();  // before the plan goes
  }

  void apply(const VolterraBlock& block) const override {
    static const std::string inputs = "volterra inputs", products = "volterra products", response = "volterra response";
    for (std::int64_t b = 0; b < m_count; b += m_together) {
      const std::int64_t count = std::min(m_together, m_count - b);
      Kokkos::parallel_for(
          inputs, items(m_together * m_channels * m_length),
          BranchLines{block, m_inputs.data() + b, count, m_channels, m_length, m_past, m_lines.data()});
      m_forward.forward(m_lines, m_spectra);
      Kokkos::parallel_for(products, items(m_channels * m_length),
                           BranchProducts{m_filters.data() + b * m_length, m_spectra.data(), count, m_channels,
                                          m_length, b > 0, m_sums.data()});
    }
    m_backward.backward(m_sums, m_lines);
    Kokkos::parallel_for(response, items(m_channels * block.count), Response{m_lines.data(), m_length, m_past, block});
  }

 private:
  std::int64_t m_count, m_together, m_channels, m_past, m_length;
  BatchFft m_forward, m_backward;
  Values<VolterraInput> m_inputs;
  ComplexArray m_filters, m_lines, m_spectra, m_sums;
};

}  // namespace

std::unique_ptr<VolterraFilter> make_overlap_save(const std::vector<VolterraBranch>& branches, std::int64_t taps,
                                                  std::int64_t channels, std::int64_t block) {
  // A kernel of zeros has no branch; a transform takes one.
  return std::make_unique<OverlapSave>(branches.empty() ? std::vector<VolterraBranch>(1) : branches, taps, channels,
                                       block);
}

}  // namespace ister::core::device
