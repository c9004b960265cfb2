#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <memory>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/spectral/fft3d.hpp"
#include "solvers/initial/background.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

using Complex = std::complex<double>;

/// f_k of one component: standard normal real and imaginary parts that depend on the seed and the wavevector only,
/// not on grid or ranks, with f_-k = conj(f_k).
Complex random_amplitude(int seed, const std::array<int, 3>& number, int component) {
  const auto [x, y, z] = number;
  const bool mirrored = x < 0 || (x == 0 && (y < 0 || (y == 0 && z < 0)));
  const int sign = mirrored ? -1 : 1;
  std::uint64_t index = 0;
  for (const int n : number) index = (index << 21) + static_cast<std::uint64_t>(sign * n + (1 << 20));
  const RandomPair pair =
      random_normals(static_cast<std::uint64_t>(seed), {index, static_cast<std::uint32_t>(component)});
  return {pair.first, sign * pair.second};
}

using Velocities = std::array<std::vector<double>, 3>;

/// What of a block's values lies in a box within.
std::vector<double> part(const std::vector<double>& values, const core::Box& block, const core::Box& box) {
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(box.points()));
  const auto within = [&](int d, std::int64_t i) { return box.offset[d] - block.offset[d] + i; };
  for (std::int64_t z = 0; z < box.count[2]; ++z)
    for (std::int64_t y = 0; y < box.count[1]; ++y) {
      const std::int64_t row = (within(2, z) * block.count[1] + within(1, y)) * block.count[0] + within(0, 0);
      result.insert(result.end(), values.begin() + row, values.begin() + row + box.count[0]);
    }
  return result;
}

std::vector<core::Option> keys() {
  using core::Option;
  using core::Unit;
  return core::joined(
      {background_keys(),
       {
           amplitude_key("rms of u"),
           Option("seed", 1, "of the random phases").at_least(0),
           Option("k_min", 0.0, "wavenumbers that are excited").in(Unit::inverse_length).at_least(0).required(),
           Option("k_max", 0.0, "above k_min").in(Unit::inverse_length).above(0).required().above_key("k_min"),
       }});
}

/// Velocities of this rank's block, of rms initial.amplitude over the grid. Collective.
Velocities make_velocities(const InitialContext& context) {
  const double k_min = context.options.number("k_min"), k_max = context.options.number("k_max");
  const double amplitude = context.options.number("amplitude");
  const int seed = context.options.integer("seed");
  const core::Decomposition& decomposition = context.decomposition;
  core::Fft3d fft(context.comm, decomposition);
  std::array<std::vector<Complex>, 3> u_k;
  for (auto& component : u_k) component.assign(static_cast<std::size_t>(fft.spectrum_size()), 0.0);
  double square = 0;  // <u^2> over the box
  fft.for_each_mode([&](const core::FourierMode& mode, std::int64_t position) {
    const double k2 = dot(mode.k, mode.k);
    bool is_nyquist = false;
    for (int d = 0; d < context.grid().dimensions; ++d) is_nyquist |= 2 * mode.number[d] == context.grid().points[d];
    if (k2 == 0 || k2 < k_min * k_min || k2 > k_max * k_max || is_nyquist) return;
    const double k[] = {mode.k.x, mode.k.y, mode.k.z};
    Complex along = 0;
    for (int c = 0; c < 3; ++c) along += k[c] / k2 * (u_k[c][position] = random_amplitude(seed, mode.number, c));
    for (int c = 0; c < 3; ++c) {
      u_k[c][position] -= k[c] * along;
      square += mode.weight * std::norm(u_k[c][position]);
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, context.comm);
  if (square == 0)
    throw InputError(fmt::format("initial.k_min, initial.k_max: the grid has no wavevector from {:.6g} to {:.6g} 1/fm",
                                 k_min, k_max));
  Velocities u;
  for (int c = 0; c < 3; ++c) {
    u[c].resize(static_cast<std::size_t>(decomposition.box().points()));
    fft.backward(u_k[c].data(), u[c].data());
    u_k[c] = {};
    for (double& value : u[c]) value *= amplitude / std::sqrt(square);
  }
  return u;
}

/// The source holds the velocities of this rank's block; where only lines of it will be looked at they are left out.
InitialSource make(const InitialContext& context) {
  context.require_dimensions(2);
  context.require(physics::Geometry::minkowski);
  const double energy = background_energy(context);
  const Vec3 u0 = background_velocity(context);
  const bool background_only = context.stride > 1;
  const auto u = std::make_shared<Velocities>();
  if (!background_only) *u = make_velocities(context);
  const auto component = [=, block = context.decomposition.box()](int c, double background, const core::Box& box) {
    if (background_only) return std::vector<double>(static_cast<std::size_t>(box.points()), background);
    std::vector<double> values = part((*u)[c], block, box);
    for (double& value : values) value += background;
    return values;
  };
  InitialSource source;
  source.bytes_per_point = 3 * sizeof(double);
  if (background_only) source.left_out = "its velocities";
  source.make = [=, &fluid = context.fluid, grid = context.grid()](const core::Box& box) {
    InitialState piece;
    piece.energy_density.assign(static_cast<std::size_t>(box.points()), energy);
    piece.ux = component(0, u0.x, box);
    piece.uy = component(1, u0.y, box);
    piece.uz = component(2, u0.z, box);
    complete_initial_state(piece);
    check_initial_state(piece, fluid, grid, box);
    return piece;
  };
  return source;
}

}  // namespace

// Solenoidal velocities with random phases on a uniform background.
InitialType random_velocity() { return {{"random_velocity", keys()}, make}; }

}  // namespace ister::solvers
