#include "solvers/initial/state_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "physics/entropy.hpp"
#include "physics/units.hpp"
#include "solvers/initial/cubic_map.hpp"
#include "solvers/initial/navier_stokes.hpp"

namespace ister::solvers {
namespace {

/// The components of flow and stress that are read, pizz apart.
constexpr std::vector<double> InitialState::*vector_fields[] = {
    &InitialState::ux,   &InitialState::uy,   &InitialState::uz,   &InitialState::pixx,
    &InitialState::pixy, &InitialState::pixz, &InitialState::piyy, &InitialState::piyz};
constexpr int flow_fields = 3;

/// Exchanges x and y.
void transpose(StateMap& map) {
  const auto nx = static_cast<std::size_t>(map.nodes[0].count), ny = static_cast<std::size_t>(map.nodes[1].count);
  const auto turn = [&](std::vector<double>& values) {
    const std::vector<double> old = values;
    for (std::size_t z = 0; z < old.size() / (nx * ny); ++z)
      for (std::size_t y = 0; y < ny; ++y)
        for (std::size_t x = 0; x < nx; ++x) values[(z * nx + x) * ny + y] = old[(z * ny + y) * nx + x];
  };
  InitialState& f = map.fields;
  for (const StateField& field : state_fields) turn(f.*field.values);
  turn(map.isotropic_pressure);
  std::swap(f.ux, f.uy);
  std::swap(f.pixx, f.piyy);
  std::swap(f.pixz, f.piyz);
  std::swap(map.nodes[0], map.nodes[1]);
}

void check_map(const InitialContext& context, const StateMap& map) {
  const std::string name = fmt::format("initial.file = \"{}\": ", context.options.text("file"));
  for (int d = 0; d < 3; ++d)
    if (const int count = map.nodes[d].count; count > 1 && count < 4)
      throw InputError(fmt::format("{}{} points along {} are too few, at least 4 are needed", name, count, "xyz"[d]));
  context.require_dimensions(2);
  const std::vector<double>& values = map.fields.energy_density;
  double largest = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    largest = std::max(largest, values[i]);
    if (std::isfinite(values[i]) && values[i] >= 0) continue;
    const auto nx = static_cast<std::size_t>(map.nodes[0].count), ny = static_cast<std::size_t>(map.nodes[1].count);
    throw InputError(fmt::format("{}value {} in row {}, column {} must be finite and not negative", name, values[i],
                                 i / nx % ny, i % nx));
  }
  if (!(largest > 0.0)) throw InputError(name + "all values of the event are zero");
  const core::Nodes& eta = map.nodes[2];
  if (eta.count > 1 && context.grid().dimensions < 3 && (eta.first > 0.0 || eta.last() < 0.0))
    throw InputError(
        fmt::format("{}it covers rapidities {:.6g} to {:.6g} without 0, where a run in two dimensions lies", name,
                    eta.first, eta.last()));
}

/// Throws InputError where the box cuts more than 1e-3 of the map's integral.
void check_box(const InitialContext& context, const StateMap& map) {
  const core::Grid& grid = context.grid();
  double total = 0, outside = 0;
  std::size_t i = 0;
  const auto beyond = [&](int d, int at) {
    if (d >= grid.dimensions || map.nodes[d].count == 1 || map.periodic[d]) return false;
    const double x = map.nodes[d].at(at), rounding = 1e-9 * map.nodes[d].step;
    return x < grid.lower[d] - rounding || x > grid.upper[d] + rounding;
  };
  for (int iz = 0; iz < map.nodes[2].count; ++iz)
    for (int iy = 0; iy < map.nodes[1].count; ++iy)
      for (int ix = 0; ix < map.nodes[0].count; ++ix) {
        const double value = map.fields.energy_density[i++];
        total += value;
        if (beyond(0, ix) || beyond(1, iy) || beyond(2, iz)) outside += value;
      }
  if (outside <= 1e-3 * total) return;
  const auto range = [&](double low, double high) { return fmt::format("{:.6g} to {:.6g}", low, high); };
  throw InputError(fmt::format(
      "grid.lower, grid.upper: the box (x {}, y {} fm) cuts {:.3g} % of the event's integral (at most 0.1 % is "
      "allowed); with points {:.6g} fm apart (initial.grid_spacing) the event covers x {}, y {} fm",
      range(grid.lower[0], grid.upper[0]), range(grid.lower[1], grid.upper[1]), 100 * outside / total,
      map.nodes[0].step, range(map.nodes[0].first, map.nodes[0].last()),
      range(map.nodes[1].first, map.nodes[1].last())));
}

/// What a map is on a grid. Its owner outlives nothing but itself: values are copied into splines.
class MappedState {
 public:
  MappedState(const InitialContext& context, StateMap map, const MapLayout& layout)
      : m_grid(context.grid()),
        m_fluid(context.fluid),
        m_layout(layout),
        m_tau(context.solver.geometry == physics::Geometry::milne ? context.solver.time.start : 0.0),
        m_energy_unit(layout.scale * (layout.entropy ? 1.0 : map.energy_unit)),
        m_energy(spline(map, std::move(map.fields.energy_density))) {
    if (map.nodes[2].count > 1) m_layout.eta = {};
    const bool stresses = layout.stress != "zero" && layout.stress != "navier_stokes";
    for (std::size_t i = 0; i < std::size(vector_fields); ++i)
      if (i < flow_fields || stresses) m_vectors[i] = spline(map, std::move(map.fields.*vector_fields[i]));
    if (!stresses) return;
    m_bulk = spline(map, std::move(map.fields.bulk_pressure));
    m_isotropic = spline(map, std::move(map.isotropic_pressure));
  }

