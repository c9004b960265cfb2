#pragma once
#include <optional>
#include <string>

#include "core/base/options.hpp"

namespace ister::physics {

enum class Geometry { minkowski, milne };

/// One of eos_types() (`physics/eos_type.hpp`), with those of its keys that are not left at their defaults.
struct EosOptions {
  std::string type = "conformal";
  core::OptionValues values;
};

/// eta/s(T): a constant, two straight lines meeting at a kink (never below zero), or a table.
struct ShearViscosityModel {
  enum class Type { constant, kink, table } type = Type::constant;
  double value = 0.16;              ///< constant; eta/s at the kink
  double kink_temperature_mev = 0;  ///< kink
  double slope_low_per_gev = 0;     ///< kink: below the kink
  double slope_high_per_gev = 0;    ///< kink: above the kink
  std::string file;                 ///< table: T [MeV], eta/s
};

/// zeta/s(T): a constant, a skewed Lorentzian peak, or a table.
struct BulkViscosityModel {
  enum class Type { constant, peak, table } type = Type::constant;
  double value = 0.0;               ///< constant; height of the peak
  double peak_temperature_mev = 0;  ///< peak
  double width_mev = 0;             ///< peak
  double skew = 0;                  ///< peak: L = width (1 + skew sign(T - T_peak))
  std::string file;                 ///< table: T [MeV], zeta/s
};

struct TransportOptions {
  ShearViscosityModel eta_over_s;
  double tau_pi_coefficient = 5.0;   ///< tau_pi = C eta/(e+p)
  double delta_pipi = 4.0 / 3.0;     ///< in units of tau_pi
  double tau_pipi = 10.0 / 7.0;      ///< in units of tau_pi
  double lambda_pibulk = 6.0 / 5.0;  ///< in units of tau_pi
  BulkViscosityModel zeta_over_s;
  std::optional<double> tau_bulk;       ///< constant tau_Pi [fm]; absent: zeta/(b (1/3-cs2)^2 (e+p))
  double tau_bulk_coefficient = 14.55;  ///< b
  double delta_bulkbulk = 2.0 / 3.0;    ///< in units of tau_Pi
  std::optional<double> lambda_bulkpi;  ///< in units of tau_Pi; absent: 8/5 (1/3-cs2)
  bool phi7 = false;
  bool vorticity = false;
  std::string table;              ///< all coefficients from a table in T
  double tau_relaxation_T = 1.0;  ///< table: tau_pi = tau_Pi = this / T
};

}  // namespace ister::physics
