#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "io/array_file.hpp"

namespace ister::drivers {

/// Which frames of a measurement are used, as options say it.
struct FrameChoice {
  std::vector<std::string> only;      ///< numbers and ranges A:B; none: all frames
  std::vector<std::string> excluded;  ///< the same
  std::string mask;                   ///< a dataset with one number for each frame, 0 where it is left out; empty: none
  std::int64_t stride = 1;            ///< every n-th of those in `only`

  /// Numbers of the frames, ascending, of a measurement of `frames`. A range A:B is from A to B - 1, either end may be
  /// left out. InputError that names the option for what is no range or not within the measurement, and for a mask of
  /// another length.
  [[nodiscard]] std::vector<std::int64_t> of(const io::ArrayFile& file, std::int64_t frames) const;
};

}  // namespace ister::drivers
