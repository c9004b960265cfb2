#pragma once

namespace ister::io::hdf5 {

/// Lets HDF5 read datasets that h5py has compressed with its own filter LZF, as most two-time files of beamlines are.
/// Safe to repeat.
void register_lzf_filter();

}  // namespace ister::io::hdf5
