#pragma once
#include <mpi.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "physics/fluid_model.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/initial/states.hpp"

/// Runs inside of a test: a box, a fluid, a state, and fields to compare.
namespace ister::tests {

/// Fields by their names in state files, each a block in (z, y, x) order.
using Fields = std::map<std::string, std::vector<double>>;

inline core::Grid make_grid(const std::vector<int>& points, const std::vector<double>& lower,
                            const std::vector<double>& upper) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (int d = 0; d < grid.dimensions; ++d) {
    grid.points[d] = points[d];
    grid.lower[d] = lower[d];
    grid.upper[d] = upper[d];
  }
  return grid;
}

/// A fluid on the ranks of a communicator, by default this one alone.
class Flow {
 public:
  Flow(const core::Grid& grid, const solvers::SolverOptions& options, MPI_Comm comm = MPI_COMM_SELF,
       double energy_cut = 1.0)
      : m_options(options),
        m_comm(comm),
        m_decomposition(grid, size(comm), rank(comm)),
        m_fluid(options.eos, options.transport),
        m_system(std::make_unique<solvers::HydroSystem>(comm, m_decomposition, m_pool, m_fluid, options, energy_cut)) {}

  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  void start(const solvers::InitialOptions& initial) {
    start(solvers::make_initial_state(initial, m_options, m_fluid, m_decomposition, m_comm));
  }
  void start(const solvers::InitialState& initial) { m_system->set_state(m_options.time.start, initial); }
  /// From a function of position; pizz may be left out.
  void start(const solvers::PointState& state) { start(initial_state(state)); }
  /// The same as data of others, which may be conditioned.
  void start_rough(const solvers::PointState& state) {
    solvers::InitialSource source;
    source.rough = true;
    source.make = [this, &state](const core::Box& box) {
      if (box.points() != m_decomposition.box().points()) throw std::logic_error("a test with more than one piece");
      return initial_state(state);
    };
    m_system->set_state(m_options.time.start, source);
  }

  [[nodiscard]] solvers::InitialState initial_state(const solvers::PointState& state) const {
    solvers::InitialState initial;
    for_each_position(m_decomposition, [&](const Vec3& position) {
      const solvers::PrimitivePoint p = state(position);
      initial.energy_density.push_back(p.energy_density);
      initial.ux.push_back(p.u.x);
      initial.uy.push_back(p.u.y);
      initial.uz.push_back(p.u.z);
      initial.pixx.push_back(p.pi.xx);
      initial.pixy.push_back(p.pi.xy);
      initial.pixz.push_back(p.pi.xz);
      initial.piyy.push_back(p.pi.yy);
      initial.piyz.push_back(p.pi.yz);
      initial.bulk_pressure.push_back(p.bulk_pressure);
    });
    solvers::complete_initial_state(initial);
    return initial;
  }

  void run_to(double time) {
    while (m_system->time() < time) m_system->step(time);
  }

  [[nodiscard]] Fields fields() {
    Fields result;
    for (const core::NamedField& field : m_system->state_fields()) {
      std::vector<double>& values = result[field.name];
      values.resize(static_cast<std::size_t>(m_decomposition.box().points()));
      field.copy_out(values.data());
    }
    return result;
  }

  [[nodiscard]] solvers::HydroSystem& system() { return *m_system; }
  [[nodiscard]] const solvers::Diagnostics& diagnostics() const { return m_system->diagnostics(); }
  [[nodiscard]] const core::Decomposition& decomposition() const { return m_decomposition; }
  [[nodiscard]] const physics::FluidModel& fluid() const { return m_fluid; }

  /// f(position) for the points of this rank's block in order.
  template <class F>
  static void for_each_position(const core::Decomposition& decomposition, F&& f) {
    const core::Box box = decomposition.box();
    const core::Grid& grid = decomposition.grid();
    for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
      for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
        for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x)
          f(Vec3{grid.coordinate(0, x), grid.coordinate(1, y), grid.coordinate(2, z)});
  }

 private:
  static int size(MPI_Comm comm) {
    int size = 1;
    MPI_Comm_size(comm, &size);
    return size;
  }
  static int rank(MPI_Comm comm) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    return rank;
  }

  solvers::SolverOptions m_options;
  MPI_Comm m_comm;
  core::Decomposition m_decomposition;
  core::ArrayPool m_pool;
  physics::FluidModel m_fluid;
  std::unique_ptr<solvers::HydroSystem> m_system;
};

