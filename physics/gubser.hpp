#pragma once
#include <optional>

#include "physics/ode_solution.hpp"

namespace ister::physics {

/// Conformal matter with constant eta/s; tau_pi = C eta/(s T), delta_pipi and tau_pipi in units of tau_pi.
struct ConformalFluid {
  double energy_coefficient = 0;  ///< e = energy_coefficient T^4 [fm]
  double eta_over_s = 0;          ///< 0: ideal
  double tau_pi_coefficient = 5.0;
  double delta_pipi = 4.0 / 3.0;
  double tau_pipi = 10.0 / 7.0;
};

/// Gubser flow at a point, in Milne coordinates.
struct GubserPoint {
  double energy_density, ux, uy;
  double pixx, pixy, piyy;
  double pizz;  ///< tau^2 pi^{eta eta}
};

/// Viscous Gubser flow, an exact boost-invariant and axisymmetric expansion (Marrochio et al., arXiv:1307.6130). On
/// de Sitter space, sinh rho = -(1 - q^2 tau^2 + q^2 r^2)/(2 q tau), T = That(rho)/tau and
///     dThat/drho  = That tanh rho (pibar - 2)/3
///     dpibar/drho = -pibar That/(C eta/s) + tanh rho (4/(3C) - 4/3 pibar^2 + (8/3 - 2 delta + tau_pipi/3) pibar)
/// with pibar = tau^2 pi^{eta eta}/(T s), That(0) given, pibar(0) = 0.
class Gubser {
 public:
  /// q in 1/fm.
  Gubser(const ConformalFluid& fluid, double q, double temperature_hat);

  [[nodiscard]] GubserPoint at(double tau, double x, double y) const { return at(tau, x, y, x * x + y * y); }

  /// The same formulas with r^2 given apart from x and y: how a periodic state is made of the flow.
  [[nodiscard]] GubserPoint at(double tau, double x, double y, double r_squared) const;

 private:
  struct Hats {
    double temperature, pibar;
  };
  [[nodiscard]] Hats hats(double rho) const;

  ConformalFluid m_fluid;
  double m_q, m_temperature_hat;
  std::optional<OdeSolution> m_solution;  ///< ln That and pibar over rho; none for the ideal flow
};

}  // namespace ister::physics
