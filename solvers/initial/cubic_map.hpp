#pragma once
#include <array>
#include <vector>

#include "core/grid/decomposition.hpp"
#include "core/grid/nodes.hpp"

namespace ister::solvers {

/// The cubic spline through values on a regular grid, the tensor product of splines without end conditions (not a
/// knot): twice continuously differentiable, of fourth order up to the rim. Beyond the rim the values there fade within
/// three spacings; along directions of one node nothing changes. Directions of more nodes have at least four.
class CubicMap {
 public:
  CubicMap() = default;  ///< nothing: empty()
  /// values: [z][y][x]; empty: zero. Along periodic directions the first node follows the last one.
  CubicMap(const std::array<core::Nodes, 3>& nodes, const std::array<bool, 3>& periodic, std::vector<double> values);

  [[nodiscard]] bool empty() const { return m_coefficients.empty(); }
  [[nodiscard]] std::int64_t bytes() const { return static_cast<std::int64_t>(m_coefficients.size() * sizeof(double)); }

  /// At the points of a box in file order; with a `direction` the derivative along it, zero beyond the rim.
  [[nodiscard]] std::vector<double> at(const core::Grid& grid, const core::Box& box, int direction = -1) const;

 private:
  /// What the value at one place takes of the coefficients along a direction.
  struct Stencil {
    int first;
    std::array<double, 4> weights;
  };
  [[nodiscard]] std::vector<Stencil> stencils(int d, const core::Grid& grid, const core::Box& box,
                                              bool derivative) const;

  std::array<core::Nodes, 3> m_nodes;
  std::array<int, 3> m_size{};  ///< of the coefficients: two more than nodes where there are several
  std::vector<double> m_coefficients;
};

}  // namespace ister::solvers
