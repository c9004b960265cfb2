// A hot spot that expands, evolved by the library: prints its energy density at the centre, and how its energy balance
// closes. Run it with mpirun on as many ranks as you like.
#include <fmt/format.h>

#include "core/parallel/session.hpp"
#include "core/spectral/spectrum.hpp"
#include "solvers/hydro_system.hpp"

int main(int argc, char** argv) {
  using namespace ister;
  const core::Session session(argc, argv);
  const core::Ranks ranks = session.world();

  core::Grid grid;
  grid.dimensions = 2;
  grid.points = {64, 64, 1};
  grid.lower = {-10.0, -10.0, 0.0};
  grid.upper = {10.0, 10.0, 1.0};
  const core::Decomposition decomposition(grid, ranks.count(), ranks.rank());

  solvers::SolverOptions options;  // Milne coordinates, a conformal fluid with eta/s = 0.16
  options.geometry = physics::Geometry::milne;
  options.transport.eta_over_s.value = 0.16;
  options.time.start = 1.0;
  options.time.step = 0.02;
  const solvers::InitialOptions initial{"hot_spot",
                                        {{"temperature", 1.0},  // 1/fm
                                         {"amplitude", 4.0},
                                         {"width", std::vector{2.0, 2.0}}}};  // fm

  const physics::FluidModel fluid(options.eos, options.transport);
  core::ArrayPool pool;
  solvers::HydroSystem system(ranks.comm(), decomposition, pool, fluid, options, 1.0);
  system.set_state(options.time.start,
                   solvers::make_initial_state(initial, options, fluid, decomposition, ranks.comm()));
  while (system.time() < 2.0) system.step(2.0);

  std::vector<double> energy(static_cast<std::size_t>(decomposition.box().points()));
  for (const core::NamedField& field : system.state_fields())
    if (field.name == "energy_density") field.copy_out(energy.data());
  core::Fft3d fft(ranks.comm(), decomposition);
  const core::ShellSpectrum spectrum = core::shell_spectrum(fft, {energy.data()});
  const double largest = system.diagnostics().e_max, balance = system.balance();  // all ranks together
  if (ranks.is_root())
    fmt::print("tau = {} fm after {} steps: largest e {:.6f}/fm^4, E(k = {:.3f}/fm) {:.3e}, balance {:.1e}\n",
               system.time(), system.step_count(), largest, spectrum.k[1], spectrum.energy[1], balance);
}
