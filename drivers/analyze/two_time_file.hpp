#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/analyze/frame_choice.hpp"
#include "drivers/analyze/two_time_layout.hpp"
#include "io/array_file.hpp"

namespace ister::drivers {

/// What of a file is read.
struct TwoTimeChoice {
  std::int64_t q_index = 0;         ///< of TwoTimeLayout::wavenumbers
  std::vector<std::string> angles;  ///< ranges in degrees, or files that `ister analyze angles` wrote; none: all
  FrameChoice frames;
  bool diagonal = false;  ///< t1 = t2 is used
};

/// Two-time correlations of one wavenumber.
struct TwoTimeData {
  double q = 0.0;                         ///< 1/Angstrom
  std::vector<double> angles;             ///< degrees
  std::vector<std::size_t> angle_places;  ///< of these, among all_angles
  std::size_t all_angles = 0;             ///< at which the file has correlations for this wavenumber
  std::size_t all_frames = 0;             ///< of the measurement
  std::vector<std::int64_t> frames;       ///< numbers in the measurement of those that are used
  std::vector<std::int64_t> lost;         ///< of those that were chosen but have no correlations
  std::vector<double> values;             ///< [angle][t1][t2] of the frames used, symmetric
};

/// Reads the chosen correlations. The upper half of a dataset may be filled, the lower one, or both with the same
/// values. Frames that at some angle have no number but 0 with any other chosen frame are lost: left out at all angles.
/// InputError for a wavenumber without data, for choices that leave nothing, for values of the frames used that are no
/// numbers at t1 < t2 and, with `diagonal`, t1 = t2, and for values that are all the same; FileError where datasets are
/// not n x n with the same n, or have two different halves.
TwoTimeData read_two_time(const io::ArrayFile& file, const TwoTimeLayout& layout, const TwoTimeChoice& choice);

}  // namespace ister::drivers
