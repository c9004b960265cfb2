#include "solvers/initial/waves.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"
#include "solvers/initial/background.hpp"

namespace ister::solvers {
namespace {

Sym3 with_traceless_zz(const Vec3& u, Sym3 pi) {
  pi.zz = traceless_zz(u, pi);
  return pi;
}

}  // namespace

core::Option mode_key(std::string meaning) {
  return core::Option("mode", std::vector<int>{1, 0, 0}, std::move(meaning)).within(-32768, 32768).entries(1, 3);
}

Vec3 wavevector(const InitialContext& context) {
  const std::vector<int>& mode = context.options.integers("mode");
  const core::Grid& grid = context.grid();
  const auto given = [&](std::size_t d) { return d < mode.size() ? mode[d] : 0; };
  Vec3 k;
  double* const components[] = {&k.x, &k.y, &k.z};
  for (int d = 0; d < 3; ++d) {
    if (given(d) == 0) continue;
    if (d >= grid.dimensions)
      throw InputError(fmt::format("initial.mode: the run has {} dimensions, entry {} = {} must be 0", grid.dimensions,
                                   d + 1, given(d)));
    if (2 * std::abs(given(d)) >= grid.points[d])
      throw InputError(fmt::format("initial.mode: {} periods do not fit on {} points (less than half as many do)",
                                   given(d), grid.points[d]));
    *components[d] = 2.0 * M_PI * given(d) / context.length(d);
  }
  if (dot(k, k) == 0) throw InputError("initial.mode must not be zero: whole periods along x, y, z");
  return k;
}

Vec3 vector_of(const std::vector<double>& values) { return {values.at(0), values.at(1), values.at(2)}; }

PointState travelling_wave(const InitialContext& context, const physics::LinearMode& mode,
                           std::complex<double> strength) {
  const double energy = background_energy(context);
  const double enthalpy = energy / context.fluid.at(std::log(energy)).energy_fraction;
  const Vec3 k = wavevector(context), u0 = background_velocity(context);
  return [=](const Vec3& position) {
    const std::complex<double> phase = std::polar(1.0, dot(k, position)) * strength;
    const auto real = [&](std::complex<double> amplitude) { return (amplitude * phase).real(); };
    const auto stress = [&](int component) { return enthalpy * real(mode.pi[component]); };
    PrimitivePoint point;
    point.energy_density = energy + enthalpy * real(mode.energy);
    point.u = u0 + Vec3{real(mode.u[0]), real(mode.u[1]), real(mode.u[2])};
    point.pi = with_traceless_zz(point.u, {stress(0), stress(1), stress(2), stress(3), stress(4), 0.0});
    point.bulk_pressure = enthalpy * real(mode.bulk);
    return point;
  };
}

}  // namespace ister::solvers
