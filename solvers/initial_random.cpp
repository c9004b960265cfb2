#include <fmt/format.h>

#include <cmath>
#include <complex>

#include "core/error.hpp"
#include "core/fft3d.hpp"
#include "core/random.hpp"
#include "solvers/initial_states.hpp"

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

void check_options(const InitialContext& context) {
  const InitialOptions& o = context.options;
  if (!(o.k_min >= 0 && o.k_max > o.k_min))
    throw InputError("initial.k_max must be above initial.k_min, which must not be negative");
  if (context.grid.dimensions < 2) throw InputError("initial.type = \"random_velocity\" needs 2 or 3 dimensions");
  context.require(physics::Geometry::minkowski);
}

}  // namespace

InitialState random_velocity(const InitialContext& context, const core::Decomposition& decomposition, MPI_Comm comm) {
  check_options(context);
  const InitialOptions& o = context.options;
  const double energy = context.background_energy();
  core::Fft3d fft(comm, decomposition);

  std::array<std::vector<Complex>, 3> u_k;
  for (auto& component : u_k) component.assign(static_cast<std::size_t>(fft.spectrum_size()), 0.0);
  double square = 0;  // <u^2> over the box
  fft.for_each_mode([&](const core::FourierMode& mode, std::int64_t position) {
    const double k2 = dot(mode.k, mode.k);
    bool is_nyquist = false;
    for (int d = 0; d < context.grid.dimensions; ++d) is_nyquist |= 2 * mode.number[d] == context.grid.points[d];
    if (k2 == 0 || k2 < o.k_min * o.k_min || k2 > o.k_max * o.k_max || is_nyquist) return;
    const double k[] = {mode.k.x, mode.k.y, mode.k.z};
    Complex along = 0;
    for (int c = 0; c < 3; ++c) along += k[c] / k2 * (u_k[c][position] = random_amplitude(o.seed, mode.number, c));
    for (int c = 0; c < 3; ++c) {
      u_k[c][position] -= k[c] * along;
      square += mode.weight * std::norm(u_k[c][position]);
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, comm);
  if (square == 0)
    throw InputError(fmt::format("initial.k_min, initial.k_max: the grid has no wavevector from {:.6g} to {:.6g} 1/fm",
                                 o.k_min, o.k_max));

  InitialState state;
  state.energy_density.assign(static_cast<std::size_t>(decomposition.box().points()), energy);
  const Vec3 u0 = context.background_velocity();
  const double background[] = {u0.x, u0.y, u0.z};
  std::vector<double>* const u[] = {&state.ux, &state.uy, &state.uz};
  for (int c = 0; c < 3; ++c) {
    u[c]->resize(state.energy_density.size());
    fft.backward(u_k[c].data(), u[c]->data());
    for (double& value : *u[c]) value = background[c] + o.amplitude / std::sqrt(square) * value;
  }
  complete_initial_state(state);
  return state;
}

}  // namespace ister::solvers
