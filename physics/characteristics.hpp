#pragma once
#include <complex>
#include <vector>

#include "core/base/tensor.hpp"
#include "physics/eigensystem.hpp"
#include "physics/fluid_model.hpp"
#include "physics/israel_stewart.hpp"

// What israel_stewart_rates says of short waves: the principal symbol of the equations, by unit gradients.
namespace ister::physics {

/// The equations at one point: the fluid, and what is switched on.
struct PointEquations {
  FluidPoint fluid;
  bool has_shear = true, has_bulk = true;
  bool vorticity = false;
};

/// Those of a fluid at an energy density.
[[nodiscard]] PointEquations point_equations(const FluidModel& fluid, const TransportOptions& transport, double log_e);

/// The unknowns, in this order, those of stresses that are not evolved left out: deviations of e/w, u^i, pi^{ij}/w,
/// Pi/w, with w of the point. `pi_difference` is (pi^yy - pi^zz)/2, so that waves along x fall apart by helicity.
enum class Unknown { energy, ux, uy, uz, pixx, pixy, pixz, pi_difference, piyz, bulk };
[[nodiscard]] std::vector<Unknown> unknowns(const PointEquations& equations);

/// A(n) of d_t y + A(n) n.grad y = sources, about a state in which pi^zz follows from the trace.
[[nodiscard]] SquareMatrix<double> principal_symbol(const PointEquations& equations, const FlowState& state,
                                                    const Vec3& n);

/// R of d_t y + R y = 0, uniform deviations from matter without stresses that moves with u.
[[nodiscard]] SquareMatrix<double> relaxation_matrix(const PointEquations& equations, const Vec3& u);

/// Speeds along the unit vector n of wave fronts in a state, the eigenvalues of A(n), by real part.
[[nodiscard]] std::vector<std::complex<double>> characteristic_speeds(const PointEquations& equations,
                                                                      const FlowState& state, const Vec3& n);

/// The worst of some speeds.
struct FastestFront {
  double speed = 0;   ///< largest |Re|
  double growth = 0;  ///< largest |Im|: beyond rounding, waves of ever shorter length grow ever faster
  Vec3 direction;     ///< where several were asked for: relative to the principal axes of the stress, lowest first

  /// Real and at most the speed of light. Double eigenvalues are exact to the square root of rounding.
  [[nodiscard]] bool causal() const { return !complex() && speed < 1.0 + 1e-6; }
  [[nodiscard]] bool complex() const { return growth > 1e-5; }
  /// By growth where speeds are complex, else by speed.
  [[nodiscard]] bool worse_than(const FastestFront& other) const {
    return complex() || other.complex() ? growth > other.growth : speed > other.speed;
  }
};

[[nodiscard]] FastestFront fastest_of(const std::vector<std::complex<double>>& speeds);

/// The fastest front in the frame of the fluid among 15 directions between the principal axes of the shear stress; the
/// speeds are even under reflection at these. Causal there is causal in every frame.
[[nodiscard]] FastestFront fastest_front(const PointEquations& equations, const FlowState& state);

/// Whether fronts along these axes alone are causal (nonlinear_causality.hpp).
[[nodiscard]] bool causal_on_axes(const PointEquations& equations, const FlowState& state);

}  // namespace ister::physics
