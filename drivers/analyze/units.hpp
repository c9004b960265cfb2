#pragma once
#include <optional>
#include <string>

// What the units that files name are worth, in whatever way they are written: "1/nm", "nm^-1", "inverse nanometres".
// Nothing where a text names no such unit.
namespace ister::drivers {

/// Of wavenumbers, in 1/Angstrom.
std::optional<double> inverse_angstroms_in(const std::string& unit);
/// Of angles, in degrees.
std::optional<double> degrees_in(const std::string& unit);
/// Of times, in seconds.
std::optional<double> seconds_in(const std::string& unit);

}  // namespace ister::drivers
