#include "drivers/analyze/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace ister::drivers {
namespace {

/// Small letters without blanks.
std::string plain(const std::string& name) {
  std::string text;
  for (const char c : name)
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

using Units = std::vector<std::pair<const char*, double>>;

[[noreturn]] void refuse(const std::string& where, const std::string& unit, const char* known) {
  throw InputError(fmt::format("{}: the unit \"{}\" is not known here; known are {} (--units states the right one)",
                               where, unit, known));
}

/// The value of a unit; nothing where it has another name.
const double* find(const Units& units, const std::string& name) {
  const auto found = std::find_if(units.begin(), units.end(), [&](const auto& u) { return name == u.first; });
  return found == units.end() ? nullptr : &found->second;
}

/// "nm" of "1/nm", "rad/nm" or "nm^-1"; else nothing.
std::string inverted(const std::string& unit) {
  for (const std::string before : {"1/", "rad/"})
    if (unit.rfind(before, 0) == 0) return unit.substr(before.size());
  for (const std::string after : {"^-1", "^{-1}", "**-1", "-1", "⁻¹"})
    if (unit.size() > after.size() && unit.compare(unit.size() - after.size(), after.size(), after) == 0)
      return unit.substr(0, unit.size() - after.size());
  return "";
}

}  // namespace

double degrees_of_unit(const std::string& unit, const std::string& where) {
  static const Units angles = {{"", 1.0},
                               {"deg", 1.0},
                               {"degree", 1.0},
                               {"degrees", 1.0},
                               {"°", 1.0},
                               {"rad", 180.0 / M_PI},
                               {"radian", 180.0 / M_PI},
                               {"radians", 180.0 / M_PI},
                               {"mrad", 0.18 / M_PI},
                               {"arcmin", 1.0 / 60},
                               {"arcsec", 1.0 / 3600}};
  const double* value = find(angles, plain(unit));
  if (value == nullptr) refuse(where, unit, "deg, degree, degrees, rad, radian, radians, mrad, arcmin and arcsec");
  return *value;
}

double inverse_angstrom_of_unit(const std::string& unit, const std::string& where) {
  static const Units lengths = {{"angstrom", 1.0}, {"angstroms", 1.0}, {"a", 1.0},  {"å", 1.0},  {"Å", 1.0},
                                {"pm", 1e-2},      {"nm", 10.0},       {"um", 1e4}, {"µm", 1e4}, {"μm", 1e4},
                                {"mm", 1e7},       {"cm", 1e8},        {"m", 1e10}, {"fm", 1e-5}};
  if (plain(unit).empty()) return 1.0;
  const double* length = find(lengths, inverted(plain(unit)));
  if (length == nullptr) refuse(where, unit, "1/Angstrom, 1/nm, 1/um, 1/m, 1/fm and the like, also as nm^-1");
  return 1.0 / *length;
}

double in_degrees(double angle, double degrees_of_one) {
  if (degrees_of_one == 1.0) return angle;
  const double degrees = angle * degrees_of_one, decimal = std::round(1e9 * degrees) / 1e9;
  const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::abs(degrees);
  return std::abs(degrees - decimal) <= rounding ? decimal : degrees;
}

}  // namespace ister::drivers