  [[nodiscard]] std::int64_t bytes() const {
    std::int64_t sum = m_energy.bytes() + m_bulk.bytes() + m_isotropic.bytes();
    for (const CubicMap& field : m_vectors) sum += field.bytes();
    return sum;
  }

  /// Without the floor; zero where there is nothing [1/fm^4].
  [[nodiscard]] std::vector<double> energy_density(const core::Box& box) const {
    std::vector<double> values = m_energy.at(m_grid, box);
    const std::vector<double> profile = longitudinal(box);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double value = m_energy_unit * profile[i] * std::max(0.0, values[i]);
      values[i] = m_layout.entropy && value > 0.0 ? std::exp(physics::log_e_of_entropy(m_fluid, value)) : value;
    }
    return values;
  }

  [[nodiscard]] InitialState at(const core::Box& box, double floor) const {
    InitialState state;
    state.energy_density = energy_density(box);
    std::vector<double> weight = state.energy_density;  // of flow and stresses: what the floor leaves of them
    apply_floor(state.energy_density, floor);
    for (double& e : state.energy_density) e = std::max(e, m_layout.least);
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] /= state.energy_density[i];
    const std::vector<double> profile = longitudinal(box);
    std::vector<double> stress_weight = profile;
    for (std::size_t i = 0; i < weight.size(); ++i) stress_weight[i] *= m_layout.scale * weight[i];
    for (std::size_t f = 0; f < std::size(vector_fields); ++f)
      state.*vector_fields[f] = weighted(m_vectors[f], box, f < flow_fields ? weight : stress_weight);
    state.bulk_pressure = weighted(m_bulk, box, stress_weight);
    if (!m_isotropic.empty() && m_fluid.has_bulk()) set_bulk_pressure(state, box, profile, weight);
    complete_initial_state(state);
    if (m_layout.stress == "navier_stokes")
      set_navier_stokes(state, derivatives(box, profile, state), weight, m_fluid, m_tau);
    return state;
  }

 private:
  static CubicMap spline(const StateMap& map, std::vector<double> values) {
    return {map.nodes, map.periodic, std::move(values)};
  }

  /// The half-Gaussians beyond the plateau in rapidity.
  [[nodiscard]] std::vector<double> longitudinal(const core::Box& box) const {
    std::vector<double> profile;
    for_each_position(m_grid, box, [&](const Vec3& at) { profile.push_back(m_layout.eta.at(at.z)); });
    return profile;
  }

  [[nodiscard]] std::vector<double> weighted(const CubicMap& map, const core::Box& box,
                                             const std::vector<double>& weights) const {
    std::vector<double> values = map.at(m_grid, box);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= weights[i];
    return values;
  }

  /// Pi = (p + Pi) - p(e), with the e of the map.
  void set_bulk_pressure(InitialState& state, const core::Box& box, const std::vector<double>& profile,
                         const std::vector<double>& weight) const {
    state.bulk_pressure = m_isotropic.at(m_grid, box);
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const double e = weight[i] * state.energy_density[i];
      const double pressure = e > 0.0 ? e * m_fluid.eos(std::log(e)).pressure_over_energy : 0.0;
      state.bulk_pressure[i] = weight[i] * (m_layout.scale * profile[i] * state.bulk_pressure[i] - pressure);
    }
  }

  /// de/dx_d [1/fm^5], d/d eta as it is.
  [[nodiscard]] std::vector<double> energy_slope(const core::Box& box, const std::vector<double>& profile,
                                                 const InitialState& state, int d) const {
    const std::vector<double> values = m_energy.at(m_grid, box);
    std::vector<double> slope = m_energy.at(m_grid, box, d);
    std::size_t i = 0;
    for_each_position(m_grid, box, [&](const Vec3& at) {
      const double outside = std::fmax(0.0, std::abs(at.z) - 0.5 * m_layout.eta.plateau);
      if (d == 2 && m_layout.eta.width > 0.0)  // of the half-Gaussians
        slope[i] -= std::copysign(outside, at.z) / (m_layout.eta.width * m_layout.eta.width) * values[i];
      const double unit = m_energy_unit * profile[i];
      slope[i] *= m_layout.entropy ? unit * m_fluid.at(std::log(state.energy_density[i])).temperature : unit;  // T ds
      ++i;
    });
    return slope;
  }

  [[nodiscard]] StateDerivatives derivatives(const core::Box& box, const std::vector<double>& profile,
                                             const InitialState& state) const {
    StateDerivatives along;
    for (int d = 0; d < m_grid.dimensions; ++d) {
      along.energy[d] = energy_slope(box, profile, state, d);
      for (std::size_t f = 0; f < flow_fields; ++f) along.flow[d][f] = m_vectors[f].at(m_grid, box, d);
    }
    return along;
  }

  core::Grid m_grid;
  const physics::FluidModel& m_fluid;
  MapLayout m_layout;
  double m_tau;          ///< 0 in Minkowski space
  double m_energy_unit;  ///< of the first field, with the scale
  CubicMap m_energy, m_bulk, m_isotropic;
  std::array<CubicMap, std::size(vector_fields)> m_vectors;
};

