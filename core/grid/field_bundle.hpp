#pragma once
#include <cstdint>

#include "core/grid/array_pool.hpp"
#include "core/grid/decomposition.hpp"

namespace ister::core {

/// How a box of the grid, one rank's block as a rule, lies in memory: rows of x, padded to a pitch, then planes, then
/// components. Pitch, plane and component stride are odd numbers of cache lines: neighbouring rows of a column then
/// fall into different cache sets (a power-of-two stride costs a strided transform up to twice its time), and every row
/// is 64-byte aligned, which FFTW plans rely on. On a GPU all rows of a component are equally far apart.
struct BlockLayout {
  int dimensions = 1;
  std::int64_t columns = 1;    ///< points of a row: x
  std::int64_t rows = 1;       ///< rows of a plane: y in 3-D, else 1
  std::int64_t planes = 1;     ///< y in 2-D, z in 3-D, else 1
  std::int64_t pitch = 8;      ///< doubles from row to row
  std::int64_t plane = 8;      ///< doubles from plane to plane
  std::int64_t component = 8;  ///< doubles from component to component
  std::int64_t first[3] = {};  ///< global indices of the first point, x first

  BlockLayout() = default;
  /// Of this rank's block.
  explicit BlockLayout(const Decomposition& decomposition)
      : BlockLayout(decomposition.grid().dimensions, decomposition.box()) {}
  BlockLayout(int dimensions, const Box& box);

  [[nodiscard]] std::int64_t points() const { return columns * rows * planes; }
  [[nodiscard]] Box box() const;
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t row_offset(std::int64_t plane_index, std::int64_t row_index) const {
    return plane_index * plane + row_index * pitch;
  }
  /// Doubles from a point to the next one along a resolved direction.
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t stride(int direction) const {
    return direction == 0 ? 1 : (direction == 1 && dimensions == 3 ? pitch : plane);
  }
  /// Where the point of these global indices is, from the start of a component.
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t at(std::int64_t x, std::int64_t y, std::int64_t z) const {
    return x - first[0] + (y - first[1]) * stride(1) + (z - first[2]) * plane;
  }
  /// For core/spectral/: points along the slab direction on this rank, and the distance between them.
  [[nodiscard]] std::int64_t slab_layers() const { return dimensions == 1 ? columns : planes; }
  [[nodiscard]] std::int64_t slab_stride() const { return dimensions == 1 ? 1 : plane; }
};

/// Smallest odd number of cache lines that holds `count` doubles, in doubles; any number on a GPU.
constexpr std::int64_t padded(std::int64_t count) {
  const std::int64_t lines = (count + 7) / 8;
  return (on_host && lines % 2 == 0 ? lines + 1 : lines) * 8;
}

/// Several scalar fields on one rank's block, in one array (component, z, y, x). The padding starts as zero and stays
/// finite.
class FieldBundle {
 public:
  FieldBundle() = default;
  FieldBundle(ArrayPool& pool, const BlockLayout& layout, int components);

  [[nodiscard]] int components() const { return m_components; }
  [[nodiscard]] const BlockLayout& layout() const { return m_layout; }
  [[nodiscard]] const double* data() const { return m_memory.data(); }
  [[nodiscard]] double* data() { return m_memory.data(); }
  [[nodiscard]] const double* component(int c) const { return data() + c * m_layout.component; }
  [[nodiscard]] double* component(int c) { return data() + c * m_layout.component; }
  [[nodiscard]] ConstDeviceArray view() const { return m_memory.view(); }
  [[nodiscard]] DeviceArray view() { return m_memory.view(); }

  /// One component as this rank's block of a file: (z, y, x), x fastest, no padding; host memory.
  void copy_out(int component, double* values) const;
  void copy_in(int component, const double* values) { copy_in(component, values, m_layout.box()); }
  /// The same for a box within the block.
  void copy_in(int component, const double* values, const Box& box);

 private:
  ArrayPool::Lease m_memory;
  BlockLayout m_layout;
  int m_components = 0;
};

}  // namespace ister::core
