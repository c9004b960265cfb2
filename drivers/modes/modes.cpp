#include <cmath>

#include "drivers/commands.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/modes/report.hpp"
#include "drivers/modes/state_fronts.hpp"
#include "drivers/print.hpp"
#include "drivers/run/set_up.hpp"
#include "io/atomic_file.hpp"
#include "io/collective.hpp"

namespace ister::drivers {
namespace {

/// What initial states without a temperature of their own stand for [MeV].
constexpr double usual_temperature = 200;

double initial_number(const Input& input, const std::string& key) {
  return input.initial.values.has(key) ? input.initial.values.number(key) : 0.0;
}

/// ln e of the background: as asked for in the units of the deck, else that of the initial state, else the usual one.
double background_log_e(const ModesCommand& command, const Input& input, const physics::FluidModel& fluid) {
  const double unit = input.units == "gev-fm" ? 1.0 / physics::units::hbar_c_gev_fm : 1.0;
  if (command.energy_density) return std::log(unit * *command.energy_density);
  if (command.temperature) return fluid.log_e_of_temperature(unit * *command.temperature);
  const double energy_density = initial_number(input, "energy_density");
  if (energy_density > 0) return std::log(energy_density);
  const double temperature = initial_number(input, "temperature");
  return fluid.log_e_of_temperature(temperature > 0 ? temperature
                                                    : physics::units::mev_to_inverse_fm(usual_temperature));
}

std::vector<double> wavenumbers(const ModesCommand& command) {
  std::vector<double> k{command.k_min};
  const double range = std::log(command.k_max / command.k_min);
  for (int i = 1; i < command.k_count - 1; ++i)
    k.push_back(command.k_min * std::exp(range * i / (command.k_count - 1)));
  k.push_back(command.k_max);
  return k;
}

ModesResult waves_of(const ModesCommand& command, const Input& input, const physics::FluidModel& fluid) {
  const double log_e = background_log_e(command, input, fluid);
  const physics::PointEquations equations = physics::point_equations(fluid, input.solver.transport, log_e);
  ModesResult result{std::exp(log_e), {equations, command.velocity, command.angle}, {}};
  result.waves = physics::dispersion(result.background, wavenumbers(command));
  return result;
}

}  // namespace

ExitCode modes(const core::Ranks& ranks, const ModesCommand& command) {
  const Input input = read_input_everywhere(ranks, command.input, command.overrides);
  const physics::FluidModel fluid = make_fluid(ranks, input);
  io::on_rank_zero(ranks.comm(), [&] {
    if (command.state) return print_out("{}", describe_fronts(*command.state, input, fluid));
    const ModesResult result = waves_of(command, input, fluid);
    print_out("{}", describe(result));
    for (const std::string& line : fluid.warnings()) print_out("warning: {}\n", line);
    if (!command.csv) return;
    io::write_text_file(*command.csv, csv_of(result));
    print_out("written: {}\n", command.csv->string());
  });
  return ExitCode::success;
}

}  // namespace ister::drivers
