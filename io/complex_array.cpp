#include "io/complex_array.hpp"

#include <vector>

#include "io/hdf5.hpp"

namespace ister::io {
namespace {

/// The names of the parts; none for other types.
std::vector<std::string> parts_of(hid_t dataset) {
  const hid_t type = H5Dget_type(dataset);
  std::vector<std::string> names;
  if (H5Tget_class(type) == H5T_COMPOUND && H5Tget_nmembers(type) == 2)
    for (unsigned member = 0; member < 2; ++member)
      if (char* name = H5Tget_member_name(type, member); name != nullptr) {
        if (H5Tget_member_class(type, member) == H5T_FLOAT) names.emplace_back(name);
        H5free_memory(name);
      }
  H5Tclose(type);
  for (const auto& [re, im] : {std::pair{"r", "i"}, {"re", "im"}, {"real", "imag"}})
    if (names == std::vector<std::string>{re, im}) return names;
  return {};
}

}  // namespace

bool hdf5::is_complex(hid_t dataset) { return !parts_of(dataset).empty(); }

bool holds_complex(const ArrayFile& file, const std::string& dataset) {
  return file.has(dataset) && hdf5::read_file(file.path(), [&](const hdf5::Source& source) {
           return hdf5::is_complex(source.dataset(source, dataset));
         });
}

Array read_complex(const ArrayFile& file, const std::string& dataset) {
  return hdf5::read_file(file.path(), [&](const hdf5::Source& source) {
    const std::filesystem::path& path = file.path();
    const hdf5::Dataset id = source.dataset(source, dataset);
    const hdf5::Type number(H5Tcreate(H5T_COMPOUND, 2 * sizeof(double)), path, "describe a complex number");
    const std::vector<std::string> parts = parts_of(id);
    for (std::size_t part = 0; part < parts.size(); ++part)
      H5Tinsert(number, parts[part].c_str(), part * sizeof(double), H5T_NATIVE_DOUBLE);
    std::vector<std::size_t> extents;
    double numbers = 2.0;  // the product of what a file only declares may not be an integer
    for (const hsize_t extent : hdf5::extents(id, path)) {
      extents.push_back(static_cast<std::size_t>(extent));
      numbers *= static_cast<double>(extent);
    }
    source.allow(numbers);
    std::vector<double> values(static_cast<std::size_t>(numbers));
    if (H5Dread(id, number, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
      hdf5::fail(path, "read the dataset \"" + dataset + "\"");
    extents.push_back(2);
    return Array(extents, std::move(values));
  });
}

}  // namespace ister::io
