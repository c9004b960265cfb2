#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/grid/grid.hpp"
#include "io/hdf5.hpp"

namespace ister::io {

/// What a file says of a dataset: its attributes `units` and `long_name`.
struct Label {
  std::string units, long_name;
};

/// What a file of fields says of itself to programs that know nothing of it but netCDF's conventions, as xarray does:
/// a dataset of coordinates for each direction, which the fields refer to as their HDF5 dimension scale, the time as
/// one of a single number, and labels of all. Without axes it says nothing.
struct Legend {
  std::vector<std::string> axes;  ///< names of the directions, x first: at least those that the grid resolves
  double time = 0.0;
  std::map<std::string, Label> labels;  ///< of fields, axes and "time" by name; absent ones have none
};

/// True for the datasets that a legend adds to the fields, whoever wrote them: x, y, z, eta and time.
[[nodiscard]] bool is_coordinate(const std::string& dataset);

/// The coordinates of a grid in a group of a file that is being written. They are written by what HDF5 calls low-level
/// means (the specification of dimension scales, version 1): its own functions for them copy the padding of a struct
/// into the file, whatever stands there, and the same state would not give the same file.
class DimensionScales {
 public:
  /// Writes the coordinates of the points, each with its checksum, and the time.
  DimensionScales(hid_t group, const core::Grid& grid, const Legend& legend, const std::filesystem::path& path);
  /// Refers a field to them, and labels it.
  void attach(const hdf5::Dataset& field, const std::string& name);
  /// Tells them which fields do; when all have been attached.
  void finish();

 private:
  void label(hid_t dataset, const std::string& name) const;
  [[nodiscard]] hdf5::Dataset write_scale(hid_t group, const std::string& name,
                                          const std::vector<double>& values) const;

  const Legend& m_legend;
  std::filesystem::path m_path;
  std::vector<hdf5::Dataset> m_scales;  ///< slowest direction first, as in the shape of a field
  std::vector<hobj_ref_t> m_references, m_fields;
};

}  // namespace ister::io
