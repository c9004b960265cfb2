#pragma once
#include <cmath>
#include <memory>
#include <vector>

#include "solvers/equations.hpp"

namespace ister::drivers {

/// The problem that the targets are set for: ten fields, c_s^2 = 1/4 with shear and bulk viscosity, in a periodic cube.
class CubeProblem {
 public:
  CubeProblem(MPI_Comm comm, int size) : CubeProblem(comm, cube(size), options()) {}
  CubeProblem(const CubeProblem&) = delete;
  CubeProblem& operator=(const CubeProblem&) = delete;

  /// One right-hand side, its result stored.
  void evaluate() {
    solvers::StageUpdate store;
    store.count = 1;
    store.components = m_state.components();
    store.component_stride = m_layout.component;
    store.streams = core::beyond_caches(store.components * store.component_stride);
    store.state = m_state.data();
    store.targets[0] = {m_rates.data(), nullptr, 1.0, 0.0, 0.0};
    m_equations->evaluate(0.0, m_state, store);
  }
  /// One step of the classical Runge-Kutta method from the same state.
  void step() { m_integrator.attempt(*m_equations, 0.0, 1e-6); }

  [[nodiscard]] std::int64_t bytes_sent() const { return m_equations->transforms().bytes_sent; }

  static core::Grid cube(int size) {
    core::Grid grid;
    grid.dimensions = 3;
    grid.points = {size, size, size};
    grid.upper = {10.0, 10.0, 10.0};
    return grid;
  }
  static solvers::SolverOptions options() {
    solvers::SolverOptions options;
    options.eos = {"constant_cs2", {{"cs2", 0.25}}};
    options.transport.zeta_over_s.value = 0.05;
    options.time.step = 0.01;
    return options;
  }

 private:
  CubeProblem(MPI_Comm comm, const core::Grid& grid, const solvers::SolverOptions& options)
      : m_options(options),
        m_decomposition(grid, ranks(comm), rank(comm)),
        m_layout(m_decomposition),
        m_fluid(physics::FluidModel(m_options.eos, m_options.transport)),
        m_equations(solvers::make_primitive_equations({comm, m_decomposition, m_pool, m_fluid, m_options})),
        m_integrator(solvers::tableau("rk4"), false, m_pool, m_layout, m_equations->components()),
        m_rates(m_pool, m_layout, m_equations->components()),
        m_state(m_integrator.state()) {
    // Smooth fields of moderate size: what they are does not matter to the speed.
    const core::Box box = m_decomposition.box();
    std::vector<double> values(static_cast<std::size_t>(box.points()));
    for (int c = 0; c < m_state.components(); ++c) {
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = (c == 0 ? 1.0 : 0.0) + 0.01 * std::sin(0.1 * static_cast<double>(i) + c);
      m_state.copy_in(c, values.data());
    }
  }

  static int ranks(MPI_Comm comm) {
    int count = 1;
    MPI_Comm_size(comm, &count);
    return count;
  }
  static int rank(MPI_Comm comm) {
    int number = 0;
    MPI_Comm_rank(comm, &number);
    return number;
  }

  solvers::SolverOptions m_options;
  core::Decomposition m_decomposition;
  core::BlockLayout m_layout;
  core::ArrayPool m_pool;
  solvers::DeviceFluid m_fluid;
  std::unique_ptr<solvers::Equations> m_equations;
  solvers::RungeKutta m_integrator;
  core::FieldBundle m_rates;
  core::FieldBundle& m_state;
};

}  // namespace ister::drivers
