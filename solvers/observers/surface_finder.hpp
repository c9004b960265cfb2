#pragma once
#include <memory>
#include <vector>

#include "core/surface/slab_interpolant.hpp"
#include "solvers/observers/surface_options.hpp"
#include "solvers/observers/surface_point.hpp"

namespace ister::solvers {

/// What lies between two observations on this rank, on the host.
struct SurfaceSlab {
  double time = 0, duration = 0;  ///< of the first; to the second
  core::BlockLayout layout;       ///< of the fields: the block with neighbours around it
  /// The primitive variables, then the integral over time of T^{zz} since the start (zero in Minkowski space).
  std::vector<core::surface::SlabField> fields;
};

/// Integrals over a surface.
struct SurfaceSums {
  double volume = 0;   ///< of u
  double energy = 0;   ///< of T^{0m}
  double current = 0;  ///< of K: what no expansion changes, K^0 = tau T^{00} + the integral of T^{zz}, K^i = tau T^{0i}
  double elements = 0;  ///< how many were made
  double bend =
      0;  ///< largest distance of ln e from a straight line in time, halfway, at corners of cells that it cuts
  std::array<double, 3> at_seam{};  ///< cells beyond the last point of a direction that it cuts
};

/// What is inside, above the level, at one time.
struct InsideSums {
  double current = 0;  ///< integral of K^0
  double cells = 0;    ///< that are not wholly below the level
  std::array<double, 3> at_seam{};
};

/// The columns of elements, in Milne or Minkowski coordinates.
std::vector<std::string> surface_columns(bool milne);

/// Finds surfaces of constant energy density between two observations on this rank, for one number of directions.
class SurfaceFinder {
 public:
  virtual ~SurfaceFinder() = default;
  /// Appends elements, each the number of its cell in the grid and then its columns.
  virtual void find(const SurfaceSlab& slab, const Thermodynamics& level, std::vector<double>& elements,
                    SurfaceSums& sums) = 0;
  /// Appends an element for each cell, or part of one, that is below the level at the end of a slab: the normal points
  /// to later times. Of the sums volume, energy and elements.
  virtual void find_outside(const SurfaceSlab& slab, const Thermodynamics& level, std::vector<double>& elements,
                            SurfaceSums& sums) = 0;
  /// At the end of a slab.
  virtual void look_inside(const SurfaceSlab& slab, const Thermodynamics& level, InsideSums& sums) = 0;
};

std::unique_ptr<SurfaceFinder> make_surface_finder(const EquationContext& context, SurfaceElements elements);

}  // namespace ister::solvers
