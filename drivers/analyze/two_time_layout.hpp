#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/array_file.hpp"

namespace ister::drivers {

/// One dataset of two-time correlations, n x n.
struct TwoTimeMap {
  std::string dataset;
  std::int64_t q_index;    ///< which of TwoTimeLayout::wavenumbers
  double phi;              ///< degrees
  std::int64_t phi_place;  ///< where phi stands in TwoTimeLayout::phi_dataset, from 0
};

/// What a file says of the time from frame to frame.
struct FrameStep {
  double seconds;
  std::string origin;  ///< in words: which datasets it comes from
};

/// Where a file of two-time X-ray correlations has what.
struct TwoTimeLayout {
  std::vector<TwoTimeMap> maps;
  std::vector<double> wavenumbers;  ///< 1/Angstrom
  std::string q_dataset, phi_dataset;
  std::int64_t directions = 0;  ///< values in phi_dataset
  std::optional<FrameStep> step;
};

/// Reads one of the two layouts that the Advanced Photon Source has written.
///
/// NeXus: /xpcs/qmap/dynamic_v_list_dim0 and _dim1 are what /xpcs/qmap/map_names says, q and phi without it. The
/// datasets of /xpcs/twotime/correlation_map belong, by their numbers, to the entries b of
/// /xpcs/twotime/processed_bins, counted from 1 over the bins that have pixels; /xpcs/qmap/dynamic_index_mapping[b -
/// 1], b - 1 without it, is the place in the grid dim0 x dim1. Frames are apart /entry/instrument/detector_1/frame_time
/// times stride_frame and avg_frame of /xpcs/twotime/config.
///
/// The older one: datasets of /exchange/C2T_all, by their numbers the entries of /xpcs/qphi_bin_to_process, or bins of
/// their own numbers; /xpcs/dqlist and /xpcs/dphilist (or dqval, dphival) give q and phi of each bin, or are the two
/// sides of a grid. Lists of bins: wavenumbers within 1 % of each other are one, their mean. Frames are apart
/// /measurement/instrument/detector/exposure_period times /xpcs/stride_frames and /xpcs/avg_frames.
///
/// Units are those of the attributes `units` or `unit`, or of /xpcs/qmap/map_units; without any 1/Angstrom, degrees and
/// seconds. InputError for maps of other quantities than q and phi and for units that are unknown or contradict each
/// other; FileError where bins and datasets do not fit together.
TwoTimeLayout two_time_layout(const io::ArrayFile& file);

}  // namespace ister::drivers
