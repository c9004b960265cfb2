#include "drivers/eos/eos_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "drivers/build_info.hpp"
#include "physics/units.hpp"

namespace ister::drivers {
namespace {

using namespace physics::units;

EosRow row_at(const physics::FluidModel& fluid, double log_e) {
  const physics::EosPoint point = fluid.eos(log_e);
  const double e = std::exp(log_e), p = point.pressure_over_energy * e;
  return {natural_to_gev_per_fm3(e), natural_to_gev_per_fm3(p), (e + p) / point.temperature,
          inverse_fm_to_gev(point.temperature), point.sound_speed_squared};
}

}  // namespace

int rows_of_table(double log_e_range) {
  constexpr double step = 0.0501;  // a little more than what tells two rows of a table that is read apart
  return 1 + static_cast<int>(log_e_range / step);
}

std::vector<EosRow> eos_rows(const physics::FluidModel& fluid, double low, double high, int points,
                             bool even_in_energy) {
  std::vector<EosRow> rows;
  for (int i = 0; i < points; ++i) {
    const double part = static_cast<double>(i) / (points - 1);
    const double log_e = even_in_energy ? std::log((1.0 - part) * std::exp(low) + part * std::exp(high))
                                        : (1.0 - part) * low + part * high;
    rows.push_back(row_at(fluid, log_e));
  }
  return rows;
}

std::string eos_comment(const Input& input) {
  const std::string version = version_text();
  return fmt::format("equation of state {}\n{}", input.solver.eos.type, version.substr(0, version.find('\n')));
}

std::string eos_csv(const physics::FluidModel& fluid, const Input& input) {
  const EosFormat& csv = eos_formats().front();
  const auto at = [&](double temperature) { return fluid.log_e_of_temperature(temperature); };
  double low = at(gev_to_inverse_fm(csv.lowest)), high = at(gev_to_inverse_fm(csv.highest));
  if (!(low < high)) {  // a table of other temperatures
    low = at(fluid.lowest_temperature());
    high = at(fluid.highest_temperature());
  }
  const int points = std::max(csv.least_points, rows_of_table(high - low));
  return csv.encode(eos_rows(fluid, low, high, points, csv.even_in_energy), eos_comment(input));
}

}  // namespace ister::drivers
