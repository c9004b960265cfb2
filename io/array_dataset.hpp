#pragma once
#include "io/array_file.hpp"
#include "io/hdf5.hpp"

namespace ister::io {

/// Writes an array as a dataset of doubles below a group; groups that its name has on the way are made.
void write_array(hid_t parent, const NamedArray& array, const std::filesystem::path& path);

}  // namespace ister::io
