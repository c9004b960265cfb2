#pragma once
#include <string>

// Units that files name in the attribute "units" of a dataset. InputError with `where` in front for other names.
namespace ister::drivers {

/// Degrees of one deg, degree(s), rad, radian(s), mrad, arcmin, arcsec; without a name degrees.
double degrees_of_unit(const std::string& unit, const std::string& where);

/// 1/Angstrom of one 1/Angstrom, 1/nm, nm^-1, 1/fm, ... ; without a name 1/Angstrom.
double inverse_angstrom_of_unit(const std::string& unit, const std::string& where);

/// An angle in a unit of so many degrees as degrees. What is a short decimal in degrees becomes it exactly, whatever
/// the rounding: ends of ranges are such numbers.
double in_degrees(double angle, double degrees_of_one);

}  // namespace ister::drivers
