#pragma once
#include <string>

#include "io/hdf5.hpp"

namespace ister::io {

/// Makes a group that can be copied, whatever attributes it gets: of more than eight HDF5 makes an index, and copying
/// texts that have one crashes it up to 1.10.8 at least.
hdf5::Group make_group(hid_t parent, const std::string& name, const std::filesystem::path& path);

}  // namespace ister::io
