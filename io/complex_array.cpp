#include "io/complex_array.hpp"

#include <vector>

#include "io/hdf5.hpp"
#include "io/posix.hpp"
#include "io/rehearsal.hpp"

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

template <class Function>
auto with_dataset(const ArrayFile& file, const std::string& dataset, const Function& f) {
  const auto look = [&] {
    const hdf5::File open = hdf5::open_file(file.path());
    const std::string what = "read the dataset \"" + dataset + "\"";
    return f(hdf5::Dataset(H5Dopen2(open, dataset.c_str(), H5P_DEFAULT), file.path(), what));
  };
  rehearse(file.path(), [&] { look(); });
  return look();
}

}  // namespace

bool hdf5::is_complex(hid_t dataset) { return !parts_of(dataset).empty(); }

bool holds_complex(const ArrayFile& file, const std::string& dataset) {
  return file.has(dataset) && with_dataset(file, dataset, [](hid_t id) { return hdf5::is_complex(id); });
}

Array read_complex(const ArrayFile& file, const std::string& dataset) {
  return with_dataset(file, dataset, [&](hid_t id) {
    const std::filesystem::path& path = file.path();
    const hdf5::Type number(H5Tcreate(H5T_COMPOUND, 2 * sizeof(double)), path, "describe a complex number");
    const std::vector<std::string> parts = parts_of(id);
    for (std::size_t part = 0; part < 2; ++part)
      H5Tinsert(number, parts[part].c_str(), part * sizeof(double), H5T_NATIVE_DOUBLE);
    std::vector<std::size_t> extents;
    double numbers = 2.0;  // the product of what a file only declares may not be an integer
    for (const hsize_t extent : hdf5::extents(id, path)) {
      extents.push_back(static_cast<std::size_t>(extent));
      numbers *= static_cast<double>(extent);
    }
    require_memory(numbers, path.string() + ": " + dataset);
    std::vector<double> values(static_cast<std::size_t>(numbers));
    if (H5Dread(id, number, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
      hdf5::fail(path, "read the dataset \"" + dataset + "\"");
    extents.push_back(2);
    return Array(extents, std::move(values));
  });
}

}  // namespace ister::io
