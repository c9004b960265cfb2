#include <fmt/format.h>

#include <functional>

#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/hdf5.hpp"
#include "io/initial_formats.hpp"
#include "io/npy_file.hpp"

// e (n, m), u (n, m, 3) = (u^tau, u^x, u^y), pi (n, m, 3, 3) likewise, Pi (n, m); the first index is x. Datasets of an
// HDF5 file, or files e.npy ... in a folder.
namespace ister::io {
namespace {

using Extents = std::vector<std::uint64_t>;

/// One of several arrays by either of its names; empty where there is none.
using Arrays = std::function<NumberArray(const std::string& name, const std::string& other)>;

Arrays arrays_of(const hdf5::Source& file) {
  return [&file, there = hdf5::members(file, file.path()).datasets](const std::string& name, const std::string& other) {
    NumberArray array;
    for (const std::string& one : there) {
      if (one != name && one != other) continue;
      const hdf5::Dataset dataset = file.dataset(file, one);
      if (!hdf5::is_numeric(dataset))
        throw FileError(fmt::format("{}: {} holds no numbers", file.path().string(), one));
      for (const hsize_t extent : hdf5::extents(dataset, file.path())) array.extents.push_back(extent);
      array.values = file.read(dataset);
    }
    return array;
  };
}

Arrays arrays_of(const std::filesystem::path& folder) {
  return [folder](const std::string& name, const std::string& other) {
    for (const std::string& one : {name, other})
      if (const auto path = folder / (one + ".npy"); std::filesystem::exists(path)) return read_npy(path);
    return NumberArray{};
  };
}

void require_extents(const std::filesystem::path& path, const char* name, const NumberArray& array,
                     const Extents& wanted) {
  if (array.values.empty() || array.extents == wanted) return;
  throw FileError(fmt::format("{}: {} has the shape ({}), beside e of {} x {} it must have ({})", path.string(), name,
                              fmt::join(array.extents, ", "), wanted[0], wanted[1], fmt::join(wanted, ", ")));
}

/// Component `c` of `components` at every point, x fastest.
std::vector<double> component(const NumberArray& array, std::size_t nx, std::size_t ny, std::size_t components,
                              std::size_t c) {
  std::vector<double> values;
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x) values.push_back(array.values[(x * ny + y) * components + c]);
  return values;
}

Map read(const std::filesystem::path& path, const Arrays& arrays, double spacing) {
  const NumberArray e = arrays("e", "energy_density");
  if (e.extents.size() != 2 || e.values.empty())
    throw FileError(path.string() + ": holds no array e (x, y), the energy density");
  const std::uint64_t nx = e.extents[0], ny = e.extents[1];
  const NumberArray u = arrays("u", "flow_velocity"), pi = arrays("pi", "shear_tensor"),
                    bulk = arrays("Pi", "bulk_pressure");
  require_extents(path, "u", u, {nx, ny, 3});
  require_extents(path, "pi", pi, {nx, ny, 3, 3});
  require_extents(path, "Pi", bulk, {nx, ny});
  Map map;
  const double step = spacing_of(path, 0.0, spacing);
  map.nodes = {core::centred_nodes(static_cast<int>(nx), step), core::centred_nodes(static_cast<int>(ny), step),
               core::Nodes{}};
  const auto take = [&](const char* name, const NumberArray& array, std::size_t components, std::size_t c) {
    if (!array.values.empty()) map.columns[name] = component(array, nx, ny, components, c);
  };
  take("e", e, 1, 0);
  take("ux", u, 3, 1);
  take("uy", u, 3, 2);
  take("pixx", pi, 9, 4);
  take("pixy", pi, 9, 5);
  take("piyy", pi, 9, 8);
  take("bulk", bulk, 1, 0);
  return map;
}

}  // namespace

Map read_freestream_arrays(const std::filesystem::path& path, double spacing) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) return read(path, arrays_of(path), spacing);
  return hdf5::read_file(path, [&](const hdf5::Source& file) { return read(path, arrays_of(file), spacing); });
}

}  // namespace ister::io
