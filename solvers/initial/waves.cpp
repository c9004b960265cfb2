#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/base/error.hpp"
#include "physics/linear_modes.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

Sym3 with_traceless_zz(const Vec3& u, Sym3 pi) {
  pi.zz = traceless_zz(u, pi);
  return pi;
}

Vec3 vector_option(const std::vector<double>& values, const std::string& key) {
  if (values.size() != 3) {
    throw InputError(fmt::format("initial.{} needs 3 entries (x, y, z), not {}", key, values.size()));
  }
  return {values[0], values[1], values[2]};
}

/// The axis most orthogonal to k, the first of equals.
Vec3 orthogonal_axis(const Vec3& k) {
  const double x = std::abs(k.x), y = std::abs(k.y), z = std::abs(k.z);
  if (y <= x && y <= z) return {0, 1, 0};
  return z <= x ? Vec3{0, 0, 1} : Vec3{1, 0, 0};
}

/// background + Re(strength * mode * exp(i k.x)), the energy density e (1 + ...), the stresses traceless exactly.
PointState travelling_wave(const InitialContext& context, const physics::LinearMode& mode,
                           std::complex<double> strength) {
  const double energy = context.background_energy();
  const double enthalpy = energy / context.fluid.at(std::log(energy)).energy_fraction;
  const Vec3 k = context.wavevector(), u0 = context.background_velocity();
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

}  // namespace

Vec3 InitialContext::wavevector() const {
  const auto& mode = options.mode;
  const auto given = [&](std::size_t d) { return d < mode.size() ? mode[d] : 0; };
  if (mode.size() > 3) throw InputError(fmt::format("initial.mode has {} entries, at most 3 fit", mode.size()));
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
    *components[d] = 2.0 * M_PI * given(d) / length(d);
  }
  if (dot(k, k) == 0) throw InputError("initial.mode must not be zero: whole periods along x, y, z");
  return k;
}

PointState uniform_state(const InitialContext& context) {
  const InitialOptions& o = context.options;
  PrimitivePoint point{context.background_energy(),
                       context.background_velocity(),
                       {o.pixx, o.pixy, o.pixz, o.piyy, o.piyz, o.pizz.value_or(0.0)},
                       o.bulk_pressure};
  if (!o.pizz) point.pi = with_traceless_zz(point.u, point.pi);
  return [point](const Vec3&) { return point; };
}

PointState sound_wave(const InitialContext& context) {
  context.require(physics::Geometry::minkowski);
  const physics::LinearFluid fluid = linear_fluid(context.fluid, std::log(context.background_energy()));
  const physics::LinearMode mode = sound_mode(fluid, context.background_velocity(), context.wavevector());
  const double energy_fraction = context.fluid.at(std::log(context.background_energy())).energy_fraction;
  return travelling_wave(context, mode, context.options.amplitude * energy_fraction / mode.energy);
}

PointState shear_wave(const InitialContext& context) {
  context.require(physics::Geometry::minkowski);
  const auto& direction = context.options.direction;
  const Vec3 k = context.wavevector();
  const Vec3 polarisation = direction.empty() ? orthogonal_axis(k) : vector_option(direction, "direction");
  const physics::LinearFluid fluid = linear_fluid(context.fluid, std::log(context.background_energy()));
  return travelling_wave(context, shear_mode(fluid, context.background_velocity(), k, polarisation),
                         context.options.amplitude);
}

PointState standing_wave(const InitialContext& context) {
  const double energy = context.background_energy(), amplitude = context.options.amplitude;
  const Vec3 k = context.wavevector(), u0 = context.background_velocity();
  const Vec3 flow = vector_option(context.options.flow_amplitude, "flow_amplitude");
  return [=](const Vec3& position) {
    const double cosine = std::cos(dot(k, position)), sine = std::sin(dot(k, position));
    PrimitivePoint point;
    point.energy_density = energy * (1.0 + amplitude * cosine);
    point.u = u0 + Vec3{flow.x * sine, flow.y * cosine, flow.z * cosine};
    return point;
  };
}

}  // namespace ister::solvers
