#include "core/spectral/line_block.hpp"

#include <string>

namespace ister::core {
namespace {

/// Who owns an item under split_range.
KOKKOS_FUNCTION std::int64_t owner_of(std::int64_t count, std::int64_t parts, std::int64_t item) {
  const std::int64_t base = count / parts, rest = count % parts, in_larger = rest * (base + 1);
  return item < in_larger ? item / (base + 1) : rest + (item - in_larger) / base;
}

/// The place of a point of a line in the packed array.
struct PackedPosition {
  LineBlock block;
  int parts;

  KOKKOS_FUNCTION std::int64_t operator()(std::int64_t point, std::int64_t line) const {
    const std::int64_t pairs = block.lines() / 2;
    const Range owned = split_range(pairs, parts, static_cast<int>(owner_of(pairs, parts, line / 2)));
    return 2 * (owned.begin * block.points + point * (owned.end - owned.begin)) + line - 2 * owned.begin;
  }
};

struct Pack {
  PackedPosition position;
  const double* component;
  double* packed;

  KOKKOS_FUNCTION void operator()(std::int64_t i) const {
    const LineBlock& block = position.block;
    const std::int64_t point = i / block.lines(), line = i % block.lines();
    packed[position(point, line)] = block.exists(line) ? component[block.offset(point, line)] : 0.0;
  }
};

struct Unpack {
  PackedPosition position;
  const double* packed;
  double* component;

  KOKKOS_FUNCTION void operator()(std::int64_t i) const {
    const LineBlock& block = position.block;
    const std::int64_t point = i / block.lines(), line = i % block.lines();
    if (block.exists(line)) component[block.offset(point, line)] = packed[position(point, line)];
  }
};

}  // namespace

LineBlock slab_lines(const BlockLayout& layout) {
  const bool single = layout.dimensions == 1;
  return {layout.slab_layers(), layout.slab_stride(), single ? 1 : layout.columns, layout.rows, layout.pitch};
}

LineBlock column_lines(const BlockLayout& layout) {
  return {layout.rows, layout.pitch, layout.columns, layout.planes, layout.plane};
}

Range dealt_lines(const LineBlock& block, int parts, int part) {
  const Range pairs = split_range(block.lines() / 2, parts, part);
  return {2 * pairs.begin, 2 * pairs.end};
}

void pack_lines(const LineBlock& block, int parts, const double* component, double* packed) {
  static const std::string label = "pack";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, block.points * block.lines()),
                       Pack{{block, parts}, component, packed});
}

void unpack_lines(const LineBlock& block, int parts, const double* packed, double* component) {
  static const std::string label = "unpack";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, block.points * block.lines()),
                       Unpack{{block, parts}, packed, component});
}

}  // namespace ister::core
