#include "drivers/analyze/units.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <limits>
#include <map>

#include "core/base/error.hpp"

namespace ister::drivers {
namespace {

using Worth = std::map<std::string, double>;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// Small letters, digits, '/' and '-' only.
std::string plain(std::string text) {
  const std::pair<const char*, const char*> signs[] = {
      {"\u00c5", "angstrom"}, {"\u212b", "angstrom"}, {"A\u030a", "angstrom"}, {"\u00e5", "angstrom"},
      {"\u207b\u00b9", "-1"}, {"\u2212", "-"},        {"\u00b5", "u"},         {"\u03bc", "u"},
      {"\u00b0", "deg"},      {"\u00f6", "o"}};
  for (const auto& [sign, word] : signs) replace_all(text, sign, word);
  std::string result;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '-')
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::optional<double> find(const Worth& known, std::string name) {
  auto found = known.find(name);
  if (found == known.end() && !name.empty() && name.back() == 's') {
    name.pop_back();
    found = known.find(name);
  }
  if (found == known.end()) return std::nullopt;
  return found->second;
}

double known(std::optional<double> worth, const std::string& unit, const std::string& where, const char* allowed) {
  if (worth) return *worth;
  throw InputError(fmt::format("{}: the unit \"{}\" is not known here; known are {} (--units states the right one)",
                               where, unit, allowed));
}

}  // namespace

std::optional<double> inverse_angstroms_in(const std::string& unit) {
  static const Worth lengths = {{"fm", 1e-5},        {"femtometer", 1e-5}, {"femtometre", 1e-5}, {"pm", 1e-2},
                                {"picometer", 1e-2}, {"picometre", 1e-2},  {"a", 1.0},           {"ang", 1.0},
                                {"angstrom", 1.0},   {"angstroem", 1.0},   {"nm", 10.0},         {"nanometer", 10.0},
                                {"nanometre", 10.0}, {"um", 1e4},          {"micron", 1e4},      {"micrometer", 1e4},
                                {"micrometre", 1e4}, {"mm", 1e7},          {"millimeter", 1e7},  {"millimetre", 1e7},
                                {"cm", 1e8},         {"m", 1e10},          {"meter", 1e10},      {"metre", 1e10}};
  std::string name = plain(unit);
  bool inverse = false;
  for (const char* word : {"rad/", "1/", "/", "inverse", "reciprocal", "inv", "per"})
    if (const std::string start = word; !inverse && name.compare(0, start.size(), start) == 0) {
      name.erase(0, start.size());
      inverse = true;
    }
  if (name.size() > 2 && name.compare(name.size() - 2, 2, "-1") == 0 && !inverse) {
    name.resize(name.size() - 2);
    inverse = true;
  }
  const std::optional<double> length = find(lengths, name);
  if (!inverse || !length) return std::nullopt;
  return 1.0 / *length;
}

std::optional<double> degrees_in(const std::string& unit) {
  static const Worth angles = {{"deg", 1.0},          {"degree", 1.0},
                               {"rad", 180.0 / M_PI}, {"radian", 180.0 / M_PI},
                               {"mrad", 0.18 / M_PI}, {"milliradian", 0.18 / M_PI},
                               {"arcmin", 1.0 / 60},  {"arcsec", 1.0 / 3600}};
  return find(angles, plain(unit));
}

std::optional<double> seconds_in(const std::string& unit) {
  static const Worth times = {{"s", 1.0},       {"sec", 1.0},         {"second", 1.0},
                              {"ms", 1e-3},     {"msec", 1e-3},       {"millisecond", 1e-3},
                              {"us", 1e-6},     {"usec", 1e-6},       {"microsecond", 1e-6},
                              {"ns", 1e-9},     {"nanosecond", 1e-9}, {"min", 60.0},
                              {"minute", 60.0}, {"h", 3600.0},        {"hour", 3600.0}};
  return find(times, plain(unit));
}

double degrees_of_unit(const std::string& unit, const std::string& where) {
  if (plain(unit).empty()) return 1.0;
  return known(degrees_in(unit), unit, where, "deg, degrees, rad, radians, mrad, arcmin and arcsec");
}

double inverse_angstrom_of_unit(const std::string& unit, const std::string& where) {
  if (plain(unit).empty()) return 1.0;
  return known(inverse_angstroms_in(unit), unit, where,
               "1/Angstrom, 1/nm, 1/um, 1/m, 1/fm and the like, also as nm^-1");
}

double in_degrees(double angle, double degrees_of_one) {
  if (degrees_of_one == 1.0) return angle;
  const double degrees = angle * degrees_of_one, decimal = std::round(1e9 * degrees) / 1e9;
  const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::abs(degrees);
  return std::abs(degrees - decimal) <= rounding ? decimal : degrees;
}

}  // namespace ister::drivers
