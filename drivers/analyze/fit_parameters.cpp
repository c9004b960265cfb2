#include "drivers/analyze/fit_parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.hpp"

namespace ister::drivers {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::size_t parameter(const std::string& name, const std::string& option) {
  for (std::size_t k = 0; k < core::homodyne_names.size(); ++k)
    if (name == core::homodyne_names[k]) return k;
  throw InputError(
      fmt::format("{}: no parameter \"{}\"; there are {}", option, name, fmt::join(core::homodyne_names, ", ")));
}

/// Splits "a=b" at the sign.
std::pair<std::string, std::string> split(const std::string& text, char sign, const std::string& option,
                                          const char* form) {
  const std::size_t at = text.find(sign);
  if (at == std::string::npos) throw InputError(fmt::format("{}: \"{}\" has to be {}", option, text, form));
  return {text.substr(0, at), text.substr(at + 1)};
}

/// The parameter and the text of each NAME=TEXT.
std::vector<std::pair<std::size_t, std::string>> assignments(const std::vector<std::string>& texts,
                                                             const std::string& option, const char* form) {
  std::vector<std::pair<std::size_t, std::string>> result;
  std::set<std::size_t> seen;
  for (const std::string& text : texts) {
    const auto [name, value] = split(text, '=', option, form);
    const std::size_t k = parameter(name, option);
    if (!seen.insert(k).second) throw InputError(fmt::format("{}: {} is given twice", option, name));
    result.emplace_back(k, value);
  }
  return result;
}

}  // namespace

double finite_number(const std::string& text, const std::string& option) {
  std::size_t end = 0;
  double value = 0.0;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = std::string::npos;
  }
  if (end != text.size() || !std::isfinite(value))
    throw InputError(fmt::format("{}: \"{}\" is not a number", option, text));
  return value;
}

FitParameters fit_parameters(const std::vector<std::string>& start, const std::vector<std::string>& bounds,
                             const std::vector<std::string>& fixed) {
  FitParameters result;
  result.open.fill(true);
  for (const char* name : core::homodyne_names) result.all.push_back({name, 0.0, -infinity, infinity, false});
  for (const std::size_t k : {0u, 3u}) result.all[k].lower = 0.0;                              // amplitudes
  for (const std::size_t k : {1u, 4u}) result.all[k].lower = -2.0, result.all[k].upper = 2.0;  // exponents
  for (const auto& [k, value] : assignments(start, "--start", "NAME=VALUE")) {
    result.all[k].start = finite_number(value, "--start " + result.all[k].name);
    result.open[k] = false;
  }
  for (const std::string& name : fixed) {
    const std::size_t k = parameter(name, "--fixed");
    result.all[k].fixed = true;
    result.open[k] = false;
  }
  for (const auto& [k, range] : assignments(bounds, "--bounds", "NAME=LOW:HIGH")) {
    core::FitParameter& p = result.all[k];
    const auto [low, high] = split(range, ':', "--bounds " + p.name, "LOW:HIGH");
    p.lower = low.empty() ? -infinity : finite_number(low, "--bounds " + p.name);
    p.upper = high.empty() ? infinity : finite_number(high, "--bounds " + p.name);
    if (!(p.lower < p.upper))
      throw InputError(fmt::format("--bounds {}: {} has to be below {}", p.name, p.lower, p.upper));
  }
  for (std::size_t k = 0; k < result.all.size(); ++k) {
    const core::FitParameter& p = result.all[k];
    if (!p.fixed && !result.open[k] && (p.start < p.lower || p.start > p.upper))
      throw InputError(
          fmt::format("--start {}: {} is not within its bounds {} to {}", p.name, p.start, p.lower, p.upper));
  }
  return result;
}

}  // namespace ister::drivers
