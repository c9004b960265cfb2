#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/kernels/volterra/branches.hpp"
#include "core/parallel/execution.hpp"

// What the engines of Volterra on the host have in common.
namespace ister::core {

/// Computes the inputs of branches one after the other, each power from the one before.
class VolterraInputs {
 public:
  /// Of the samples x[0 .. count); lagged ones reach back before x.
  VolterraInputs(const double* x, std::int64_t count, double* w) : m_x(x), m_count(count), m_w(w) {}
  /// Writes to w the input of a branch that comes after the previous one in branches_of.
  void advance_to(const VolterraBranch& branch);

 private:
  const double* m_x;
  std::int64_t m_count;
  double* m_w;
  int m_power = 0;
};

/// Cuts what comes into segments of `block` samples and keeps them with the past that they need.
class VolterraConvolver {
 public:
  /// `past`: samples before a segment that filter_segment reads.
  VolterraConvolver(std::int64_t channels, std::int64_t block, std::int64_t past);
  virtual ~VolterraConvolver() = default;
  VolterraConvolver(const VolterraConvolver&) = delete;
  VolterraConvolver& operator=(const VolterraConvolver&) = delete;

  void apply(const double* x, double* y, std::int64_t samples, std::int64_t stride);
  void reset();
  [[nodiscard]] std::int64_t channels() const { return m_channels; }

 protected:
  /// y = response at samples [from, to) of a channel's segment number `segment`, counted from 0 since the last reset.
  /// Its samples are at x, zeros from x[to] to the end, the past before x. Called with from = 0 first and to = block
  /// last.
  virtual void filter(std::int64_t channel, std::int64_t segment, const double* x, std::int64_t from, std::int64_t to,
                      double* y) = 0;

  std::int64_t m_channels, m_block;

 private:
  std::int64_t m_past, m_pitch;
  std::int64_t m_samples = 0;  ///< so far
  HostArray m_lines;           ///< of each channel: past, segment
};

/// Doubles rounded up to whole cache lines, so that rows of an aligned array are aligned.
inline std::int64_t cache_lines(std::int64_t doubles) { return (doubles + 7) / 8 * 8; }

std::unique_ptr<VolterraConvolver> make_direct_sums(std::vector<VolterraBranch> branches, std::int64_t taps,
                                                    std::int64_t channels, std::int64_t block);
std::unique_ptr<VolterraConvolver> make_overlap_save(const std::vector<VolterraBranch>& branches, std::int64_t taps,
                                                     std::int64_t channels, std::int64_t block);

}  // namespace ister::core
