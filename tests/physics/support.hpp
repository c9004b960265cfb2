#pragma once
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "physics/column_file.hpp"
#include "solvers/hydro_system.hpp"

/// What the acceptance tests share: a fluid in a box on one process, its fields by name, and the reference tables.
namespace ister::tests {

inline core::Grid periodic_box(std::initializer_list<int> points, std::initializer_list<double> lower,
                               std::initializer_list<double> upper) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  std::copy(points.begin(), points.end(), grid.points.begin());
  std::copy(lower.begin(), lower.end(), grid.lower.begin());
  std::copy(upper.begin(), upper.end(), grid.upper.begin());
  return grid;
}

inline std::string name_of(solvers::Formulation formulation) {
  return formulation == solvers::Formulation::primitive ? "primitive" : "conservative";
}

/// A fluid in a box, started from an initial state.
class Evolution {
 public:
  Evolution(const core::Grid& grid, const solvers::SolverOptions& solver, const solvers::InitialOptions& initial)
      : Evolution(grid, solver) {
    start(solvers::make_initial_state(initial, solver, m_fluid, m_decomposition, MPI_COMM_SELF));
  }

  /// From `state` as it may come from a file: fields that are missing are zero.
  Evolution(const core::Grid& grid, const solvers::SolverOptions& solver, solvers::InitialState state)
      : Evolution(grid, solver) {
    solvers::complete_initial_state(state);
    solvers::check_initial_state(state, m_fluid, m_decomposition.grid(), m_decomposition.box());
    start(state);
  }

  Evolution(const Evolution&) = delete;
  Evolution& operator=(const Evolution&) = delete;

  void advance_to(double time) {
    while (m_system.time() < time) m_system.step(time);
  }

  /// A field under its name in state files; (z, y, x) order, x fastest.
  [[nodiscard]] std::vector<double> field(const std::string& name) {
    std::vector<double> values(static_cast<std::size_t>(grid().total_points()));
    for (const core::NamedField& field : m_system.state_fields()) {
      if (field.name == name) {
        field.copy_out(values.data());
        return values;
      }
    }
    ADD_FAILURE() << "there is no field " << name;
    return values;
  }

  [[nodiscard]] const core::Grid& grid() const { return m_decomposition.grid(); }
  [[nodiscard]] const physics::FluidModel& fluid() const { return m_fluid; }
  [[nodiscard]] solvers::HydroSystem& system() { return m_system; }

 private:
  Evolution(const core::Grid& grid, const solvers::SolverOptions& solver)
      : m_decomposition(grid, 1, 0),
        m_fluid(solver.eos, solver.transport),
        m_start(solver.time.start),
        m_system(MPI_COMM_SELF, m_decomposition, m_pool, m_fluid, solver, 0.0) {}

  void start(const solvers::InitialState& state) { m_system.set_state(m_start, state); }

  core::ArrayPool m_pool;
  core::Decomposition m_decomposition;
  physics::FluidModel m_fluid;
  double m_start;
  solvers::HydroSystem m_system;
};

/// Positions of all points, in the order of fields.
inline std::vector<Vec3> positions(const core::Grid& grid) {
  std::vector<Vec3> all;
  for (int z = 0; z < grid.points[2]; ++z) {
    for (int y = 0; y < grid.points[1]; ++y) {
      for (int x = 0; x < grid.points[0]; ++x)
        all.push_back({grid.coordinate(0, x), grid.coordinate(1, y), grid.coordinate(2, z)});
    }
  }
  return all;
}

/// (2/N) sum_x f exp(-i k.x): the amplitude a of Re(a exp(i k.x)) in a field.
inline std::complex<double> fourier_amplitude(const core::Grid& grid, const std::vector<double>& field, const Vec3& k) {
  const std::vector<Vec3> where = positions(grid);
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < field.size(); ++i) sum += std::polar(field[i], -dot(k, where[i]));
  return 2.0 / static_cast<double>(field.size()) * sum;
}

/// From a wave's amplitude (in units of epsilon) in runs with epsilon and 2 epsilon, that for epsilon -> 0: nonlinear
/// corrections go with epsilon^2, since reversing a wave moves it by half a wavelength. Much larger epsilons will do
/// than in one run, so that rounding, of relative size 1e-16/epsilon, stays small.
template <class Amplitude>
Amplitude vanishing_amplitude_limit(const Amplitude& single, const Amplitude& twice) {
  return (4.0 * single - twice) / 3.0;
}

/// A reference table: column by name.
using Table = std::map<std::string, std::vector<double>>;

inline Table read_table(const std::string& file, const std::vector<std::string>& names) {
  std::vector<physics::Column> columns;
  for (const std::string& name : names) columns.push_back({name, 0});
  const physics::ColumnFile read = physics::read_columns(std::string(ISTER_TEST_DATA_DIR) + "/" + file, columns);
  Table table;
  for (std::size_t c = 0; c < names.size(); ++c) table[names[c]] = read.columns[c];
  return table;
}

}  // namespace ister::tests
