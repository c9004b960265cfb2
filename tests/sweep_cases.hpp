#pragma once
#include <gtest/gtest.h>
#include <mpi.h>

#include <cmath>
#include <vector>

#include "core/base/tensor.hpp"
#include "core/spectral/gradient_sweep.hpp"

/// Derivatives and filters of waves on a decomposed grid, compared with what they are. For one rank and for many.
namespace ister::tests {

/// Keeps the derivatives of a sweep: those along x first, then y, then z, each in the order of the sweep's list.
struct KeepDerivatives {
  double* kept;
  std::int64_t component;  ///< stride between components of `kept`
  int count[3];

  ISTER_INLINE void point(const core::GradientRow& row, std::int64_t i, const core::OutputRow& out) const {
    int output = 0;
    for (int d = 0; d < 3; ++d)
      for (int slot = 0; slot < count[d]; ++slot) out.at(output++, i) = row.derivative(d, slot, i);
  }
  ISTER_INLINE void prefetch(int, std::int64_t, std::int64_t) const {}
  ISTER_INLINE void finish(std::int64_t, std::int64_t offset, std::int64_t points, const core::OutputRow& out) const {
    for (int c = 0; c < count[0] + count[1] + count[2]; ++c)
      for (std::int64_t i = 0; i < points; ++i) kept[c * component + offset + i] = out.at(c, i);
  }
};

/// cos(k.x + phase) with whole numbers of periods.
struct Wave {
  std::array<int, 3> periods;
  double phase;
};

class SweepCase {
 public:
  SweepCase(MPI_Comm comm, const std::vector<int>& points) : m_comm(comm), m_grid(grid_of(points)) {
    int ranks = 1, rank = 0;
    MPI_Comm_size(comm, &ranks);
    MPI_Comm_rank(comm, &rank);
    m_decomposition.emplace_back(m_grid, ranks, rank);
  }

  /// Largest |difference| from the exact derivatives of three sums of waves, in units of the largest wavenumber of a
  /// direction. Every direction has its own list of components. With `in_place`, results overwrite the swept bundle.
  double derivative_error(bool in_place) {
    const core::GradientSweep::Components wanted = {{{2, 0, 1}, {1, 2}, {0, 2, 1}}};
    core::GradientSweep::Components components;
    KeepDerivatives kernel{};
    int outputs = 0;
    for (int d = 0; d < m_grid.dimensions; ++d) {
      components[d] = wanted[d];
      outputs += kernel.count[d] = static_cast<int>(wanted[d].size());
    }
    core::GradientSweep sweep(m_comm, decomposition(), m_pool, components, outputs);
    const core::BlockLayout layout(decomposition());
    core::FieldBundle state(m_pool, layout, outputs), kept(m_pool, layout, outputs);
    const auto waves = components_of_waves();
    for (int c = 0; c < 3; ++c)
      state.copy_in(c, sample([&](const Index& x) {
                         return sum(waves[c], [&](const Wave& w) { return std::cos(phase(w, x)); });
                       }).data());
    kernel.kept = in_place ? state.data() : kept.data();
    kernel.component = layout.component;
    sweep.run(state, kernel);

    double worst = 0.0;
    std::vector<double> found(static_cast<std::size_t>(layout.points()));
    int output = 0;
    for (int d = 0; d < m_grid.dimensions; ++d)
      for (const int c : components[d]) {
        (in_place ? state : kept).copy_out(output++, found.data());
        const std::vector<double> exact = sample([&](const Index& x) {
          return sum(waves[c], [&](const Wave& w) {
            // On an even number of points the shortest wave has no derivative along its direction.
            return 2 * w.periods[d] == m_grid.points[d] ? 0.0 : -k(d, w) * std::sin(phase(w, x));
          });
        });
        for (std::size_t i = 0; i < found.size(); ++i)
          worst = std::fmax(worst, std::fabs(found[i] - exact[i]) / (M_PI / m_grid.spacing(d)));
      }
    return over_ranks(worst);
  }

  /// Largest |difference| from what a filter does to waves.
  double filter_error() {
    const auto response = [](double s) { return std::exp(-1.5 * s * s) * (1.0 - 0.3 * s); };
    std::array<core::LineSymbol, 3> symbols;
    core::GradientSweep::Components components;
    for (int d = 0; d < m_grid.dimensions; ++d) {
      symbols[d] = core::filter_symbol(m_grid.points[d], response);
      components[d] = {0, 1, 2};
    }
    core::GradientSweep sweep(m_comm, decomposition(), m_pool, components, 1);
    const core::BlockLayout layout(decomposition());
    core::FieldBundle state(m_pool, layout, 3);
    const auto waves = components_of_waves();
    for (int c = 0; c < 3; ++c)
      state.copy_in(c, sample([&](const Index& x) {
                         return sum(waves[c], [&](const Wave& w) { return std::cos(phase(w, x)); });
                       }).data());
    sweep.filter(state, symbols, {0, 1, 2});
    double worst = 0.0;
    std::vector<double> found(static_cast<std::size_t>(layout.points()));
    for (int c = 0; c < 3; ++c) {
      state.copy_out(c, found.data());
      const std::vector<double> exact = sample([&](const Index& x) {
        return sum(waves[c], [&](const Wave& w) {
          double factor = 1.0;
          for (int d = 0; d < m_grid.dimensions; ++d) factor *= response(std::fabs(k(d, w)) * m_grid.spacing(d) / M_PI);
          return factor * std::cos(phase(w, x));
        });
      });
      for (std::size_t i = 0; i < found.size(); ++i) worst = std::fmax(worst, std::fabs(found[i] - exact[i]));
    }
    return over_ranks(worst);
  }

