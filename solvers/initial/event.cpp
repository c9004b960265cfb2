#include "solvers/initial/event.hpp"

#include <fmt/format.h>
#include <gsl/gsl_spline2d.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "physics/units.hpp"

namespace ister::solvers {
namespace {

/// x_i = (i - (n-1)/2) spacing
std::vector<double> centred_grid(int points, double spacing) {
  std::vector<double> x;
  for (int i = 0; i < points; ++i) x.push_back((i - 0.5 * (points - 1)) * spacing);
  return x;
}

/// Cubic spline through the event, twice continuously differentiable, clamped at zero; zero outside.
class EventSpline {
 public:
  EventSpline(const EventData& event, double spacing)
      : m_half_width{0.5 * (event.nx - 1) * spacing, 0.5 * (event.ny - 1) * spacing},
        m_spline(gsl_spline2d_alloc(gsl_interp2d_bicubic, event.nx, event.ny)) {
    const std::vector<double> x = centred_grid(event.nx, spacing), y = centred_grid(event.ny, spacing);
    gsl_spline2d_init(m_spline.get(), x.data(), y.data(), event.values.data(), event.nx, event.ny);
  }

  [[nodiscard]] double operator()(double x, double y) const {
    const double rounding = 1e-12;
    if (std::abs(x) > m_half_width[0] * (1 + rounding) || std::abs(y) > m_half_width[1] * (1 + rounding)) return 0.0;
    const double inside_x = std::clamp(x, -m_half_width[0], m_half_width[0]);
    const double inside_y = std::clamp(y, -m_half_width[1], m_half_width[1]);
    return std::max(0.0, gsl_spline2d_eval(m_spline.get(), inside_x, inside_y, nullptr, nullptr));
  }

 private:
  struct Free {
    void operator()(gsl_spline2d* spline) const { gsl_spline2d_free(spline); }
  };
  double m_half_width[2];
  std::unique_ptr<gsl_spline2d, Free> m_spline;
};

void check_event(const InitialContext& context, const EventData& event) {
  const std::string name = fmt::format("initial.file = \"{}\": ", context.options.text("file"));
  ISTER_REQUIRE(event.values.size() == static_cast<std::size_t>(event.nx) * event.ny);
  if (event.nx < 4 || event.ny < 4)
    throw InputError(
        fmt::format("{}an event of {} x {} values is too small, at least 4 x 4 are needed", name, event.nx, event.ny));
  context.require_dimensions(2);
  for (std::size_t i = 0; i < event.values.size(); ++i) {
    if (std::isfinite(event.values[i]) && event.values[i] >= 0) continue;
    throw InputError(fmt::format("{}value {} in row {}, column {} must be finite and not negative", name,
                                 event.values[i], i / event.nx, i % event.nx));
  }
}

/// Throws InputError where the box cuts more than 1e-3 of the event's integral.
void check_box(const InitialContext& context, const EventData& event) {
  const core::Grid& grid = context.grid();
  const double spacing = context.options.number("grid_spacing");
  const std::vector<double> x = centred_grid(event.nx, spacing), y = centred_grid(event.ny, spacing);
  double total = 0, outside = 0;
  for (int iy = 0; iy < event.ny; ++iy) {
    for (int ix = 0; ix < event.nx; ++ix) {
      const double value = event.values[static_cast<std::size_t>(iy) * event.nx + ix];
      total += value;
      if (x[ix] < grid.lower[0] || x[ix] > grid.upper[0] || y[iy] < grid.lower[1] || y[iy] > grid.upper[1])
        outside += value;
    }
  }
  if (total == 0)
    throw InputError(
        fmt::format("initial.file = \"{}\": all values of the event are zero", context.options.text("file")));
  if (outside <= 1e-3 * total) return;
  throw InputError(fmt::format(
      "grid.lower, grid.upper: the box (x {:.6g} to {:.6g}, y {:.6g} to {:.6g} fm) cuts {:.3g} % of the event's "
      "integral "
      "(at most 0.1 % is allowed); with initial.grid_spacing = {:.6g} the event covers x {:.6g} to {:.6g}, y {:.6g} to "
      "{:.6g} fm",
      grid.lower[0], grid.upper[0], grid.lower[1], grid.upper[1], 100 * outside / total, spacing, x.front(), x.back(),
      y.front(), y.back()));
}

PointState interpolated(const InitialContext& context, const EventData& event) {
  check_event(context, event);
  check_box(context, event);
  const core::OptionValues& o = context.options;
  const auto spline = std::make_shared<const EventSpline>(event, o.number("grid_spacing"));
  const double scale = physics::units::gev_per_fm3_to_natural(o.number("scale"));
  const double plateau = 0.5 * o.number("eta_plateau"), width = o.number("eta_width");
  return [=](const Vec3& position) {
    const double beyond = width > 0 ? std::fmax(0.0, std::abs(position.z) - plateau) / width : 0.0;
    PrimitivePoint point;
    point.energy_density = scale * (*spline)(position.x, position.y) * std::exp(-0.5 * beyond * beyond);
    return point;
  };
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

/// The floor of the energy density: a fraction of its largest value. Collective.
double vacuum(const InitialContext& context, const PointState& state) {
  const auto energies = [&](const core::Box& box) {
    std::vector<double> values;
    for_each_position(context.grid(), box, [&](const Vec3& at) { values.push_back(state(at).energy_density); });
    return values;
  };
  return context.options.number("floor") *
         largest_energy(energies, initial_boxes(context.decomposition, context.stride), context.comm);
}

}  // namespace

std::vector<core::Option> event_keys() {
  using core::Option;
  using core::Unit;
  return {
      Option("grid_spacing", 0.0, "of the event: x_i = (i - (n-1)/2) grid_spacing")
          .in(Unit::length)
          .above(0)
          .required(),
      Option("scale", 0.0, "e = scale * value").in(Unit::gev_per_fm3).above(0).required(),
      floor_key(1e-4),
      Option("interpolation", "cubic", "clamped to >= 0, zero outside the event").choices({"cubic"}),
      Option("stress", "zero", "what pi and Pi start from").choices({"zero", "navier_stokes"}),
      Option("eta_plateau", 0.0, "3-D: full width of the plateau in eta").at_least(0),
      Option("eta_width", 0.0, "3-D: of the half-Gaussians beyond the plateau; 0: constant in eta").at_least(0),
  };
}

InitialSource event_source(const InitialContext& context, const EventData& event) {
  PointState state;
  core::collectively(context.comm, [&] { state = interpolated(context, event); });
  const double floor = vacuum(context, state);
  const bool moving =
      context.options.text("stress") == "navier_stokes" && context.solver.geometry == physics::Geometry::milne;
  InitialSource source;
  source.rough = true;
  source.make = [=, &fluid = context.fluid, grid = context.grid(),
                 tau = context.solver.time.start](const core::Box& box) {
    InitialState piece = evaluate(state, grid, box);
    apply_floor(piece.energy_density, floor);
    if (moving) set_navier_stokes(piece, fluid, tau);
    check_initial_state(piece, fluid, grid, box);
    return piece;
  };
  // The map and the three arrays of derivatives of its spline.
  source.bytes = static_cast<std::int64_t>(4 * sizeof(double) * event.values.size());
  return source;
}

}  // namespace ister::solvers
