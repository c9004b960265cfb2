#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/grid/named_field.hpp"
#include "io/atomic_file.hpp"

/// Plain HDF5 files of arrays, such as post-processing reads and writes. For one process.
namespace ister::io {

/// Numbers of any rank, in file order: the last index runs fastest.
struct Array {
  std::vector<std::size_t> extents;  ///< slowest first; empty: a scalar
  std::vector<double> values;

  Array() = default;
  Array(std::vector<std::size_t> shape, std::vector<double> numbers);
  /// A list of numbers.
  explicit Array(std::vector<double> numbers);
};

/// A file of another program, or one that hdf5_content made.
class ArrayFile {
 public:
  /// FileError where the file is missing, truncated or not HDF5.
  explicit ArrayFile(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] bool has(const std::string& dataset) const;
  /// Full names of all datasets of numbers, in alphabetical order.
  [[nodiscard]] const std::vector<std::string>& names() const { return m_names; }
  /// Attributes of the root.
  [[nodiscard]] core::Attributes attributes() const;
  /// Integers and floats of any size and booleans, as doubles. InputError where there is no such dataset: it names
  /// those there are; or where the memory does not hold it.
  [[nodiscard]] Array read(const std::string& dataset) const;
  /// The words of a dataset of text, such as a list of names; none where there is no such dataset.
  [[nodiscard]] std::vector<std::string> texts(const std::string& dataset) const;
  /// The attribute "units", or "unit", of a dataset; empty where it has none. InputError where it is not a text.
  [[nodiscard]] std::string units(const std::string& dataset) const;

 private:
  std::filesystem::path m_path;
  std::vector<std::string> m_names, m_texts;
};

/// (rows, columns) as (columns, rows), so that a table has a column for each row; other arrays as they are.
Array transposed(const Array& array);

struct NamedArray {
  std::string name;  ///< full name; groups on the way are made
  Array array;
  std::string units = {};  ///< an attribute of the dataset; empty: none
};

/// A file of arrays, for write_files.
FileContent hdf5_content(const std::filesystem::path& path, const std::vector<NamedArray>& arrays,
                         const core::Attributes& attributes);

/// The arrays as columns under their names, each number with full precision; those of rank 2 as one column for each of
/// their columns, numbered from 0. InputError where lengths differ.
FileContent csv_content(const std::filesystem::path& path, const std::vector<NamedArray>& arrays);

}  // namespace ister::io