inline double largest(const std::vector<double>& values) {
  double m = 0.0;
  for (const double v : values) m = std::fabs(v) <= m ? m : std::fabs(v);
  return m;
}

/// What differences of a field are measured by: 1 for velocities, max e for stresses, else its own maximum.
inline double scale_of(const std::string& name, const Fields& reference) {
  if (name.front() == 'u') return 1.0;
  if (name.front() == 'p' || name.front() == 'b') return largest(reference.at("energy_density"));
  return largest(reference.at(name));
}

/// max|a - b| / scale; not a number where a value is.
inline double deviation(const std::vector<double>& a, const std::vector<double>& b, double scale) {
  double m = a.size() == b.size() ? 0.0 : HUGE_VAL;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double d = std::fabs(a[i] - b[i]);
    m = d <= m ? m : d;
  }
  return m / scale;
}

/// A state without any symmetry: every component a sum of a few long waves with random phases. Stresses are in
/// proportion to w; directions beyond `dimensions` are homogeneous. `mean_flow` keeps all velocities away from zero.
class RandomState {
 public:
  struct Amplitudes {
    double log_energy = 0.2, flow = 0.15, shear = 0.03, bulk = 0.03, mean_flow = 0.2;
  };

  RandomState(const core::Grid& grid, const physics::FluidModel& fluid, int seed, const Amplitudes& amplitudes)
      : m_fluid(fluid), m_amplitudes(amplitudes) {
    std::uint64_t index = 0;
    for (auto& series : m_series)
      for (Wave& wave : series) {
        const RandomPair one = random_uniforms(static_cast<std::uint64_t>(seed), {index++});
        const RandomPair two = random_uniforms(static_cast<std::uint64_t>(seed), {index++});
        const RandomPair three = random_uniforms(static_cast<std::uint64_t>(seed), {index++});
        const double u[] = {one.first, one.second, two.first};
        double* const k[] = {&wave.k.x, &wave.k.y, &wave.k.z};
        for (int d = 0; d < grid.dimensions; ++d)
          *k[d] = 2.0 * M_PI / (grid.upper[d] - grid.lower[d]) * std::floor(3.0 * u[d] - 1.0);
        wave.phase = 2.0 * M_PI * two.second;
        wave.amplitude = three.first;
      }
  }

  [[nodiscard]] solvers::PrimitivePoint operator()(const Vec3& x) const {
    solvers::PrimitivePoint p;
    p.energy_density = 8.0 * std::exp(m_amplitudes.log_energy * value(0, x));
    p.u =
        m_amplitudes.flow * Vec3{value(1, x), value(2, x), value(3, x)} + m_amplitudes.mean_flow * Vec3{1.0, -0.8, 0.6};
    const double w = p.energy_density * (1.0 + m_fluid.eos(std::log(p.energy_density)).pressure_over_energy);
    if (m_fluid.has_shear())
      p.pi = (w * m_amplitudes.shear) * Sym3{value(4, x), value(5, x), value(6, x), value(7, x), value(8, x), 0.0};
    if (m_fluid.has_bulk()) p.bulk_pressure = w * m_amplitudes.bulk * value(9, x);
    return p;
  }

 private:
  struct Wave {
    Vec3 k;
    double phase = 0, amplitude = 0;
  };
  [[nodiscard]] double value(int component, const Vec3& x) const {
    double sum = 0.0;
    for (const Wave& wave : m_series[component]) sum += wave.amplitude * std::cos(dot(wave.k, x) + wave.phase);
    return sum;
  }

  const physics::FluidModel& m_fluid;
  Amplitudes m_amplitudes;
  std::array<std::array<Wave, 4>, 10> m_series;
};

/// A fluid with every term of the equations in play: c_s^2 = 1/4, shear and bulk stress.
inline solvers::SolverOptions full_fluid(physics::Geometry geometry, solvers::Formulation formulation) {
  solvers::SolverOptions options;
  options.geometry = geometry;
  options.formulation = formulation;
  options.eos = {"constant_cs2", {{"cs2", 0.25}}};
  options.transport.eta_over_s.value = 0.2;
  options.transport.zeta_over_s.value = 0.05;
  options.filter.type = solvers::FilterOptions::Type::none;
  options.time.start = geometry == physics::Geometry::milne ? 0.8 : 0.0;
  return options;
}

}  // namespace ister::tests
