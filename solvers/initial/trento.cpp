#include <fmt/format.h>
#include <gsl/gsl_spline2d.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "physics/units.hpp"
#include "solvers/initial/states.hpp"

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
  const InitialOptions& o = context.options;
  const std::string name = fmt::format("initial.file = \"{}\": ", o.file);
  ISTER_REQUIRE(event.values.size() == static_cast<std::size_t>(event.nx) * event.ny);
  if (event.nx < 4 || event.ny < 4)
    throw InputError(
        fmt::format("{}an event of {} x {} values is too small, at least 4 x 4 are needed", name, event.nx, event.ny));
  if (context.grid.dimensions < 2) throw InputError("initial.type = \"trento\" needs 2 or 3 dimensions");
  if (!(o.grid_spacing > 0)) throw InputError("initial.grid_spacing must be positive");
  if (!(o.scale > 0)) throw InputError("initial.scale must be positive");
  for (std::size_t i = 0; i < event.values.size(); ++i) {
    if (std::isfinite(event.values[i]) && event.values[i] >= 0) continue;
    throw InputError(fmt::format("{}value {} in row {}, column {} must be finite and not negative", name,
                                 event.values[i], i / event.nx, i % event.nx));
  }
}

/// Throws InputError where the box cuts more than 1e-3 of the event's integral.
void check_box(const InitialContext& context, const EventData& event) {
  const core::Grid& grid = context.grid;
  const std::vector<double> x = centred_grid(event.nx, context.options.grid_spacing);
  const std::vector<double> y = centred_grid(event.ny, context.options.grid_spacing);
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
    throw InputError(fmt::format("initial.file = \"{}\": all values of the event are zero", context.options.file));
  if (outside <= 1e-3 * total) return;
  throw InputError(fmt::format(
      "grid.lower, grid.upper: the box (x {:.6g} to {:.6g}, y {:.6g} to {:.6g} fm) cuts {:.3g} % of the event's "
      "integral "
      "(at most 0.1 % is allowed); with initial.grid_spacing = {:.6g} the event covers x {:.6g} to {:.6g}, y {:.6g} to "
      "{:.6g} fm",
      grid.lower[0], grid.upper[0], grid.lower[1], grid.upper[1], 100 * outside / total, context.options.grid_spacing,
      x.front(), x.back(), y.front(), y.back()));
}

}  // namespace

PointState trento_event(const InitialContext& context, const EventData& event) {
  check_event(context, event);
  check_box(context, event);
  const InitialOptions& o = context.options;
  const auto spline = std::make_shared<const EventSpline>(event, o.grid_spacing);
  const double scale = physics::units::gev_per_fm3_to_natural(o.scale);
  const double plateau = 0.5 * o.eta_plateau, width = o.eta_width;
  return [=](const Vec3& position) {
    const double beyond = width > 0 ? std::fmax(0.0, std::abs(position.z) - plateau) / width : 0.0;
    PrimitivePoint point;
    point.energy_density = scale * (*spline)(position.x, position.y) * std::exp(-0.5 * beyond * beyond);
    return point;
  };
}

}  // namespace ister::solvers