 private:
  using Index = std::array<std::int64_t, 3>;

  static core::Grid grid_of(const std::vector<int>& points) {
    core::Grid grid;
    grid.dimensions = static_cast<int>(points.size());
    for (int d = 0; d < grid.dimensions; ++d) {
      grid.points[d] = points[d];
      grid.lower[d] = -1.0 + 0.3 * d;
      grid.upper[d] = 2.0 + d;
    }
    return grid;
  }

  /// For each component a constant, long and short waves, and the shortest there are.
  [[nodiscard]] std::vector<std::vector<Wave>> components_of_waves() const {
    const auto fraction = [&](double x, double y, double z) {
      std::array<int, 3> periods{};
      const double f[] = {x, y, z};
      for (int d = 0; d < m_grid.dimensions; ++d)
        periods[d] = static_cast<int>(std::lround(f[d] * (m_grid.points[d] - 1) / 2));
      return periods;
    };
    std::array<int, 3> nyquist{};
    for (int d = 0; d < m_grid.dimensions; ++d) nyquist[d] = m_grid.points[d] % 2 == 0 ? m_grid.points[d] / 2 : 0;
    // The phase of the shortest waves must be zero: sines vanish on all points.
    return {{{{0, 0, 0}, 0.0}, {fraction(0.3, 0.0, 0.4), 0.3}, {fraction(1.0, 1.0, 1.0), 1.0}},
            {{fraction(-0.5, 0.7, 1.0), -0.4}, {fraction(0.0, 0.2, 0.0), 0.1}, {nyquist, 0.0}},
            {{fraction(1.0, -0.4, 0.3), 2.0}, {fraction(0.2, 1.0, -0.9), -1.0}}};
  }

  [[nodiscard]] double k(int d, const Wave& w) const {
    return d < m_grid.dimensions ? 2.0 * M_PI * w.periods[d] / (m_grid.upper[d] - m_grid.lower[d]) : 0.0;
  }
  /// Whole turns are taken off in integers, so that phases are exact on long lines as well.
  [[nodiscard]] double phase(const Wave& w, const Index& at) const {
    double turns = 0.0;
    for (int d = 0; d < m_grid.dimensions; ++d)
      turns += static_cast<double>(w.periods[d] * at[d] % m_grid.points[d]) / m_grid.points[d];
    return 2.0 * M_PI * turns + w.phase;
  }
  template <class F>
  static double sum(const std::vector<Wave>& waves, F&& f) {
    double total = 0.0;
    for (const Wave& w : waves) total += f(w);
    return total;
  }
  template <class F>
  [[nodiscard]] std::vector<double> sample(F&& f) const {
    const core::Box box = decomposition().box();
    std::vector<double> values;
    for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
      for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
        for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x) values.push_back(f(Index{x, y, z}));
    return values;
  }
  [[nodiscard]] double over_ranks(double worst) const {
    MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_DOUBLE, MPI_MAX, m_comm);
    return worst;
  }
  [[nodiscard]] const core::Decomposition& decomposition() const { return m_decomposition.front(); }

  MPI_Comm m_comm;
  core::Grid m_grid;
  std::vector<core::Decomposition> m_decomposition;
  core::ArrayPool m_pool;
};

/// Even, odd, prime, powers of two; rows longer and shorter than a tile, and whole multiples of it; the last one so
/// large that its components are exchanged in several groups.
inline std::vector<std::vector<int>> sweep_shapes() {
  return {{8},        {9},        {13},         {64},     {131},       {8, 8},      {13, 10},
          {10, 13},   {33, 9},    {64, 12},     {66, 11}, {8, 8, 8},   {12, 9, 11}, {9, 12, 10},
          {35, 8, 9}, {64, 9, 8}, {40, 32, 36}, {17, 19}, {34, 38, 17}};
}

inline std::string shape_name(const std::vector<int>& points) {
  std::string name;
  for (const int n : points) name += (name.empty() ? "" : "x") + std::to_string(n);
  return name;
}

}  // namespace ister::tests
