#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/surface/slab_interpolant.hpp"
#include "solvers/observers/surface_options.hpp"
#include "solvers/observers/surface_point.hpp"

namespace ister::solvers {

/// What lies between two observations on this rank, on the host.
struct SurfaceSlab {
  double time = 0, duration = 0;  ///< of the first; to the second
  core::BlockLayout layout;       ///< of the fields: the block with neighbours around it
  core::Box cells;                ///< with matter above a level at a corner: their lower corners, on this rank
  core::Box points;               ///< around these cells that are seen here: where the fields are set
  /// The primitive variables, then what energy was lost to expansion and drive since the first time (SurfaceBalance).
  std::vector<core::surface::SlabField> fields;
  const double* energy = nullptr;  ///< sqrt(-g) T^{00} at the second time
};

/// Integrals over a surface.
struct SurfaceSums {
  double volume = 0;    ///< of u
  double energy = 0;    ///< of T^{0m}
  double lost = 0;      ///< of what was lost since the first time, through surfaces of constant time
  double elements = 0;  ///< how many were made
  double backward = 0;  ///< of these, through how many matter flows in
  double bend =
      0;  ///< largest distance of ln e from a straight line in time, halfway, at corners of cells that it cuts
  std::array<double, 3> at_seam{};  ///< cells beyond the last point of a direction that it cuts
};

/// What is inside, above the level, at the second time.
struct InsideSums {
  double energy = 0;  ///< integral of sqrt(-g) T^{00}
  double lost = 0;    ///< and of what was lost since the first time
  double cells = 0;   ///< that are not wholly below the level
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
