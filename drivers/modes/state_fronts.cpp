#include "drivers/modes/state_fronts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "io/state_file.hpp"
#include "physics/characteristics.hpp"
#include "physics/nonlinear_causality.hpp"
#include "physics/units.hpp"
#include "solvers/place.hpp"

namespace ister::drivers {
namespace {

constexpr std::size_t most_points = 20000;

/// The fields of a state on the grid of a deck; those that a file leaves out are zero.
class StateFields {
 public:
  StateFields(const io::FieldFile& file, const core::Decomposition& whole) {
    for (const char* name :
         {"energy_density", "ux", "uy", "uz", "pixx", "pixy", "pixz", "piyy", "piyz", "bulk_pressure"}) {
      m_values.emplace_back(static_cast<std::size_t>(whole.grid().total_points()));
      if (file.has(name)) file.read(name, whole, m_values.back().data());
    }
  }

  [[nodiscard]] const std::vector<double>& energy_density() const { return m_values[0]; }
  [[nodiscard]] physics::FlowState at(std::size_t i, double w) const {
    const auto value = [&](int field) { return m_values[field][i]; };
    physics::FlowState state{{value(1), value(2), value(3)},
                             {value(4) / w, value(5) / w, value(6) / w, value(7) / w, value(8) / w, 0},
                             value(9) / w};
    physics::complete_trace<physics::ShearBulkStress>(physics::kinematics(state.u), state);
    return state;
  }

 private:
  std::vector<std::vector<double>> m_values;
};

struct Judgement {
  double all = 0, by_symbol = 0, by_axes = 0;  ///< weights
  std::size_t judged = 0, place = 0;           ///< points; that with the fastest front
  physics::FastestFront fastest;
};

/// The points that count.
std::vector<std::size_t> hot_points(const std::vector<double>& energy_density, double cut) {
  std::vector<std::size_t> points;
  for (std::size_t i = 0; i < energy_density.size(); ++i)
    if (energy_density[i] > cut) points.push_back(i);
  return points;
}

Judgement judge(const StateFields& fields, const std::vector<std::size_t>& points, std::size_t stride,
                const Input& input, const physics::FluidModel& fluid) {
  Judgement result;
  for (std::size_t p = 0; p < points.size(); p += stride) {
    const double e = fields.energy_density()[points[p]];
    const physics::PointEquations equations = physics::point_equations(fluid, input.solver.transport, std::log(e));
    const physics::FlowState state = fields.at(points[p], e * equations.fluid.enthalpy_over_energy);
    const physics::FastestFront front = physics::fastest_front(equations, state);
    const double weight = e * physics::kinematics(state.u).g;
    ++result.judged;
    result.all += weight;
    if (!front.causal()) result.by_symbol += weight;
    if (!physics::causal_on_axes(equations, state)) result.by_axes += weight;
    if (!front.worse_than(result.fastest)) continue;
    result.fastest = front;
    result.place = points[p];
  }
  return result;
}

std::string describe_fastest(const Judgement& j, const core::Decomposition& whole, double energy_density) {
  const std::string speed = j.fastest.complex() ? fmt::format("complex, with {:.4g}i", j.fastest.growth)
                                                : fmt::format("{:.6g} of that of light", j.fastest.speed);
  return fmt::format("fastest front in the frame of the fluid: {} at {}, e = {:.4g} GeV/fm^3\n", speed,
                     solvers::place(whole.grid(), whole.box(), j.place),
                     physics::units::natural_to_gev_per_fm3(energy_density));
}

}  // namespace

std::string describe_fronts(const std::filesystem::path& state, const Input& input, const physics::FluidModel& fluid) {
  const io::FieldFile file = io::open_state(MPI_COMM_SELF, state);
  const core::Decomposition whole(input.grid, 1, 0);
  const StateFields fields(file, whole);
  const std::vector<std::size_t> points = hot_points(fields.energy_density(), input.solver.verdict_cut);
  const double cut = physics::units::natural_to_gev_per_fm3(input.solver.verdict_cut);
  if (points.empty()) return fmt::format("{}: no matter with e > {:.4g} GeV/fm^3\n", state.string(), cut);
  const Judgement j = judge(fields, points, (points.size() - 1) / most_points + 1, input, fluid);
  return fmt::format(
             "{} at time {:.6g} fm: of the matter with e > {:.4g} GeV/fm^3, {:.4g} % is acausal in 15 directions, "
             "{:.4g} % along the principal axes of its stress ({} of {} points)\n",
             state.string(), file.attribute<double>("time"), cut, 100 * j.by_symbol / j.all, 100 * j.by_axes / j.all,
             j.judged, points.size()) +
         describe_fastest(j, whole, fields.energy_density()[j.place]);
}

}  // namespace ister::drivers
