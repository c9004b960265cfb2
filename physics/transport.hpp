#pragma once
#include "core/base/tensor.hpp"
#include "physics/eos.hpp"

/// Transport coefficients as pointwise functions, in the form the relaxation equations use once they are divided by
/// the relaxation time and the stresses by w = e + p. Plain values: copied into kernels.
namespace ister::physics {

struct TransportPoint {
  double shear_rate;                           ///< 1/tau_pi [1/fm]
  double shear_stiffness;                      ///< eta/(tau_pi w)
  double delta_pipi, tau_pipi, lambda_pibulk;  ///< divided by tau_pi
  double phi7;                                 ///< phi_7 w/tau_pi [1/fm], phi_7 = 9/(70 p); zero when off
  double bulk_rate;                            ///< 1/tau_Pi [1/fm]
  double bulk_stiffness;                       ///< zeta/(tau_Pi w)
  double delta_bulkbulk, lambda_bulkpi;        ///< divided by tau_Pi
};

/// Where eta/s or zeta/s vanish, this value stands for them: the relaxation times stay finite.
inline constexpr double smallest_viscosity = 1e-8;

[[nodiscard]] ISTER_INLINE double at_least(double bound, double x) { return x > bound ? x : bound; }

/// eta/s(T) of two straight lines meeting at a kink, zeta/s(T) a skewed Lorentzian; constants are the case of no
/// slope and no width. tau_pi = C eta/w; tau_Pi = zeta/(b (1/3 - cs2)^2 w), or a constant.
struct ModelTransport {
  double eta_over_s_at_kink, kink_temperature, slope_below_kink, slope_above_kink;
  double zeta_over_s_at_peak, peak_temperature, inverse_width_below_peak, inverse_width_above_peak;
  double tau_pi_coefficient;
  double delta_pipi, tau_pipi, lambda_pibulk;
  double phi7;  ///< 9/70 or 0
  double tau_bulk_coefficient;
  double inverse_tau_bulk;  ///< 0: tau_Pi follows from tau_bulk_coefficient
  double delta_bulkbulk;
  double lambda_bulkpi, lambda_bulkpi_per_cs2;  ///< lambda_Pipi/tau_Pi = lambda_bulkpi + lambda_bulkpi_per_cs2 cs2

  [[nodiscard]] ISTER_INLINE double eta_over_s(double temperature) const {
    const double distance = temperature - kink_temperature;
    const double slope = distance < 0.0 ? slope_below_kink : slope_above_kink;
    return at_least(smallest_viscosity, eta_over_s_at_kink + slope * distance);
  }

  /// s/zeta, which takes no division.
  [[nodiscard]] ISTER_INLINE double inverse_zeta_over_s(double temperature) const {
    const double distance = temperature - peak_temperature;
    const double x = distance * (distance < 0.0 ? inverse_width_below_peak : inverse_width_above_peak);
    const double inverse = (1.0 + x * x) * (1.0 / zeta_over_s_at_peak);
    return inverse < 1.0 / smallest_viscosity ? inverse : 1.0 / smallest_viscosity;
  }

  template <class Position>
  [[nodiscard]] ISTER_INLINE TransportPoint at(const EosPoint& eos, const Position&) const {
    const double temperature = eos.temperature;
    const double cs2 = eos.sound_speed_squared;
    const double conformality = 1.0 / 3.0 - cs2;
    const double response = temperature * inverse_zeta_over_s(temperature);  // w/zeta
    const double model_stiffness = tau_bulk_coefficient * conformality * conformality;
    const bool model = inverse_tau_bulk == 0.0;
    TransportPoint point;
    point.shear_rate = temperature / (tau_pi_coefficient * eta_over_s(temperature));
    point.shear_stiffness = 1.0 / tau_pi_coefficient;
    point.delta_pipi = delta_pipi;
    point.tau_pipi = tau_pipi;
    point.lambda_pibulk = lambda_pibulk;
    point.phi7 = phi7 * (1.0 + 1.0 / eos.pressure_over_energy) * point.shear_rate;
    point.bulk_rate = model ? model_stiffness * response : inverse_tau_bulk;
    point.bulk_stiffness = model ? model_stiffness : inverse_tau_bulk / response;
    point.delta_bulkbulk = delta_bulkbulk;
    point.lambda_bulkpi = lambda_bulkpi + lambda_bulkpi_per_cs2 * cs2;
    return point;
  }
};

/// Cubics of ln e on the cells of a TableEos, for coefficients that come from a table in T.
struct TabulatedTransport {
  static constexpr int terms = 4;
  static constexpr int functions = 9;
  static constexpr int size = functions * terms;  ///< coefficients per cell, behind those of the equation of state

  const double* coefficients;  ///< those of the TableEos
  double phi7;                 ///< 9/70 or 0

  [[nodiscard]] ISTER_INLINE TransportPoint at(const EosPoint& eos, const TableEos::Position& position) const {
    const int first = position.first + TableEos::size;
    const double s = position.s;
    const double eta_over_s = polynomial<terms>(coefficients, first, s);
    const double zeta_over_s = polynomial<terms>(coefficients, first + terms, s);
    TransportPoint point;
    point.shear_stiffness = polynomial<terms>(coefficients, first + 2 * terms, s);
    point.bulk_stiffness = polynomial<terms>(coefficients, first + 3 * terms, s);
    point.delta_pipi = polynomial<terms>(coefficients, first + 4 * terms, s);
    point.tau_pipi = polynomial<terms>(coefficients, first + 5 * terms, s);
    point.lambda_pibulk = polynomial<terms>(coefficients, first + 6 * terms, s);
    point.delta_bulkbulk = polynomial<terms>(coefficients, first + 7 * terms, s);
    point.lambda_bulkpi = polynomial<terms>(coefficients, first + 8 * terms, s);
    point.shear_rate = point.shear_stiffness * eos.temperature / at_least(smallest_viscosity, eta_over_s);
    point.bulk_rate = point.bulk_stiffness * eos.temperature / at_least(smallest_viscosity, zeta_over_s);
    point.phi7 = phi7 * (1.0 + 1.0 / eos.pressure_over_energy) * point.shear_rate;
    return point;
  }
};

}  // namespace ister::physics
