#include "io/array_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/base/error.hpp"
#include "io/array_dataset.hpp"
#include "io/complex_array.hpp"
#include "io/group_attributes.hpp"
#include "io/hdf5.hpp"
#include "io/posix.hpp"

namespace ister::io {
namespace {

std::size_t product(const std::vector<std::size_t>& extents) {
  return std::accumulate(extents.begin(), extents.end(), std::size_t{1}, std::multiplies<>());
}

struct DatasetNames {
  std::vector<std::string> numbers, texts;
};

bool is_text(hid_t dataset) {
  const hid_t type = H5Dget_type(dataset);
  const H5T_class_t kind = H5Tget_class(type);
  H5Tclose(type);
  return kind == H5T_STRING;
}

DatasetNames names_of_datasets(const hdf5::Source& file) {
  DatasetNames names;
  const auto visit = [](hid_t root, const char* name, const H5L_info_t* link, void* found) -> herr_t {
    const hid_t object = hdf5::leads_out(link->type) ? -1 : H5Oopen(root, name, H5P_DEFAULT);
    if (object < 0) return 0;  // a link that leads nowhere, or to another file
    auto* const lists = static_cast<DatasetNames*>(found);
    if (H5Iget_type(object) == H5I_DATASET) {
      if (hdf5::is_numeric(object) || hdf5::is_complex(object)) lists->numbers.push_back(std::string("/") + name);
      if (is_text(object)) lists->texts.push_back(std::string("/") + name);
    }
    return H5Oclose(object);
  };
  if (H5Lvisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, visit, &names) < 0) hdf5::fail(file.path(), "list the datasets");
  std::sort(names.numbers.begin(), names.numbers.end());
  std::sort(names.texts.begin(), names.texts.end());
  return names;
}

std::string full_name(const std::string& name) { return name.rfind('/', 0) == 0 ? name : "/" + name; }

/// All words of a dataset of text, of fixed or of any length.
std::vector<std::string> read_words(const hdf5::Source& file, const std::string& dataset) {
  const std::filesystem::path& path = file.path();
  const std::string what = "read the dataset \"" + dataset + "\"";
  const hdf5::Dataset id = file.dataset(file, dataset);
  const hdf5::Type type(H5Dget_type(id), path, what);
  const hdf5::Space space(H5Dget_space(id), path, what);
  const auto count = static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space), 0));
  file.allow(static_cast<double>(count) * static_cast<double>(H5Tget_size(type)) / sizeof(double));
  std::vector<std::string> words;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> texts(count, nullptr);
    if (H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0) hdf5::fail(path, what);
    for (const char* text : texts) words.emplace_back(text != nullptr ? text : "");
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data());
    return words;
  }
  const std::size_t length = H5Tget_size(type);
  std::string texts(count * length, '\0');
  if (H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0) hdf5::fail(path, what);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string text = texts.substr(i * length, length);
    words.push_back(text.substr(0, std::min(text.find('\0'), text.find_last_not_of(' ') + 1)));
  }
  return words;
}

}  // namespace

Array::Array(std::vector<std::size_t> shape, std::vector<double> numbers)
    : extents(std::move(shape)), values(std::move(numbers)) {
  ISTER_REQUIRE(product(extents) == values.size());
}

Array::Array(std::vector<double> numbers) : extents{numbers.size()}, values(std::move(numbers)) {}

Array transposed(const Array& array) {
  if (array.extents.size() != 2) return array;
  const std::size_t rows = array.extents[0], columns = array.extents[1];
  std::vector<double> values;
  for (std::size_t c = 0; c < columns; ++c)
    for (std::size_t r = 0; r < rows; ++r) values.push_back(array.values[r * columns + c]);
  return {{columns, rows}, std::move(values)};
}

ArrayFile::ArrayFile(std::filesystem::path path) : m_path(std::move(path)) {
  DatasetNames names = hdf5::read_file(m_path, names_of_datasets);
  m_names = std::move(names.numbers);
  m_texts = std::move(names.texts);
}

bool ArrayFile::has(const std::string& dataset) const {
  return std::binary_search(m_names.begin(), m_names.end(), full_name(dataset));
}

core::Attributes ArrayFile::attributes() const {
  return hdf5::read_file(m_path, [&](const hdf5::Source& file) { return hdf5::read_attributes(file, m_path); });
}

