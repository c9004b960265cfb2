#include "drivers/particles/freeze_out_elements.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"
#include "solvers/observers/surface_finder.hpp"

namespace ister::drivers {

using core::surface::ElementTable;
using physics::FreezeOutElement;

void require_no_flow_along_eta(const ElementTable& table, const std::string& where) {
  const auto still = [](double value) { return value == 0.0; };
  for (const char* name : {"uz", "pixz", "piyz", "dS_eta"})
    if (!std::all_of(table.column(name).begin(), table.column(name).end(), still))
      throw InputError(fmt::format("{}: the matter flows along eta ({} is not 0 everywhere)", where, name));
}

SurfaceKind surface_kind(const ElementTable& table, std::size_t directions, const std::string& source) {
  const bool milne = table.columns == solvers::surface_columns(true);
  if (!milne && table.columns != solvers::surface_columns(false))
    throw InputError(source + ": the columns are not those of a surface");
  if (directions == 3) return milne ? SurfaceKind::milne : SurfaceKind::minkowski;
  if (directions != 2 || !milne)
    throw InputError(source +
                     ": particles are those of surfaces of runs with x and y in Milne coordinates, or with "
                     "three directions");
  require_no_flow_along_eta(table, source);
  return SurfaceKind::boost_invariant;
}

std::vector<FreezeOutElement> freeze_out_elements(const ElementTable& table, SurfaceKind kind,
                                                  physics::ViscousCorrection& correction, const std::string& source) {
  std::vector<FreezeOutElement> elements;
  elements.reserve(static_cast<std::size_t>(table.rows()));
  for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows()); ++r) {
    const auto value = [&](std::size_t column) { return table.values[column][r]; };  // in the order of surface_columns
    const double metric = kind == SurfaceKind::minkowski ? 1.0 : value(0),
                 eta = kind == SurfaceKind::milne ? value(3) : 0;
    const double temperature = value(12), enthalpy = value(11) + value(13);
    elements.push_back({eta, metric * value(4), metric * value(5), metric * value(6), value(7), value(8), value(9),
                        value(10), temperature, value(15), value(16), value(17), value(18), value(19), value(20),
                        correction.at(temperature, enthalpy, value(21))});
  }
  if (elements.empty()) throw InputError(source + ": the surface is empty: nothing was above its level");
  return elements;
}

}  // namespace ister::drivers
