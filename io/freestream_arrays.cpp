#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/hdf5.hpp"
#include "io/initial_formats.hpp"

// e (n, m), u (n, m, 3) = (u^tau, u^x, u^y), pi (n, m, 3, 3) likewise, Pi (n, m); the first index is x.
namespace ister::io {
namespace {

struct Array {
  std::vector<hsize_t> extents;
  std::vector<double> values;
};

/// A dataset by either of its names; nothing where there is none.
Array read_array(const hdf5::Source& file, const std::vector<std::string>& there, const char* name, const char* other) {
  for (const std::string& one : there) {
    if (one != name && one != other) continue;
    const hdf5::Dataset dataset = file.dataset(file, one);
    if (!hdf5::is_numeric(dataset)) throw FileError(fmt::format("{}: {} holds no numbers", file.path().string(), one));
    return {hdf5::extents(dataset, file.path()), file.read(dataset)};
  }
  return {};
}

void require_extents(const hdf5::Source& file, const char* name, const Array& array,
                     const std::vector<hsize_t>& wanted) {
  if (array.values.empty() || array.extents == wanted) return;
  throw FileError(fmt::format("{}: {} has the shape ({}), beside e of {} x {} it must have ({})", file.path().string(),
                              name, fmt::join(array.extents, ", "), wanted[0], wanted[1], fmt::join(wanted, ", ")));
}

/// Component `c` of `components` at every point, x fastest.
std::vector<double> component(const Array& array, std::size_t nx, std::size_t ny, std::size_t components,
                              std::size_t c) {
  std::vector<double> values;
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x) values.push_back(array.values[(x * ny + y) * components + c]);
  return values;
}

Map read(const hdf5::Source& file, double spacing) {
  const std::vector<std::string> there = hdf5::members(file, file.path()).datasets;
  const Array e = read_array(file, there, "e", "energy_density");
  if (e.extents.size() != 2 || e.values.empty())
    throw FileError(file.path().string() + ": holds no dataset e (x, y), the energy density");
  const hsize_t nx = e.extents[0], ny = e.extents[1];
  const Array u = read_array(file, there, "u", "flow_velocity"), pi = read_array(file, there, "pi", "shear_tensor"),
              bulk = read_array(file, there, "Pi", "bulk_pressure");
  require_extents(file, "u", u, {nx, ny, 3});
  require_extents(file, "pi", pi, {nx, ny, 3, 3});
  require_extents(file, "Pi", bulk, {nx, ny});
  Map map;
  const double step = spacing_of(file.path(), 0.0, spacing);
  map.nodes = {core::centred_nodes(static_cast<int>(nx), step), core::centred_nodes(static_cast<int>(ny), step),
               core::Nodes{}};
  const auto take = [&](const char* name, const Array& array, std::size_t components, std::size_t c) {
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
  return hdf5::read_file(path, [&](const hdf5::Source& file) { return read(file, spacing); });
}

}  // namespace ister::io
