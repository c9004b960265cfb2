#include <algorithm>

#include "core/grid/array_pool.hpp"
#include "core/kernels/volterra/convolver.hpp"
#include "core/kernels/volterra/real_dft.hpp"

namespace ister::core {
namespace {

/// sum += a b for `count` complex numbers.
void add_product(const double* __restrict a, const double* __restrict b, std::int64_t count, double* __restrict sum) {
#pragma omp simd
  for (std::int64_t k = 0; k < count; ++k) {
    const double ar = a[2 * k], ai = a[2 * k + 1], br = b[2 * k], bi = b[2 * k + 1];
    sum[2 * k] += ar * br - ai * bi;
    sum[2 * k + 1] += ar * bi + ai * br;
  }
}

/// Uniformly partitioned overlap-save. Filters longer than a block are cut into parts of `block` taps; the spectra of
/// earlier segments' inputs serve the parts after the first. The products of all branches and parts are summed in the
/// spectrum, so that a block costs one transform a branch and one back.
class OverlapSave : public VolterraConvolver {
 public:
  OverlapSave(const std::vector<VolterraBranch>& branches, std::int64_t taps, std::int64_t channels, std::int64_t block)
      : VolterraConvolver(channels, block, std::min(taps, block) + taps),
        m_part(std::min(taps, block)),
        m_slots((taps + block - 1) / block),
        m_dft(fast_length(m_part - 1 + block, 16), FFTW_MEASURE),
        m_spectrum(cache_lines(2 * m_dft.modes())),
        m_work_pitch(cache_lines(m_dft.points()) + 2 * m_spectrum),
        m_work(make_host_array(thread_count() * m_work_pitch)) {
    for (const VolterraBranch& branch : branches) add(branch);
    m_tails = make_host_array(m_slots > 1 ? channels * m_spectrum : 0);
    m_history_pitch = m_kept * m_slots * m_spectrum;
    m_history = make_host_array(channels * m_history_pitch);
  }

 protected:
  void filter(std::int64_t channel, std::int64_t segment, const double* x, std::int64_t from, std::int64_t to,
              double* y) override {
    const ThreadToken thread;
    double* w = m_work.data() + thread.value() * m_work_pitch;
    double* sum = w + cache_lines(m_dft.points());
    double* scratch = sum + m_spectrum;
    if (m_slots > 1) {
      double* tail = m_tails.data() + channel * m_spectrum;
      if (from == 0) add_later_parts(channel, segment, tail);
      std::copy_n(tail, m_spectrum, sum);
    } else {
      std::fill_n(sum, m_spectrum, 0.0);
    }
    const std::int64_t window = m_part - 1 + m_block;
    std::fill(w + window, w + m_dft.points(), 0.0);
    VolterraInputs inputs(x - (m_part - 1), window, w);
    for (const Filter& filter : m_filters) {
      inputs.advance_to(filter.input);
      double* spectrum = filter.parts.size() > 1 ? kept(channel, filter, segment) : scratch;
      m_dft.forward(w, spectrum);
      add_product(filter.parts.front().data(), spectrum, m_dft.modes(), sum);
    }
    m_dft.backward(sum, w);
    std::copy(w + m_part - 1 + from, w + m_part - 1 + to, y);
  }

 private:
  struct Filter {
    VolterraBranch input;          ///< without taps
    std::vector<HostArray> parts;  ///< spectra of block taps each, with the 1/n of the transforms
    std::int64_t kept;             ///< which of the inputs that are kept, where there are several parts
  };

  void add(const VolterraBranch& branch) {
    Filter filter{{branch.power, branch.lag, {}}, {}, m_kept};
    const auto taps = static_cast<std::int64_t>(branch.taps.size());
    double* line = m_work.data();
    for (std::int64_t first = 0; first < taps; first += m_part) {
      std::fill_n(line, m_dft.points(), 0.0);
      for (std::int64_t i = first; i < std::min(taps, first + m_part); ++i)
        line[i - first] = branch.taps[i] / static_cast<double>(m_dft.points());
      filter.parts.push_back(make_host_array(m_spectrum));
      m_dft.forward(line, filter.parts.back().data());
    }
    if (filter.parts.size() > 1) ++m_kept;
    m_filters.push_back(std::move(filter));
  }

  /// The spectrum of a filter's input in a segment not longer ago than there are slots.
  [[nodiscard]] double* kept(std::int64_t channel, const Filter& filter, std::int64_t segment) const {
    return m_history.data() + channel * m_history_pitch + (filter.kept * m_slots + segment % m_slots) * m_spectrum;
  }

  /// What earlier segments contribute to this one.
  void add_later_parts(std::int64_t channel, std::int64_t segment, double* tail) const {
    std::fill_n(tail, m_spectrum, 0.0);
    for (const Filter& filter : m_filters)
      for (std::int64_t part = 1; part < static_cast<std::int64_t>(filter.parts.size()) && part <= segment; ++part)
        add_product(filter.parts[part].data(), kept(channel, filter, segment - part), m_dft.modes(), tail);
  }

  std::int64_t m_part;   ///< taps of a part
  std::int64_t m_slots;  ///< segments whose inputs' spectra are at hand, the current one among them
  RealDft m_dft;
  std::int64_t m_spectrum;  ///< doubles of a spectrum
  std::int64_t m_work_pitch;
  HostArray m_work;  ///< of each thread: line, sum, spectrum of an input
  std::vector<Filter> m_filters;
  std::int64_t m_kept = 0, m_history_pitch = 0;
  HostArray m_tails, m_history;
};

}  // namespace

std::unique_ptr<VolterraConvolver> make_overlap_save(const std::vector<VolterraBranch>& branches, std::int64_t taps,
                                                     std::int64_t channels, std::int64_t block) {
  return std::make_unique<OverlapSave>(branches, taps, channels, block);
}

}  // namespace ister::core
