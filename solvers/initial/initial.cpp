#include "solvers/initial/initial.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "solvers/initial/states.hpp"
#include "solvers/place.hpp"

namespace ister::solvers {
namespace {

const std::map<std::string, PointState (*)(const InitialContext&)>& named_states() {
  static const std::map<std::string, PointState (*)(const InitialContext&)> states{
      {"uniform", uniform_state},       {"sound_wave", sound_wave}, {"shear_wave", shear_wave},
      {"standing_wave", standing_wave}, {"hot_spot", hot_spot},     {"kelvin_helmholtz", kelvin_helmholtz},
      {"shock_tube", shock_tube},       {"gubser", gubser_flow},    {"steady_shock", steady_shock},
  };
  return states;
}

PointState find_state(const InitialContext& context, const EventData* event) {
  const std::string& type = context.options.type;
  if (type == "trento") {
    ISTER_REQUIRE(event != nullptr);
    return trento_event(context, *event);
  }
  const auto found = named_states().find(type);
  if (found == named_states().end()) throw InputError(fmt::format("initial.type = \"{}\" is not known", type));
  return found->second(context);
}

PrimitivePoint point_of(const InitialState& s, std::size_t i) {
  return {s.energy_density[i],
          {s.ux[i], s.uy[i], s.uz[i]},
          {s.pixx[i], s.pixy[i], s.pixz[i], s.piyy[i], s.piyz[i], s.pizz[i]},
          s.bulk_pressure[i]};
}

/// Calls visit(position) for the points of a box in file order.
template <class Visit>
void for_each_position(const core::Grid& grid, const core::Box& box, const Visit& visit) {
  for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
      for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x)
        visit(Vec3{grid.coordinate(0, x), grid.coordinate(1, y), grid.coordinate(2, z)});
}

InitialState evaluate(const PointState& state, const core::Grid& grid, const core::Box& box) {
  InitialState s;
  for (const StateField& field : state_fields) (s.*field.values).reserve(static_cast<std::size_t>(box.points()));
  for_each_position(grid, box, [&](const Vec3& position) {
    const PrimitivePoint p = state(position);
    s.energy_density.push_back(p.energy_density);
    s.ux.push_back(p.u.x);
    s.uy.push_back(p.u.y);
    s.uz.push_back(p.u.z);
    s.pixx.push_back(p.pi.xx);
    s.pixy.push_back(p.pi.xy);
    s.pixz.push_back(p.pi.xz);
    s.piyy.push_back(p.pi.yy);
    s.piyz.push_back(p.pi.yz);
    s.pizz.push_back(p.pi.zz);
    s.bulk_pressure.push_back(p.bulk_pressure);
  });
  complete_initial_state(s);
  return s;
}

/// Stresses of the fluid at rest in the expansion of the coordinates, where theta = 1/tau, sigma^xx = sigma^yy =
/// -1/(3 tau) and tau^2 sigma^{eta eta} = 2/(3 tau): pi = -2 eta sigma, Pi = -zeta theta.
void set_navier_stokes(InitialState& state, const physics::FluidModel& fluid, double tau) {
  for (std::size_t i = 0; i < state.energy_density.size(); ++i) {
    const physics::FluidPoint point = fluid.at(std::log(state.energy_density[i]));
    const double enthalpy = state.energy_density[i] / point.energy_fraction;
    const double eta = fluid.has_shear() ? enthalpy * point.shear_stiffness / point.shear_rate : 0.0;
    const double zeta = fluid.has_bulk() ? enthalpy * point.bulk_stiffness / point.bulk_rate : 0.0;
    state.pixx[i] = state.piyy[i] = 2.0 / 3.0 * eta / tau;
    state.pizz[i] = -4.0 / 3.0 * eta / tau;
    state.bulk_pressure[i] = -zeta / tau;
  }
}

/// What is wrong with a point, or an empty string.
std::string complaint(const InitialState& state, std::size_t i, const physics::FluidModel& fluid) {
  for (const StateField& field : state_fields) {
    const double value = (state.*field.values)[i];
    const auto because = [&](const char* what) { return fmt::format("{} = {:.6g} {}", field.name, value, what); };
    if (!std::isfinite(value)) return because("is not finite");
    if (field.form == Form::logarithm && value <= 0)
      return because("must be positive (of events and state files initial.floor, say 1e-4, fills the vacuum)");
    if (value == 0 || has_part(field.part, fluid.has_shear(), fluid.has_bulk())) continue;
    return because(field.part == Part::shear
                       ? "must be zero: with transport.eta_over_s = 0 the shear stress is not evolved"
                       : "must be zero: with transport.zeta_over_s = 0 the bulk pressure is not evolved");
  }
  const PrimitivePoint p = point_of(state, i);
  const double expected = traceless_zz(p.u, p.pi);
  if (!(std::abs(p.pi.zz - expected) <= 1e-6 * p.energy_density))
    return fmt::format(
        "pizz = {:.6g} breaks tracelessness by more than 1e-6 of the energy density {:.6g}: with these "
        "ux, uy, uz and the other components it should be {:.6g} (or leave pizz out)",
        p.pi.zz, p.energy_density, expected);
  return "";
}

}  // namespace

double traceless_zz(const Vec3& u, const Sym3& pi) {
  const physics::Kinematics k = physics::kinematics(u);
  return physics::traceless_zz(pi, k.v, physics::longitudinal_factor(k, u));
}

