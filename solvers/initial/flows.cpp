#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

std::vector<double> per_direction(const InitialContext& context, const std::vector<double>& values,
                                  const std::string& key) {
  if (static_cast<int>(values.size()) == context.grid.dimensions) return values;
  throw InputError(fmt::format("initial.{} needs {} entries, one per resolved direction, not {}", key,
                               context.grid.dimensions, values.size()));
}

void require_pair(const std::vector<double>& values, const std::string& key) {
  if (values.size() == 2) return;
  throw InputError(fmt::format("initial.{} needs 2 entries (left, right), not {}", key, values.size()));
}

}  // namespace

// e = e0 (1 + A G), G a product of periodic Gaussians exp(-(L sin(pi (x - x0)/L)/width)^2 / (2 pi^2))
PointState hot_spot(const InitialContext& context) {
  const int dimensions = context.grid.dimensions;
  const double energy = context.background_energy(), amplitude = context.options.amplitude;
  const Vec3 u0 = context.background_velocity();
  const std::vector<double> width = per_direction(context, context.options.width, "width");
  std::vector<double> center, length;
  for (int d = 0; d < dimensions; ++d) {
    if (!(width[d] > 0)) throw InputError("initial.width must be positive");
    center.push_back(context.middle(d));
    length.push_back(context.length(d));
  }
  if (!context.options.center.empty()) center = per_direction(context, context.options.center, "center");
  return [=](const Vec3& position) {
    const double x[] = {position.x, position.y, position.z};
    double exponent = 0;
    for (int d = 0; d < dimensions; ++d) {
      const double distance = length[d] / M_PI * std::sin(M_PI * (x[d] - center[d]) / length[d]) / width[d];
      exponent -= 0.5 * distance * distance;
    }
    PrimitivePoint point;
    point.energy_density = energy * (1.0 + amplitude * std::exp(exponent));
    point.u = u0;
    return point;
  };
}

// u^x = U tanh(a sin(2 pi y/Ly))/tanh(a), seeded by u^y = V sin(2 pi m x/Lx)
PointState kelvin_helmholtz(const InitialContext& context) {
  const InitialOptions& o = context.options;
  if (context.grid.dimensions < 2) throw InputError("initial.type = \"kelvin_helmholtz\" needs 2 or 3 dimensions");
  if (!(o.steepness > 0)) throw InputError("initial.steepness must be positive");
  const int periods = o.mode.empty() ? 1 : o.mode[0];
  const double energy = context.background_energy();
  const double speed = o.amplitude / std::tanh(o.steepness), steepness = o.steepness, seed = o.perturbation;
  const double kx = 2.0 * M_PI * periods / context.length(0), ky = 2.0 * M_PI / context.length(1);
  const Vec3 u0 = context.background_velocity();
  return [=](const Vec3& position) {
    PrimitivePoint point;
    point.energy_density = energy;
    point.u = u0 + Vec3{speed * std::tanh(steepness * std::sin(ky * position.y)), seed * std::sin(kx * position.x), 0};
    return point;
  };
}

// Left and right state meet in the middle of the box and, the other way round, at its seam. The step is
// tanh(L/(2 pi thickness) sin(2 pi x/L)), periodic and analytic, close to tanh(x/thickness) in the middle.
PointState shock_tube(const InitialContext& context) {
  const InitialOptions& o = context.options;
  require_pair(o.energy_densities, "energy_densities");
  require_pair(o.velocities, "velocities");
  for (int side = 0; side < 2; ++side) {
    if (!(o.energy_densities[side] > 0)) throw InputError("initial.energy_densities must be positive");
    if (!(std::abs(o.velocities[side]) < 1)) throw InputError("initial.velocities must lie between -1 and 1");
  }
  if (!(o.thickness > 0)) throw InputError("initial.thickness must be positive");
  const double middle = context.middle(0), wavenumber = 2.0 * M_PI / context.length(0);
  const double steepness = 1.0 / (wavenumber * o.thickness);
  const double left = std::log(o.energy_densities[0]), right = std::log(o.energy_densities[1]);
  const double left_rapidity = std::atanh(o.velocities[0]), right_rapidity = std::atanh(o.velocities[1]);
  return [=](const Vec3& position) {
    const double step = 0.5 * (1.0 + std::tanh(steepness * std::sin(wavenumber * (position.x - middle))));
    PrimitivePoint point;
    point.energy_density = std::exp(left + (right - left) * step);
    point.u.x = std::sinh(left_rapidity + (right_rapidity - left_rapidity) * step);
    return point;
  };
}

}  // namespace ister::solvers
