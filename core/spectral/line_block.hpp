#pragma once
#include "core/grid/decomposition.hpp"
#include "core/grid/field_bundle.hpp"

namespace ister::core {

/// The lines of a component along one direction, numbered such that neighbours in memory follow each other. Rows of
/// an odd number of lines end with a line of zeros, so that lines always come in pairs.
struct LineBlock {
  std::int64_t points = 0;        ///< of a line, on this rank
  std::int64_t point_stride = 1;  ///< doubles from point to point
  std::int64_t row = 1;           ///< lines that are neighbours in memory
  std::int64_t rows = 1;          ///< how many such rows there are
  std::int64_t row_stride = 1;    ///< doubles from row to row

  [[nodiscard]] KOKKOS_FUNCTION std::int64_t width() const { return row + row % 2; }
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t lines() const { return width() * rows; }
  /// Whether all lines, gaps between rows included, lie in an array (point, point_stride).
  [[nodiscard]] bool side_by_side() const { return rows > 0 && rows * row_stride <= point_stride; }
  [[nodiscard]] KOKKOS_FUNCTION bool exists(std::int64_t line) const { return line % width() < row; }
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t offset(std::int64_t point, std::int64_t line) const {
    return point * point_stride + line / width() * row_stride + line % width();
  }
};

/// The lines along the direction that is cut among ranks, as far as this rank owns them.
LineBlock slab_lines(const BlockLayout& layout);
/// The lines along y of a 3-D block.
LineBlock column_lines(const BlockLayout& layout);

/// The lines that a part gets when pairs of lines are dealt to `parts`.
Range dealt_lines(const LineBlock& block, int parts, int part);

/// Copies all lines of a component to `packed`, one (point, line) array after the other for the lines of each part.
void pack_lines(const LineBlock& block, int parts, const double* component, double* packed);
void unpack_lines(const LineBlock& block, int parts, const double* packed, double* component);

}  // namespace ister::core
