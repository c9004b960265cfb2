#pragma once
#include <array>
#include <memory>

#include "core/kernels/device/arrays.hpp"
#include "core/kernels/volterra/volterra.hpp"

namespace ister::core::device {

class VolterraFilter;

/// core::Volterra for samples in the memory of Execution, one work item a sample of a channel: kernels of all orders,
/// applied to many channels block by block, with a past of zeros before the first. Samples go out as they come in. The
/// answer does not depend on how a record is cut into blocks: of the direct engine bitwise, of the other to 1e-14 of
/// its maximum. Nor does it depend on other channels.
class Volterra {
 public:
  /// Channels x samples; the rows may be further apart than they are long.
  using Samples = Rows<double>;
  using ConstSamples = Rows<const double>;

  /// `block`: the usual number of samples in a call of apply, which transforms are sized for; others work as well.
  /// The thresholds are those of the host. InputError for a kernel that does not pass check(), or no channels or
  /// samples.
  Volterra(const VolterraKernel& kernel, std::int64_t channels, std::int64_t block,
           VolterraEngine engine = VolterraEngine::automatic, const Thresholds& thresholds = {});
  ~Volterra();
  Volterra(Volterra&&) noexcept;
  Volterra& operator=(Volterra&&) noexcept;

  /// The next samples of every channel; y may be x. Allocates nothing. InputError for sizes that do not match, and with
  /// the index of a sample that is not finite; then nothing has happened.
  void apply(const ConstSamples& x, const Samples& y);
  /// Back to a past of zeros.
  void reset();
  /// The engine in use, never `automatic`.
  [[nodiscard]] VolterraEngine engine() const { return m_engine; }

 private:
  void check(const ConstSamples& x, const Samples& y) const;

  VolterraEngine m_engine;
  std::int64_t m_channels, m_block, m_past, m_pitch;
  std::array<DeviceArray, 2> m_lines;  ///< of each channel: past, block; those of now and those of before
  std::int64_t m_count = 0;            ///< new samples in the lines of now
  std::unique_ptr<VolterraFilter> m_filter;
};

}  // namespace ister::core::device
