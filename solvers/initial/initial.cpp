#include "solvers/initial/initial.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "solvers/initial/states.hpp"
#include "solvers/place.hpp"

namespace ister::solvers {
namespace {

PrimitivePoint point_of(const InitialState& s, std::size_t i) {
  return {s.energy_density[i],
          {s.ux[i], s.uy[i], s.uz[i]},
          {s.pixx[i], s.pixy[i], s.pixz[i], s.piyy[i], s.piyz[i], s.pizz[i]},
          s.bulk_pressure[i]};
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

void set_point(InitialState& state, std::size_t i, const PrimitivePoint& point) {
  state.energy_density[i] = point.energy_density;
  state.ux[i] = point.u.x;
  state.uy[i] = point.u.y;
  state.uz[i] = point.u.z;
  state.pixx[i] = point.pi.xx;
  state.pixy[i] = point.pi.xy;
  state.pixz[i] = point.pi.xz;
  state.piyy[i] = point.pi.yy;
  state.piyz[i] = point.pi.yz;
  state.pizz[i] = point.pi.zz;
  state.bulk_pressure[i] = point.bulk_pressure;
}

InitialState evaluate(const PointState& state, const core::Grid& grid, const core::Box& box) {
  InitialState s;
  for (const StateField& field : state_fields) (s.*field.values).resize(static_cast<std::size_t>(box.points()));
  std::size_t i = 0;
  for_each_position(grid, box, [&](const Vec3& position) { set_point(s, i++, state(position)); });
  return s;
}

std::string geometry_name(physics::Geometry geometry) {
  return geometry == physics::Geometry::milne ? "milne" : "minkowski";
}

void InitialContext::require(physics::Geometry geometry) const {
  if (solver.geometry == geometry) return;
  throw InputError(fmt::format("initial.type = \"{}\" needs grid.geometry = \"{}\"", type, geometry_name(geometry)));
}

void InitialContext::require_dimensions(int least) const {
  if (grid().dimensions >= least) return;
  throw InputError(
      fmt::format("initial.type = \"{}\" needs {}", type, least == 2 ? "2 or 3 dimensions" : "3 dimensions"));
}

std::function<InitialSource(const InitialContext&)> point_by_point(PointState (*state)(const InitialContext&)) {
  return [state](const InitialContext& context) {
    PointState points;
    core::collectively(context.comm, [&] { points = state(context); });
    InitialSource source;
    source.make = [points, &fluid = context.fluid, grid = context.grid()](const core::Box& box) {
      InitialState piece = evaluate(points, grid, box);
      check_initial_state(piece, fluid, grid, box);
      return piece;
    };
    return source;
  };
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
                                  MPI_Comm comm, int stride, const std::vector<InitialType>& types) {
  const InitialType& type = core::require_choice(types, "initial", options.type);
  const core::OptionValues values = core::completed("initial", type, options.values, decomposition.grid().dimensions);
  return type.make({type.name, values, solver, fluid, decomposition, comm, stride});
}

InitialState make_initial_state(const InitialOptions& options, const SolverOptions& solver,
                                const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                MPI_Comm comm, const std::vector<InitialType>& types) {
  const core::Box box = decomposition.box();
  const InitialSource source = make_initial_source(options, solver, fluid, decomposition, comm, 1, types);
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

core::Option floor_key(double fallback) {
  return core::Option("floor", fallback, "e -> sqrt(e^2 + (floor e_max)^2), which fills the vacuum").within(0, 1);
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