double InitialContext::background_energy() const {
  if (options.energy_density > 0) return options.energy_density;
  if (options.temperature > 0) return std::exp(fluid.log_e_of_temperature(options.temperature));
  throw InputError(fmt::format(
      "initial.type = \"{}\" needs initial.energy_density or initial.temperature, a number > 0", options.type));
}

void InitialContext::require(physics::Geometry geometry) const {
  if (solver.geometry == geometry) return;
  throw InputError(fmt::format("initial.type = \"{}\" needs grid.geometry = \"{}\"", options.type,
                               geometry == physics::Geometry::milne ? "milne" : "minkowski"));
}

std::vector<core::Box> initial_boxes(const core::Decomposition& decomposition, int stride) {
  return stride > 1 ? decomposition.lines(stride) : decomposition.pieces(std::int64_t{1} << 16);
}

std::int64_t initial_box_bytes(const core::Decomposition& decomposition) {
  constexpr std::int64_t arrays = std::size(state_fields) + 3;  // and ln e, the enthalpy, a ratio
  const std::vector<core::Box> boxes = initial_boxes(decomposition);
  return boxes.empty() ? 0 : arrays * static_cast<std::int64_t>(sizeof(double)) * boxes.front().points();
}

InitialSource make_initial_source(const InitialOptions& options, const SolverOptions& solver,
                                  const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                  MPI_Comm comm, const EventData* event, int stride) {
  const InitialContext context{options, solver, fluid, decomposition.grid()};
  if (options.type == "random_velocity") return random_velocity(context, decomposition, comm, stride > 1);

  InitialSource source;
  PointState state;
  core::collectively(comm, [&] { state = find_state(context, event); });
  const bool from_event = options.type == "trento";
  const auto energies = [&](const core::Box& box) {
    std::vector<double> values;
    for_each_position(context.grid, box, [&](const Vec3& at) { values.push_back(state(at).energy_density); });
    return values;
  };
  const double floor =
      from_event ? options.floor * largest_energy(energies, initial_boxes(decomposition, stride), comm) : 0.0;
  const bool moving = from_event && options.stress == "navier_stokes" && solver.geometry == physics::Geometry::milne;
  source.make = [=, &fluid, grid = context.grid, tau = solver.time.start](const core::Box& box) {
    InitialState piece = evaluate(state, grid, box);
    if (from_event) apply_floor(piece.energy_density, floor);
    if (moving) set_navier_stokes(piece, fluid, tau);
    check_initial_state(piece, fluid, grid, box);
    return piece;
  };
  // The map and the three arrays of derivatives of its spline.
  if (from_event) source.bytes = static_cast<std::int64_t>(4 * sizeof(double) * event->values.size());
  return source;
}

InitialState make_initial_state(const InitialOptions& options, const SolverOptions& solver,
                                const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                MPI_Comm comm, const EventData* event) {
  const core::Box box = decomposition.box();
  const InitialSource source = make_initial_source(options, solver, fluid, decomposition, comm, event);
  InitialState state;
  core::collectively(comm, [&] { state = source.make(box); });
  return state;
}

double largest_energy(const std::function<std::vector<double>(const core::Box&)>& energy_density,
                      const std::vector<core::Box>& boxes, MPI_Comm comm) {
  double e_max = 0;
  core::collectively(comm, [&] {
    for (const core::Box& box : boxes)
      for (const double e : energy_density(box))
        if (std::isfinite(e)) e_max = std::fmax(e_max, e);
  });
  MPI_Allreduce(MPI_IN_PLACE, &e_max, 1, MPI_DOUBLE, MPI_MAX, comm);
  return e_max;
}

void apply_floor(std::vector<double>& energy_density, double least) {
  for (double& e : energy_density)
    if (e >= -least) e = std::hypot(e, least);
}

EnergyRange energy_range(const InitialSource& source, const std::vector<core::Box>& boxes, MPI_Comm comm) {
  double range[] = {-std::numeric_limits<double>::max(), 0.0};  // minus the lowest, the highest
  core::collectively(comm, [&] {
    for (const core::Box& box : boxes)
      for (const double e : source.make(box).energy_density) {
        range[0] = std::fmax(range[0], -e);
        range[1] = std::fmax(range[1], e);
      }
  });
  MPI_Allreduce(MPI_IN_PLACE, range, 2, MPI_DOUBLE, MPI_MAX, comm);
  return {-range[0], range[1]};
}

void complete_initial_state(InitialState& state) {
  const std::size_t points = state.energy_density.size();
  const bool without_zz = state.pizz.empty();
  for (const StateField& field : state_fields)
    if ((state.*field.values).empty()) (state.*field.values).assign(points, 0.0);
  for (std::size_t i = 0; without_zz && i < points; ++i) {
    const PrimitivePoint p = point_of(state, i);
    state.pizz[i] = traceless_zz(p.u, p.pi);
  }
}

void check_initial_state(const InitialState& state, const physics::FluidModel& fluid, const core::Grid& grid,
                         const core::Box& box) {
  for (std::size_t i = 0; i < state.energy_density.size(); ++i) {
    const std::string problem = complaint(state, i, fluid);
    if (!problem.empty()) throw InputError(fmt::format("initial state: {}, {}", problem, place(grid, box, i)));
  }
}

}  // namespace ister::solvers
