#pragma once
#include "physics/gubser.hpp"
#include "physics/ode_solution.hpp"

namespace ister::physics {

/// A steady plane viscous shock of conformal Israel-Stewart matter: an exact nonlinear solution, in the frame of the
/// shock, in which matter streams along +x from v1 (upstream, supersonic) to v2 = 1/(3 v1). Energy and momentum
/// conservation give p and Phi (pi^xx in the rest frame of the matter) as functions of v, the relaxation equation
/// dv/dx. Smooth for v1^2 < 1/3 + 4/(3 C), beyond which the profile would contain a jump.
class SteadyShock {
 public:
  struct Point {
    double velocity, energy_density;
    double shear;  ///< Phi: pi^xx = gamma^2 Phi, pi^yy = pi^zz = -Phi/2
  };

  /// The profile over |x| <= reach (fm), upstream temperature in 1/fm. Throws InputError for v1 out of range.
  SteadyShock(const ConformalFluid& fluid, double upstream_velocity, double upstream_temperature, double reach);

  /// x = 0 is where v = (v1 + v2)/2.
  [[nodiscard]] Point at(double x) const;

  /// At time 0 in a frame that moves with velocity V along x; the shock moves with -V there.
  [[nodiscard]] Point boosted(double x, double frame_velocity) const;

  [[nodiscard]] double downstream_velocity() const { return m_flow.v2; }

 private:
  /// The two conserved fluxes and what follows from them at a velocity.
  struct Flow {
    Flow(const ConformalFluid& fluid, double v1, double temperature);
    [[nodiscard]] double pressure(double v) const;
    /// Phi at v = limit + distance, `limit` one of v1, v2
    [[nodiscard]] double shear(double limit, double distance) const;
    /// (dv/dx)/Phi
    [[nodiscard]] double slope_over_shear(double v, double shear) const;

    ConformalFluid fluid;
    double v1, v2;
    double energy_flux, momentum_flux;  ///< T^{0x}, T^{xx}
    double relaxation_length;           ///< tau_pi upstream
  };
  static OdeSolution side(const Flow& flow, double limit, double direction, double reach);

  Flow m_flow;
  OdeSolution m_upstream, m_downstream;  ///< ln |v - limit| over the distance from the centre
};

}  // namespace ister::physics
