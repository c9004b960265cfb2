#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/grid/named_field.hpp"

namespace ister::core::surface {

/// What was found between two observations of a run: `count` elements from row `offset` on; `step` is that of the
/// later one. The checksum is that of these rows, column by column.
struct ElementSlab {
  std::int64_t step = 0, offset = 0, count = 0;
  std::uint64_t crc64 = 0;
};

/// The elements of one surface as columns of equal length, slab after slab, as an observer finds them and a file keeps
/// them.
struct ElementTable {
  std::string name;  ///< of the group in the file
  std::vector<std::string> columns;
  std::vector<std::vector<double>> values;  ///< of each column
  std::vector<ElementSlab> slabs;
  std::int64_t glimpsed = 0;  ///< how many of the last slabs a run that goes on from here will find anew, longer ones
  Attributes attributes;      ///< of the surface as a whole

  [[nodiscard]] std::int64_t rows() const {
    return values.empty() ? 0 : static_cast<std::int64_t>(values.front().size());
  }
  /// Leaves no elements, nor gives back their memory.
  void clear() {
    glimpsed = 0;
    slabs.clear();
    for (auto& column : values) column.clear();
  }
  [[nodiscard]] const std::vector<double>& column(const std::string& column_name) const {
    std::size_t c = 0;
    while (c + 1 < columns.size() && columns[c] != column_name) ++c;
    return values.at(c);
  }
};

}  // namespace ister::core::surface
