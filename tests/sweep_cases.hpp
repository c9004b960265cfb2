#pragma once
#include <gtest/gtest.h>
#include <mpi.h>

#include <cmath>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/tensor.hpp"
#include "core/spectral/gradient_sweep.hpp"

/// Derivatives and filters on a decomposed grid by either sweep: of waves, compared with what they are, and of noise,
/// compared with each other. For one rank and for many.
namespace ister::tests {

/// Keeps the derivatives of a sweep: those along x first, then y, then z, each in the order of the sweep's list.
struct KeepDerivatives {
  static constexpr int outputs = 9;

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
  /// direction.
  template <class Sweep>
  double derivative_error(bool in_place) {
    const auto waves = components_of_waves();
    const core::SweepComponents wanted = components();
    const Fields found = derivatives<Sweep>(waves_on_points(), in_place);
    double worst = 0.0;
    auto field = found.begin();
    for (int d = 0; d < m_grid.dimensions; ++d)
      for (const int c : wanted[d]) {
        const std::vector<double> exact = sample([&](const Index& x) {
          return sum(waves[c], [&](const Wave& w) {
            // On an even number of points the shortest wave has no derivative along its direction.
            return 2 * w.periods[d] == m_grid.points[d] ? 0.0 : -k(d, w) * std::sin(phase(w, x));
          });
        });
        worst = std::fmax(worst, apart(*field++, exact) / (M_PI / m_grid.spacing(d)));
      }
    return over_ranks(worst);
  }

  /// Largest |difference| from what a filter does to waves.
  template <class Sweep>
  double filter_error() {
    const auto waves = components_of_waves();
    const Fields found = filtered<Sweep>(waves_on_points());
    double worst = 0.0;
    for (int c = 0; c < 3; ++c) {
      const std::vector<double> exact = sample([&](const Index& x) {
        return sum(waves[c], [&](const Wave& w) {
          double factor = 1.0;
          for (int d = 0; d < m_grid.dimensions; ++d) factor *= response(std::fabs(k(d, w)) * m_grid.spacing(d) / M_PI);
          return factor * std::cos(phase(w, x));
        });
      });
      worst = std::fmax(worst, apart(found[c], exact));
    }
    return over_ranks(worst);
  }

  /// Largest |difference| between the sweeps' derivatives of noise between -1 and 1, in the same units.
  double derivatives_apart(bool in_place) {
    const Fields fused = derivatives<core::FusedSweep>(noise(), in_place),
                 stored = derivatives<core::StoredSweep>(noise(), in_place);
    double worst = 0.0;
    const core::SweepComponents wanted = components();
    std::size_t output = 0;
    for (int d = 0; d < m_grid.dimensions; ++d)
      for (std::size_t slot = 0; slot < wanted[d].size(); ++slot, ++output)
        worst = std::fmax(worst, apart(fused[output], stored[output]) / (M_PI / m_grid.spacing(d)));
    return over_ranks(worst);
  }

  double filters_apart() {
    const Fields fused = filtered<core::FusedSweep>(noise()), stored = filtered<core::StoredSweep>(noise());
    double worst = 0.0;
    for (int c = 0; c < 3; ++c) worst = std::fmax(worst, apart(fused[c], stored[c]));
    return over_ranks(worst);
  }

 private:
  using Index = std::array<std::int64_t, 3>;
  using Fields = std::vector<std::vector<double>>;

  static double response(double s) { return std::exp(-1.5 * s * s) * (1.0 - 0.3 * s); }

  /// Every direction has its own list.
  [[nodiscard]] core::SweepComponents components() const {
    core::SweepComponents components = {{{2, 0, 1}, {1, 2}, {0, 2, 1}}};
    for (int d = m_grid.dimensions; d < 3; ++d) components[d].clear();
    return components;
  }

  /// Derivatives of three fields, those along x first. With `in_place`, results overwrite the swept bundle.
  template <class Sweep>
  Fields derivatives(const Fields& fields, bool in_place) {
    constexpr int most = KeepDerivatives::outputs;
    const core::SweepComponents wanted = components();
    Sweep sweep(m_comm, decomposition(), m_pool, wanted, most);
    const core::BlockLayout layout(decomposition());
    core::FieldBundle state = bundle_of(fields, most), kept(m_pool, layout, most);
    KeepDerivatives kernel{in_place ? state.data() : kept.data(), layout.component, {}};
    for (int d = 0; d < 3; ++d) kernel.count[d] = static_cast<int>(wanted[d].size());
    sweep.run(state, kernel);
    return fields_of(in_place ? state : kept, kernel.count[0] + kernel.count[1] + kernel.count[2]);
  }

  template <class Sweep>
  Fields filtered(const Fields& fields) {
    std::array<core::LineSymbol, 3> symbols;
    for (int d = 0; d < m_grid.dimensions; ++d) symbols[d] = core::filter_symbol(m_grid.points[d], response);
    Sweep sweep(m_comm, decomposition(), m_pool, {{{0, 1, 2}, {0, 1, 2}, {0, 1, 2}}}, 1);
    core::FieldBundle state = bundle_of(fields, 3);
    sweep.filter(state, symbols, {0, 1, 2});
    return fields_of(state, 3);
  }

  core::FieldBundle bundle_of(const Fields& fields, int components) {
    core::FieldBundle bundle(m_pool, core::BlockLayout(decomposition()), components);
    for (int c = 0; c < 3; ++c) bundle.copy_in(c, fields[c].data());
    return bundle;
  }
  static Fields fields_of(const core::FieldBundle& bundle, int count) {
    Fields fields(count, std::vector<double>(static_cast<std::size_t>(bundle.layout().points())));
    for (int c = 0; c < count; ++c) bundle.copy_out(c, fields[c].data());
    return fields;
  }

  [[nodiscard]] Fields waves_on_points() const {
    Fields fields;
    for (const std::vector<Wave>& waves : components_of_waves())
      fields.push_back(
          sample([&](const Index& x) { return sum(waves, [&](const Wave& w) { return std::cos(phase(w, x)); }); }));
    return fields;
  }
  /// The same on any number of ranks.
  [[nodiscard]] Fields noise() const {
    Fields fields;
    for (std::uint64_t c = 0; c < 3; ++c)
      fields.push_back(sample([&](const Index& x) {
        const std::int64_t index = (x[2] * m_grid.points[1] + x[1]) * m_grid.points[0] + x[0];
        return 2.0 * random_uniforms(c, {static_cast<std::uint64_t>(index)}).first - 1.0;
      }));
    return fields;
  }
  static double apart(const std::vector<double>& a, const std::vector<double>& b) {
    double worst = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) worst = std::fmax(worst, std::fabs(a[i] - b[i]));
    return worst;
  }

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

/// Twenty grids on which sweeps are compared: small ones, primes (above 13 they are padded on a host), fewer layers
/// than ranks, one for each of 12, layers of a single row or line, rows shorter and longer than a tile.
inline std::vector<std::vector<int>> odd_shapes() {
  return {{4},        {7},         {12},        {97},       {210},       {5, 3},     {31, 2},
          {13, 12},   {23, 11},    {8, 53},     {35, 15},   {100, 9},    {4, 4, 4},  {5, 7, 3},
          {17, 2, 5}, {2, 19, 13}, {12, 5, 12}, {33, 6, 4}, {16, 37, 2}, {9, 10, 23}};
}

inline std::string shape_name(const std::vector<int>& points) {
  std::string name;
  for (const int n : points) name += (name.empty() ? "" : "x") + std::to_string(n);
  return name;
}

}  // namespace ister::tests
