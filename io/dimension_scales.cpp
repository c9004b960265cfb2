#include "io/dimension_scales.hpp"

#include <algorithm>

#include "io/crc64.hpp"

namespace ister::io {
namespace {

hobj_ref_t reference_to(hid_t dataset, const std::filesystem::path& path) {
  hobj_ref_t reference = 0;
  if (H5Rcreate(&reference, dataset, ".", H5R_OBJECT, -1) < 0) hdf5::fail(path, "refer to a dataset");
  return reference;
}

void write(hid_t dataset, const char* name, const hdf5::Type& type, const hdf5::Space& space, const void* value,
           const std::filesystem::path& path) {
  const std::string what = std::string("write the attribute '") + name + "'";
  const hdf5::AttributeId id(H5Acreate2(dataset, name, type, space, H5P_DEFAULT, H5P_DEFAULT), path, what);
  if (H5Awrite(id, type, value) < 0) hdf5::fail(path, what);
}

/// A text of fixed length, as the specification wants it.
void write_text(hid_t dataset, const char* name, const std::string& text, const std::filesystem::path& path) {
  const hdf5::Type type(H5Tcopy(H5T_C_S1), path, "describe a text");
  H5Tset_size(type, text.size() + 1);
  write(dataset, name, type, hdf5::Space(H5Screate(H5S_SCALAR), path, "make a space"), text.c_str(), path);
}

hdf5::Dataset write_numbers(hid_t group, const std::string& name, const hdf5::Space& space, const double* values,
                            const std::filesystem::path& path) {
  const std::string what = "write the dataset '" + name + "'";
  const hdf5::PropertyList timeless(H5Pcreate(H5P_DATASET_CREATE), path, what);
  H5Pset_obj_track_times(timeless, false);
  hdf5::Dataset dataset(H5Dcreate2(group, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, timeless, H5P_DEFAULT),
                        path, what);
  if (H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) hdf5::fail(path, what);
  return dataset;
}

/// An entry of REFERENCE_LIST: a field, and which of its dimensions the scale is of. No byte is left to chance.
struct Use {
  hobj_ref_t field;
  std::int32_t dimension, padding;
};

hdf5::Type type_of_use(const std::filesystem::path& path) {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, sizeof(Use)), path, "describe a reference");
  H5Tinsert(type, "dataset", HOFFSET(Use, field), H5T_STD_REF_OBJ);
  H5Tinsert(type, "dimension", HOFFSET(Use, dimension), H5T_NATIVE_INT32);
  return type;
}

}  // namespace

bool is_coordinate(const std::string& dataset) {
  const auto names = {"x", "y", "z", "eta", "time"};
  return std::find(names.begin(), names.end(), dataset) != names.end();
}

DimensionScales::DimensionScales(hid_t group, const core::Grid& grid, const Legend& legend,
                                 const std::filesystem::path& path)
    : m_legend(legend), m_path(path) {
  if (legend.axes.empty()) return;
  for (int d = grid.dimensions - 1; d >= 0; --d) {
    const std::string& name = legend.axes[d];
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(grid.points[d]));
    for (int i = 0; i < grid.points[d]; ++i) values.push_back(grid.coordinate(d, i));
    m_scales.push_back(write_scale(group, name, values));
    hdf5::write_attribute(m_scales.back(), "crc64", crc64_text(crc64(values.data(), values.size() * sizeof(double))),
                          path);
    m_references.push_back(reference_to(m_scales.back(), path));
  }
  (void)write_scale(group, "time", {legend.time});
}

hdf5::Dataset DimensionScales::write_scale(hid_t group, const std::string& name,
                                           const std::vector<double>& values) const {
  hdf5::Dataset scale = write_numbers(group, name, hdf5::simple_space({values.size()}, m_path), values.data(), m_path);
  write_text(scale, "CLASS", "DIMENSION_SCALE", m_path);
  write_text(scale, "NAME", name, m_path);
  label(scale, name);
  return scale;
}

void DimensionScales::label(hid_t dataset, const std::string& name) const {
  const auto found = m_legend.labels.find(name);
  if (found == m_legend.labels.end()) return;
  hdf5::write_attribute(dataset, "units", found->second.units, m_path);
  hdf5::write_attribute(dataset, "long_name", found->second.long_name, m_path);
}

void DimensionScales::attach(const hdf5::Dataset& field, const std::string& name) {
  if (m_scales.empty()) return;
  label(field, name);
  hdf5::write_attribute(field, "coordinates", std::string("time"), m_path);
  std::vector<hvl_t> list;
  for (hobj_ref_t& scale : m_references) list.push_back({1, &scale});
  const hdf5::Type type(H5Tvlen_create(H5T_STD_REF_OBJ), m_path, "describe a list");
  write(field, "DIMENSION_LIST", type, hdf5::simple_space({list.size()}, m_path), list.data(), m_path);
  m_fields.push_back(reference_to(field, m_path));
}

void DimensionScales::finish() {
  const hdf5::Type type = type_of_use(m_path);
  for (std::size_t d = 0; d < m_scales.size(); ++d) {
    std::vector<Use> uses;
    for (const hobj_ref_t field : m_fields) uses.push_back({field, static_cast<std::int32_t>(d), 0});
    write(m_scales[d], "REFERENCE_LIST", type, hdf5::simple_space({uses.size()}, m_path), uses.data(), m_path);
  }
  m_scales.clear();
}

}  // namespace ister::io
