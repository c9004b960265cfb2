#pragma once
#include "core/surface/element_table.hpp"
#include "io/hdf5.hpp"

/// Surfaces as groups of HDF5 files: in a file of their own, and in the groups of events.
namespace ister::io {

/// Moves the elements and slabs of one table to the end of another, which gets its attributes; slabs get their offsets
/// and checksums.
void append_elements(core::surface::ElementTable& table, core::surface::ElementTable& added);

/// Writes a table as a group below another one.
void write_surface(hid_t parent, const core::surface::ElementTable& table, const std::filesystem::path& path);

/// The table that is a group below another one.
core::surface::ElementTable read_surface(const hdf5::Source& file, hid_t parent, const std::string& name);

/// DamagedFile unless the columns are of equal length, the slabs follow one another, and their checksums agree.
void check_surface(const core::surface::ElementTable& table, const std::filesystem::path& path);

}  // namespace ister::io
