#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "drivers/commands.hpp"
#include "drivers/eos/eos_formats.hpp"
#include "drivers/eos/eos_rows.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/print.hpp"
#include "drivers/run/set_up.hpp"
#include "io/atomic_file.hpp"
#include "io/collective.hpp"
#include "physics/units.hpp"

namespace ister::drivers {
namespace {

using namespace physics::units;

const EosFormat& format_of(const std::string& name) {
  const auto& formats = eos_formats();
  return *std::find_if(formats.begin(), formats.end(), [&](const EosFormat& f) { return f.name == name; });
}

/// ln e [1/fm^4] at a temperature [GeV] that the equation of state reaches.
double log_e_at(const physics::FluidModel& fluid, double temperature) {
  const double wanted = gev_to_inverse_fm(temperature);
  const double log_e = fluid.log_e_of_temperature(wanted);
  const double reached = fluid.eos(log_e).temperature;
  if (std::abs(reached / wanted - 1.0) > 1e-9)
    throw InputError(fmt::format("ister eos: --temperature {:g}: this equation of state ends at {:.6g} GeV",
                                 temperature, inverse_fm_to_gev(reached)));
  return log_e;
}

int points_of(const EosCommand& command, const EosFormat& format, double log_e_range) {
  const int points = command.points.value_or(format.points);
  if (points == 0) return std::max(format.least_points, rows_of_table(log_e_range));
  if (points < format.least_points || points > format.most_points)
    throw InputError(fmt::format("ister eos: --points {}: {} reads {} to {} rows", points, format.name,
                                 format.least_points, format.most_points));
  return points;
}

std::vector<EosRow> rows_of(const EosCommand& command, const EosFormat& format, const physics::FluidModel& fluid) {
  const double low = log_e_at(fluid, command.lowest.value_or(format.lowest));
  const double high = log_e_at(fluid, command.highest.value_or(format.highest));
  if (!(low < high)) throw InputError("ister eos: --temperature expects MIN < MAX");
  return eos_rows(fluid, low, high, points_of(command, format, high - low), format.even_in_energy);
}

}  // namespace

ExitCode eos(const core::Ranks& ranks, const EosCommand& command) {
  const Input input = read_input_everywhere(ranks, command.input, command.overrides);
  const physics::FluidModel fluid = make_fluid(ranks, input);
  io::on_rank_zero(ranks.comm(), [&] {
    const EosFormat& format = format_of(command.format);
    const std::vector<EosRow> rows = rows_of(command, format, fluid);
    const std::filesystem::path file = command.output.value_or(format.file);
    io::write_text_file(file, format.encode(rows, eos_comment(input)));
    print_out("{} rows, T = {:.6g} to {:.6g} GeV, e = {:.6g} to {:.6g} GeV/fm^3\n", rows.size(),
              rows.front().temperature, rows.back().temperature, rows.front().energy_density,
              rows.back().energy_density);
    for (const std::string& line : fluid.warnings()) print_out("warning: {}\n", line);
    print_out("written: {}\n", file.string());
  });
  return ExitCode::success;
}

}  // namespace ister::drivers
