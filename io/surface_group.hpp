#pragma once
#include <string>
#include <vector>

#include "core/surface/element_table.hpp"
#include "io/hdf5.hpp"

/// How a surface lies in a file of surfaces: one group, a dataset for each column, and the index of its slabs.
namespace ister::io::surface_group {

inline constexpr const char* slabs_name = "slabs";

hdf5::Type slab_type(const std::filesystem::path& path);

hdf5::Group open(const hdf5::Source& file, hid_t parent, const std::string& name);
/// With the attributes and the names of the columns of a table.
hdf5::Group make(hid_t parent, const core::surface::ElementTable& table, const std::filesystem::path& path);
/// DamagedFile where the group does not name its columns.
std::vector<std::string> columns(const core::Attributes& attributes, const std::filesystem::path& path,
                                 const std::string& name);
std::vector<core::surface::ElementSlab> read_slabs(const hdf5::Source& file, hid_t group);
void write_slabs(hid_t group, const std::vector<core::surface::ElementSlab>& slabs, const std::filesystem::path& path);
/// Slabs, and behind them those of a table, with their offsets and checksums.
std::vector<core::surface::ElementSlab> following(std::vector<core::surface::ElementSlab> slabs,
                                                  const core::surface::ElementTable& added);

}  // namespace ister::io::surface_group
