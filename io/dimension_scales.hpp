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

/// Dimension scales, and the datasets whose dimensions they are. They are written by what HDF5 calls low-level means
/// (the specification of dimension scales, version 1): its own functions for them copy the padding of a struct into
/// the file, whatever stands there, and the same state would not give the same file.
class ScaleReferences {
 public:
  explicit ScaleReferences(std::filesystem::path path) : m_path(std::move(path)) {}
  /// Makes a dataset the scale of this name. Returns its number, from 0.
  std::size_t add(hdf5::Dataset scale, const std::string& name);
  /// The numbers of the scales of a dataset's dimensions, slowest first.
  void attach(hid_t dataset, const std::vector<std::size_t>& scales);
  /// Tells the scales which datasets refer to them; when all have been attached.
  void finish();

 private:
  /// An entry of REFERENCE_LIST: a dataset, and which of its dimensions the scale is of. No byte is left to chance.
  struct Use {
    hobj_ref_t dataset;
    std::int32_t dimension, padding;
  };
  struct Scale {
    hdf5::Dataset dataset;
    hobj_ref_t reference;
    std::vector<Use> uses;
  };
  [[nodiscard]] hdf5::Type type_of_use() const;

  std::filesystem::path m_path;
  std::vector<Scale> m_scales;
};

/// The coordinates of a grid in a group of a file that is being written.
class DimensionScales {
 public:
  /// Writes the coordinates of the points, each with its checksum, and the time.
  DimensionScales(hid_t group, const core::Grid& grid, const Legend& legend, const std::filesystem::path& path);
  /// Refers a field to them, and labels it.
  void attach(const hdf5::Dataset& field, const std::string& name);
  /// Tells them which fields do; when all have been attached.
  void finish() { m_references.finish(); }

 private:
  void label(hid_t dataset, const std::string& name) const;
  std::size_t write_scale(hid_t group, const std::string& name, const std::vector<double>& values);

  const Legend& m_legend;
  std::filesystem::path m_path;
  ScaleReferences m_references;
  std::vector<std::size_t> m_axes;  ///< slowest direction first, as in the shape of a field
};

}  // namespace ister::io
