#pragma once
#include <cstdint>
#include <vector>

#include "io/array_file.hpp"

namespace ister::drivers {

/// Two-time correlations of one wavenumber.
struct TwoTimeData {
  double q = 0.0;              ///< 1/Angstrom
  std::vector<double> angles;  ///< degrees
  std::int64_t frames = 0;
  std::vector<double> values;  ///< [angle][t1][t2], symmetric
};

/// Reads every stride-th frame of all angles at which the file has correlations for its q_index-th wavenumber (from 0).
/// The layout: /xpcs/qmap/dynamic_v_list_dim0 (q) and _dim1 (phi), /xpcs/twotime/processed_bins (b, from 1, is q number
/// (b - 1) / n_phi and phi number (b - 1) % n_phi), and for each of these bins, in alphabetical order, an n x n dataset
/// in /xpcs/twotime/correlation_map, of which the upper half is filled. An attribute "units" of q may say 1/nm or 1/fm
/// instead of 1/Angstrom, that of phi rad instead of degrees. InputError for other units, for a wavenumber without
/// data, for values that are no numbers at t1 < t2 and, with `diagonal`, t1 = t2, and for values that are all the same;
/// FileError for a file that is not of this layout.
TwoTimeData read_two_time(const io::ArrayFile& file, std::int64_t q_index, std::int64_t stride, bool diagonal);

}  // namespace ister::drivers