void check_stress(const InitialContext& context, const std::string& stress, StateMap& map) {
  const bool matched = !map.isotropic_pressure.empty();
  if ((stress == "file" && !map.has_stress()) || (stress == "matched" && !matched))
    throw InputError(fmt::format("initial.stress = \"{}\", but there {}: must be \"auto\" or \"zero\"", stress,
                                 stress == "file" ? "are no stresses in the file" : "is no T^{mu nu} to be matched"));
  if (matched && stress != "zero" && !context.fluid.has_bulk())
    map.notes.push_back(
        "the trace of T^{mu nu} makes Pi = (p + Pi) - p(e), which is left out: with transport.zeta_over_s = 0 the bulk "
        "pressure is not evolved");
}

}  // namespace

std::vector<core::Option> map_keys(bool own_scale) {
  using core::Option;
  using core::Unit;
  return {
      Option("quantity", "energy_density", "what the first value is: e [GeV/fm^3] or s [1/fm^3]")
          .choices({"energy_density", "entropy_density"}),
      Option("transpose", false, "exchange x and y of the file"),
      Option("scale", own_scale ? 1.0 : 0.0,
             own_scale ? "multiplies e (or s), pi and Pi" : "e = scale * value; of an entropy density s [1/fm^3]")
          .in(Unit::gev_per_fm3)
          .at_least(0),
      floor_key(1e-4),
      Option("interpolation", "cubic", "clamped to >= 0, fades to zero outside the file's grid").choices({"cubic"}),
      Option("stress", "auto",
             "what pi and Pi start from: what the file has, what Landau matching leaves, nothing, the expansion; auto: "
             "the first of these that there is")
          .choices({"auto", "file", "matched", "zero", "navier_stokes"}),
      Option("eta_plateau", 0.0, "3-D, where the file has no rapidity: full width of the plateau in eta").at_least(0),
      Option("eta_width", 0.0, "3-D: of the half-Gaussians beyond the plateau; 0: constant in eta").at_least(0),
  };
}

MapLayout layout_of(const core::OptionValues& options) {
  MapLayout layout;
  layout.entropy = options.text("quantity") == "entropy_density";
  layout.transpose = options.flag("transpose");
  layout.scale = options.number("scale");
  layout.floor = options.number("floor");
  layout.stress = options.text("stress");
  layout.eta = {options.number("eta_plateau"), options.number("eta_width")};
  return layout;
}

InitialSource mapped_source(const InitialContext& context, StateMap map, const MapLayout& layout) {
  std::shared_ptr<const MappedState> state;
  InitialSource source;
  core::collectively(context.comm, [&] {
    if (layout.scale <= 0.0)
      throw InputError("initial.scale is required [GeV/fm^3]: e = scale * value (of an entropy density [1/fm^3])");
    check_map(context, map);
    if (layout.transpose) transpose(map);
    check_box(context, map);
    check_stress(context, layout.stress, map);
    source.notes = std::move(map.notes);
    if (map.nodes[2].count > 1 && context.grid().dimensions < 3)
      source.notes.emplace_back("the file has a rapidity, the run has none: the slice at eta = 0 is taken");
    state = std::make_shared<const MappedState>(context, std::move(map), layout);
  });
  const auto energies = [&](const core::Box& box) { return state->energy_density(box); };
  const std::vector<core::Box> boxes = initial_boxes(context.decomposition, context.stride);
  const double floor = layout.floor * largest_energy(energies, boxes, context.comm);
  source.rough = true;
  source.bytes = state->bytes();
  source.make = [state, floor, &fluid = context.fluid, grid = context.grid()](const core::Box& box) {
    InitialState piece = state->at(box, floor);
    check_initial_state(piece, fluid, grid, box);
    return piece;
  };
  return source;
}

}  // namespace ister::solvers
