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

}  // namespace

bool is_coordinate(const std::string& dataset) {
  const auto names = {"x", "y", "z", "eta", "time"};
  return std::find(names.begin(), names.end(), dataset) != names.end();
}

std::size_t ScaleReferences::add(hdf5::Dataset scale, const std::string& name) {
  write_text(scale, "CLASS", "DIMENSION_SCALE", m_path);
  write_text(scale, "NAME", name, m_path);
  const hobj_ref_t reference = reference_to(scale, m_path);
  m_scales.push_back({std::move(scale), reference, {}});
  return m_scales.size() - 1;
}

void ScaleReferences::attach(hid_t dataset, const std::vector<std::size_t>& scales) {
  const hobj_ref_t self = reference_to(dataset, m_path);
  std::vector<hvl_t> list;
  for (std::size_t d = 0; d < scales.size(); ++d) {
    Scale& scale = m_scales[scales[d]];
    list.push_back({1, &scale.reference});
    scale.uses.push_back({self, static_cast<std::int32_t>(d), 0});
  }
  const hdf5::Type type(H5Tvlen_create(H5T_STD_REF_OBJ), m_path, "describe a list");
  write(dataset, "DIMENSION_LIST", type, hdf5::simple_space({list.size()}, m_path), list.data(), m_path);
}

hdf5::Type ScaleReferences::type_of_use() const {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, sizeof(Use)), m_path, "describe a reference");
  H5Tinsert(type, "dataset", HOFFSET(Use, dataset), H5T_STD_REF_OBJ);
  H5Tinsert(type, "dimension", HOFFSET(Use, dimension), H5T_NATIVE_INT32);
  return type;
}

void ScaleReferences::finish() {
  const hdf5::Type type = type_of_use();
  for (const Scale& scale : m_scales)
    if (!scale.uses.empty())
      write(scale.dataset, "REFERENCE_LIST", type, hdf5::simple_space({scale.uses.size()}, m_path), scale.uses.data(),
            m_path);
  m_scales.clear();
}

DimensionScales::DimensionScales(hid_t group, const core::Grid& grid, const Legend& legend,
                                 const std::filesystem::path& path)
    : m_legend(legend), m_path(path), m_references(path) {
  if (legend.axes.empty()) return;
  for (int d = grid.dimensions - 1; d >= 0; --d) {
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(grid.points[d]));
    for (int i = 0; i < grid.points[d]; ++i) values.push_back(grid.coordinate(d, i));
    m_axes.push_back(write_scale(group, legend.axes[d], values));
  }
  (void)write_scale(group, "time", {legend.time});
}

std::size_t DimensionScales::write_scale(hid_t group, const std::string& name, const std::vector<double>& values) {
  hdf5::Dataset scale = write_numbers(group, name, hdf5::simple_space({values.size()}, m_path), values.data(), m_path);
  label(scale, name);
  if (name != "time")
    hdf5::write_attribute(scale, "crc64", crc64_text(crc64(values.data(), values.size() * sizeof(double))), m_path);
  return m_references.add(std::move(scale), name);
}

void DimensionScales::label(hid_t dataset, const std::string& name) const {
  const auto found = m_legend.labels.find(name);
  if (found == m_legend.labels.end()) return;
  hdf5::write_attribute(dataset, "units", found->second.units, m_path);
  hdf5::write_attribute(dataset, "long_name", found->second.long_name, m_path);
}

void DimensionScales::attach(const hdf5::Dataset& field, const std::string& name) {
  if (m_axes.empty()) return;
  label(field, name);
  hdf5::write_attribute(field, "coordinates", std::string("time"), m_path);
  m_references.attach(field, m_axes);
}

}  // namespace ister::io
