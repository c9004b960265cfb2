#include "io/group.hpp"

namespace ister::io {

hdf5::Group make_group(hid_t parent, const std::string& name, const std::filesystem::path& path) {
  const std::string what = "create the group '" + name + "'";
  constexpr unsigned without_index = 1000;  // attributes
  const hdf5::PropertyList creation(H5Pcreate(H5P_GROUP_CREATE), path, what);
  H5Pset_attr_phase_change(creation, without_index, without_index);
  return hdf5::Group(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), path, what);
}

}  // namespace ister::io
