#pragma once
#include "physics/eos.hpp"

namespace ister::physics {

/// The lattice equation of state of HotQCD (arXiv:1407.6387): their fit of p/T^4, differentiated exactly.
/// Fitted to data above 110 MeV; the form turns negative below 50 MeV.
namespace hotqcd {

inline constexpr double lowest_temperature_mev = 110.0;
inline constexpr double highest_temperature_mev = 400.0;

/// In units of T^4, except dp/de.
struct Fit {
  double pressure, energy, sound_speed_squared;
};

[[nodiscard]] Fit fit(double temperature_mev);

/// The fit at a given ln e [1/fm^4], T(e) by Newton's method to rounding.
[[nodiscard]] EosPoint at(double log_e);

/// ln e [1/fm^4] at a temperature [1/fm].
[[nodiscard]] double log_e(double temperature);

}  // namespace hotqcd
}  // namespace ister::physics
