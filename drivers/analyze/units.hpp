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

/// The same where a unit is required, degrees and 1/Angstrom where there is none. InputError with `where` in front for
/// other names.
double degrees_of_unit(const std::string& unit, const std::string& where);
double inverse_angstrom_of_unit(const std::string& unit, const std::string& where);

/// An angle in a unit of so many degrees as degrees. What is a short decimal in degrees becomes it exactly, whatever
/// the rounding: ends of ranges are such numbers.
double in_degrees(double angle, double degrees_of_one);

}  // namespace ister::drivers
