#pragma once
#include <functional>

#include "core/base/tensor.hpp"
#include "core/grid/grid.hpp"
#include "solvers/initial/initial.hpp"

/// The initial states one by one; make_initial_state chooses among them.
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

/// What the states are made from.
struct InitialContext {
  const InitialOptions& options;
  const SolverOptions& solver;
  const physics::FluidModel& fluid;
  const core::Grid& grid;

  [[nodiscard]] double length(int d) const { return grid.upper[d] - grid.lower[d]; }
  [[nodiscard]] double middle(int d) const { return 0.5 * (grid.upper[d] + grid.lower[d]); }
  /// From energy_density or temperature; throws InputError if neither is positive.
  [[nodiscard]] double background_energy() const;
  [[nodiscard]] Vec3 background_velocity() const { return {options.ux, options.uy, options.uz}; }
  /// 2 pi mode/length; throws InputError for a mode that is zero or does not fit the dimensions.
  [[nodiscard]] Vec3 wavevector() const;
  /// Throws InputError unless the run has the given geometry.
  void require(physics::Geometry geometry) const;
};

PointState uniform_state(const InitialContext& context);
PointState sound_wave(const InitialContext& context);
PointState shear_wave(const InitialContext& context);
PointState standing_wave(const InitialContext& context);
PointState hot_spot(const InitialContext& context);
PointState kelvin_helmholtz(const InitialContext& context);
PointState shock_tube(const InitialContext& context);
PointState gubser_flow(const InitialContext& context);
PointState steady_shock(const InitialContext& context);
PointState trento_event(const InitialContext& context, const EventData& event);

/// Solenoidal velocities with random phases on a uniform background; collective, since it lives in Fourier space. The
/// source holds the velocities of this rank's block; `background_only` leaves them out.
InitialSource random_velocity(const InitialContext& context, const core::Decomposition& decomposition, MPI_Comm comm,
                              bool background_only);

/// pi^{zz} that makes the spatial components of a shear stress traceless: pi^{00} = v.pi.v = trace pi.
double traceless_zz(const Vec3& u, const Sym3& pi);

}  // namespace ister::solvers