Array ArrayFile::read(const std::string& dataset) const {
  if (!has(dataset)) {
    const std::size_t shown = std::min<std::size_t>(m_names.size(), 12);
    throw InputError(fmt::format("{}: no dataset of numbers \"{}\"; it holds {}{}", m_path.string(), full_name(dataset),
                                 fmt::join(m_names.begin(), m_names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                                 shown < m_names.size() ? ", ..."
                                 : m_names.empty()      ? "none"
                                                        : ""));
  }
  return hdf5::read_file(m_path, [&](const hdf5::Source& file) {
    const hdf5::Dataset id = file.dataset(file, full_name(dataset));
    if (hdf5::is_complex(id))
      throw InputError(
          fmt::format("{}: {} holds complex numbers, but real ones are needed here; store its real or its "
                      "imaginary part as a dataset of its own",
                      m_path.string(), full_name(dataset)));
    const std::vector<hsize_t> extents = hdf5::extents(id, m_path);
    return Array({extents.begin(), extents.end()}, file.read(id));
  });
}

std::vector<std::string> ArrayFile::texts(const std::string& dataset) const {
  if (!std::binary_search(m_texts.begin(), m_texts.end(), full_name(dataset))) return {};
  return hdf5::read_file(m_path, [&](const hdf5::Source& file) { return read_words(file, full_name(dataset)); });
}

std::string ArrayFile::units(const std::string& dataset) const {
  const core::Attributes attributes = hdf5::read_file(m_path, [&](const hdf5::Source& file) {
    return hdf5::read_attributes(file.dataset(file, full_name(dataset)), m_path);
  });
  auto found = attributes.find("units");
  if (found == attributes.end()) found = attributes.find("unit");
  if (found == attributes.end()) return {};
  if (const auto* text = std::get_if<std::string>(&found->second)) return *text;
  throw InputError(
      fmt::format("{}: the attribute \"{}\" of {} is not a text", m_path.string(), found->first, full_name(dataset)));
}

void write_array(hid_t parent, const NamedArray& named, const std::filesystem::path& path) {
  const auto& [name, array, units] = named;
  const std::string what = "create the dataset \"" + name + "\"";
  const hdf5::PropertyList groups(H5Pcreate(H5P_LINK_CREATE), path, "create groups");
  H5Pset_create_intermediate_group(groups, 1);
  const std::vector<hsize_t> extents(array.extents.begin(), array.extents.end());
  const hdf5::Space space =
      extents.empty() ? hdf5::Space(H5Screate(H5S_SCALAR), path, what) : hdf5::simple_space(extents, path);
  const hdf5::Dataset id(H5Dcreate2(parent, name.c_str(), H5T_IEEE_F64LE, space, groups, H5P_DEFAULT, H5P_DEFAULT),
                         path, what);
  if (!array.values.empty() && H5Dwrite(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0)
    hdf5::fail(path, what);
  if (!units.empty()) hdf5::write_attribute(id, "units", units, path);
}

FileContent hdf5_content(const std::filesystem::path& path, const std::vector<NamedArray>& arrays,
                         const core::Attributes& attributes) {
  return hdf5_content(path, arrays, attributes, {});
}

// HDF5 writes to memory: what does not fit on a disk is then an error like any other, see field_file_write.cpp.
FileContent hdf5_content(const std::filesystem::path& path, const std::vector<NamedArray>& arrays,
                         const core::Attributes& attributes, const std::map<std::string, core::Attributes>& groups) {
  const Descriptor memory = Descriptor::in_memory(path);
  {
    hdf5::File file = hdf5::create_file(memory.alias());
    for (const auto& [name, value] : attributes) hdf5::write_attribute(file, name, value, path);
    for (const NamedArray& array : arrays) write_array(file, array, path);
    for (const auto& [name, values] : groups) {
      const hdf5::Group group(H5Gopen2(file, full_name(name).c_str(), H5P_DEFAULT), path, "open the group " + name);
      for (const auto& [attribute, value] : values) hdf5::write_attribute(group, attribute, value, path);
    }
    if (!file.close()) hdf5::fail(path, "complete the file");
  }
  std::string bytes(static_cast<std::size_t>(memory.size()), '\0');
  memory.read_at(bytes.data(), bytes.size(), 0);
  return {path, std::move(bytes)};
}

FileContent csv_content(const std::filesystem::path& path, const std::vector<NamedArray>& arrays,
                        const std::string& comment) {
  const auto rows_of = [](const Array& a) { return a.extents.empty() ? std::size_t{1} : a.extents.front(); };
  const std::size_t rows = arrays.empty() ? 0 : rows_of(arrays.front().array);
  std::string text;
  for (const auto& [name, array, units] : arrays) {
    if (rows_of(array) != rows)
      throw InputError(fmt::format("{}: columns of different lengths do not make a table: {} has {} rows, {} has {}",
                                   path.string(), arrays.front().name, rows, name, rows_of(array)));
    const std::size_t columns = rows > 0 ? array.values.size() / rows : 0;
    for (std::size_t c = 0; c < columns; ++c)
      text += (text.empty() ? "" : ",") + (columns > 1 ? fmt::format("{}_{}", name, c) : name);
  }
  text += '\n';
  for (std::size_t r = 0; r < rows; ++r) {
    std::string line;
    for (const auto& [name, array, units] : arrays) {
      const std::size_t columns = array.values.size() / rows;
      for (std::size_t c = 0; c < columns; ++c)
        line += fmt::format("{}{:.17g}", line.empty() ? "" : ",", array.values[r * columns + c]);
    }
    text += line + '\n';
  }
  return {path, (comment.empty() ? "" : "# " + comment + '\n') + text};
}

}  // namespace ister::io
