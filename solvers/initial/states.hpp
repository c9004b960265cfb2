#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/base/options.hpp"
#include "core/base/tensor.hpp"
#include "core/grid/decomposition.hpp"
#include "solvers/initial/initial.hpp"

/// What an initial state is for those who write one.
namespace ister::solvers {

/// Primitive fields of one point; Milne: z components carry the factor tau (orthonormal frame), natural units.
struct PrimitivePoint {
  double energy_density = 0;
  Vec3 u;
  Sym3 pi;  ///< contravariant spatial components
  double bulk_pressure = 0;
};

/// A state as a function of position.
using PointState = std::function<PrimitivePoint(const Vec3& position)>;

/// As decks and files call it.
std::string geometry_name(physics::Geometry geometry);

/// What a state is made from. It lives as long as its source is being made; only `fluid` outlives the source.
struct InitialContext {
  const std::string& type;
  const core::OptionValues& options;  ///< values of all its keys, checked
  const SolverOptions& solver;
  const physics::FluidModel& fluid;
  const core::Decomposition& decomposition;
  MPI_Comm comm;
  int stride = 1;  ///< of the lines that will be looked at, see make_initial_source

  [[nodiscard]] const core::Grid& grid() const { return decomposition.grid(); }
  [[nodiscard]] double length(int d) const { return grid().upper[d] - grid().lower[d]; }
  [[nodiscard]] double middle(int d) const { return 0.5 * (grid().upper[d] + grid().lower[d]); }
  /// Throws InputError unless the run has the given geometry.
  void require(physics::Geometry geometry) const;
  /// Throws InputError unless the run has at least so many dimensions.
  void require_dimensions(int least) const;
};

/// An initial state as decks name it: `initial.type` and its keys.
struct InitialType : core::Choice {
  /// Collective; throws InputError, and FileError where it reads a file, the same on every rank.
  std::function<InitialSource(const InitialContext& context)> make;
  bool foreign = false;  ///< rough data of another code: numerics.preset = "auto" is "event" for it
};

/// Makes a state that is a function of position, and checks it box by box.
std::function<InitialSource(const InitialContext&)> point_by_point(PointState (*state)(const InitialContext&));

/// Writes a point of a state none of whose fields is left out.
void set_point(InitialState& state, std::size_t i, const PrimitivePoint& point);

/// The state at the points of a box.
InitialState evaluate(const PointState& state, const core::Grid& grid, const core::Box& box);

/// Calls visit(position) for the points of a box in file order.
template <class Visit>
void for_each_position(const core::Grid& grid, const core::Box& box, const Visit& visit) {
  for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
      for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x)
        visit(Vec3{grid.coordinate(0, x), grid.coordinate(1, y), grid.coordinate(2, z)});
}

/// pi^{zz} that makes the spatial components of a shear stress traceless: pi^{00} = v.pi.v = trace pi.
double traceless_zz(const Vec3& u, const Sym3& pi);

}  // namespace ister::solvers
