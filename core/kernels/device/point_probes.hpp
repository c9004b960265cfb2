#pragma once
#include <array>
#include <vector>

#include "core/kernels/device/arrays.hpp"
#include "core/kernels/probes/grid_weights.hpp"

namespace ister::core::device {

/// The values of a field in the memory of Execution at many points at once, each the weighted sum of core::PointProbe.
/// One direction is summed after the other, z first: neighbouring work items read neighbouring values, and every sum is
/// taken in one order. Spectral probes read the whole field, each on its own.
class PointProbes {
 public:
  /// Of the whole grid in the order (z, y, x), at any strides.
  using Field = Kokkos::View<const double***, Kokkos::LayoutStride, Memory>;

  /// Positions have the grid's number of coordinates, x first; those beyond the box are taken by its period. InputError
  /// for none, and for one that is not finite.
  PointProbes(const Grid& grid, const std::vector<std::array<double, 3>>& positions, GridInterpolation interpolation);

  [[nodiscard]] std::int64_t size() const { return m_size; }

  /// Writes size() values. Allocates nothing.
  void read(const Field& field, const DeviceArray& values) const;

 private:
  /// Of one direction.
  struct Weights {
    std::int64_t nodes = 0;          ///< of each probe
    Values<GridWeight> at_position;  ///< (probe, node)
  };

  std::int64_t m_size;
  std::array<int, 3> m_points;
  std::array<Weights, 3> m_weights;
  DeviceArray m_columns;  ///< (probe, y node, x node), summed over z
  DeviceArray m_lines;    ///< (probe, x node), summed over y, too
};

}  // namespace ister::core::device
