#include "solvers/local_diffusion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "physics/primitive_recovery.hpp"
#include "solvers/point_energy.hpp"

namespace ister::solvers {
namespace {

constexpr int flow_components = 4;  ///< ln e and u, of which the sensor is made

/// h^2 before it is smoothed, into the first component of the low-passed copy.
struct Content {
  const double* primitives;
  std::int64_t stride;
  double* low;
  std::int64_t low_stride;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
#pragma omp simd
    for (std::int64_t i = offset; i < offset + points; ++i) {
      double square = 0.0, u2 = 0.0;
      for (int c = 1; c < flow_components; ++c) {
        const double u = primitives[c * stride + i], off = u - low[c * low_stride + i];
        square += off * off;
        u2 += u * u;
      }
      const double off = primitives[i] - low[i];
      low[i] = off * off + square / (1.0 + u2);
    }
  }
};

/// From points of the block to their places in a block with a layer of neighbours.
struct Surrounded {
  core::BlockLayout block, wide;

  /// Of a point of the block, which lies in that row.
  ISTER_INLINE std::int64_t at(std::int64_t row, std::int64_t point) const {
    const std::int64_t y = row % block.rows, z = row / block.rows;
    const std::int64_t x = point - block.row_offset(z, y);
    return wide.row_offset(z + (block.dimensions > 1 ? 1 : 0), y + (block.dimensions > 2 ? 1 : 0)) + 1 + x;
  }
};

/// alpha from h^2.
struct Strength {
  Surrounded place;
  const double* content;
  double* alpha;
  double inverse_threshold, dt_over_tf;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    constexpr double most = 3.0;
    double* out = alpha + place.at(row, offset);
#pragma omp simd
    for (std::int64_t i = 0; i < points; ++i) {
      const double square = content[offset + i];
      const double h = std::sqrt(square > 0.0 ? square : 0.0);  // smoothing leaves rounding below zero
      const double excess = h * inverse_threshold - 1.0;
      const double r = excess > 0.0 ? (excess < most ? excess : most) : 0.0;
      out[i] = 1.0 - simd_exp(-r * dt_over_tf);
    }
  }
};

/// Which points exchange. alpha is that of the block with its neighbours.
struct Reach {
  const double* alpha;
  core::BlockLayout wide;

  /// Whether any face of the point exchanges.
  ISTER_INLINE bool operator()(std::int64_t j) const {
    bool any = alpha[j] > 0.0;
    for (int d = 0; d < wide.dimensions; ++d) {
      const std::int64_t s = wide.stride(d);
      any = any || alpha[j - s] > 0.0 || alpha[j + s] > 0.0;
    }
    return any;
  }

  /// Whether any of these neighbouring points does.
  ISTER_INLINE bool any(std::int64_t j, std::int64_t points) const {
    bool found = false;
    for (std::int64_t i = j; i < j + points; ++i) found = found || (*this)(i);
    return found;
  }
};

/// The largest value of a row.
struct Largest {
  const double* values;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double largest = 0.0;
    for (std::int64_t i = offset; i < offset + points; ++i) largest = values[i] > largest ? values[i] : largest;
    table[row] = largest;
  }
};

/// T^{0m}, pi^{ij} and Pi where points exchange.
template <class Stress, class Fluid>
struct Encode {
  Fluid fluid;
  Surrounded place;
  Reach reached;
  const double* primitives;
  std::int64_t stride;
  double* wide;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    constexpr std::int64_t run = 16;  // points that are treated together if any of them is reached
    const std::int64_t target = place.at(row, offset);
    for (std::int64_t first = 0; first < points; first += run) {
      const std::int64_t end = first + run < points ? first + run : points;
      if (!reached.any(target + first, end - first)) continue;
#pragma omp simd
      for (std::int64_t i = first; i < end; ++i) encode(offset + i, target + i);
    }
  }

  ISTER_INLINE void encode(std::int64_t i, std::int64_t j) const {
    const double ratio = fluid.eos(primitives[i]).pressure_over_energy;
    const double w = simd_exp(primitives[i]) * (1.0 + ratio);
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, s, k);
    const physics::StressTensor t = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k);
    const std::int64_t wide_stride = place.wide.component;
    double* at = wide + j;
    at[0] = w * t.energy;
    at[wide_stride] = w * t.momentum.x;
    at[2 * wide_stride] = w * t.momentum.y;
    at[3 * wide_stride] = w * t.momentum.z;
    store_stresses<Stress>(w * s.pi, w * s.bulk, at, wide_stride);
  }
};

/// What a row of the table sums.
enum Column { energy, changed, hot_changed, hot, columns };

/// Exchanges between neighbours, and the state that results. Reads the block with its neighbours, writes the block.
template <class Stress, class Fluid>
struct Exchange {
  using V = Variables<Stress>;
  Fluid fluid;
  Surrounded place;
  Reach reached;
  const double* wide;
  double* primitives;
  double face, log_cut;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double* t = table + row * columns;
    for (int c = 0; c < columns; ++c) t[c] = 0.0;
    const std::int64_t first = place.at(row, offset);
    for (std::int64_t i = 0; i < points; ++i) {
      const bool is_hot = primitives[offset + i] > log_cut;
      t[hot] += is_hot ? 1.0 : 0.0;
      if (!reached(first + i)) continue;
      exchange(first + i, offset + i, t);
      t[changed] += 1.0;
      t[hot_changed] += is_hot ? 1.0 : 0.0;
    }
  }

  KOKKOS_FUNCTION double exchanged(std::int64_t j, int component) const {
    const double* q = wide + component * place.wide.component;
    const double* alpha = reached.alpha;
    double sum = q[j];
    for (int d = 0; d < place.wide.dimensions; ++d)
      for (int side = -1; side <= 1; side += 2) {
        const std::int64_t n = j + side * place.wide.stride(d);
        const double a = alpha[n] > alpha[j] ? alpha[n] : alpha[j];
        sum += face * a * (q[n] - q[j]);
      }
    return sum;
  }

  /// New values of a point; where no state has them it keeps its old one.
  KOKKOS_FUNCTION void exchange(std::int64_t j, std::int64_t i, double* t) const {
    constexpr double accepted = 1e-13, tolerated = 1e-9;
    constexpr int most_steps = 40, most_from_scratch = 80;
    const std::int64_t stride = place.block.component;
    double values[V::count];
    for (int c = 0; c < V::count; ++c) values[c] = exchanged(j, c);
    physics::ConservedPoint c;
    c.energy = values[0];
    c.momentum = {values[1], values[2], values[3]};
    load_stresses<Stress>(values, 1, c.pi, c.bulk);
    physics::RecoveredPoint r;
    r.log_e = primitives[i];
    r.u = load_velocity<Stress>(primitives + i, stride);
    physics::damped_recovery<Stress>(fluid, c, most_steps, accepted, r);
    if (!(r.residual < tolerated)) {
      r = physics::recovery_guess(c);
      physics::damped_recovery<Stress>(fluid, c, most_from_scratch, accepted, r);
    }
    if (r.residual < tolerated) {
      const double w = simd_exp(r.log_e) * (1.0 + fluid.eos(r.log_e).pressure_over_energy);
      double* at = primitives + i;
      at[0] = r.log_e;
      at[stride] = r.u.x;
      at[2 * stride] = r.u.y;
      at[3 * stride] = r.u.z;
      store_stresses<Stress>((1.0 / w) * c.pi, c.bulk / w, at, stride);
    }
    t[energy] += energy_density_00<Stress>(fluid, primitives, stride, i) - c.energy;
  }
};

double face_share(int dimensions) { return dimensions == 3 ? 2.0 / 15.0 : 0.2; }

std::vector<int> first(int count) {
  std::vector<int> components(static_cast<std::size_t>(count));
  std::iota(components.begin(), components.end(), 0);
  return components;
}

int evolved(const EquationContext& context) { return static_cast<int>(evolved_fields(context.fluid.stress()).size()); }

}  // namespace

LocalDiffusion::LocalDiffusion(const EquationContext& context, Equations& equations, double threshold)
    : m_context(context),
      m_equations(equations),
      m_threshold(threshold),
      m_flow(first(flow_components)),
      m_content(first(1)),
      m_work(context.pool, core::BlockLayout(context.decomposition), flow_components),
      m_halo(context.comm, context.decomposition, context.pool, core::surrounded(context.decomposition.grid(), 1),
             first(evolved(context))),
      m_alpha_halo(context.comm, context.decomposition, context.pool, core::surrounded(context.decomposition.grid(), 1),
                   {evolved(context)}),
      m_wide(context.pool, m_halo.layout(), evolved(context) + 1),
      m_largest(context.pool, core::BlockLayout(context.decomposition), 1),
      m_rows(context.pool, core::BlockLayout(context.decomposition), columns) {
  if (context.pool.counts()) return;
  const core::Grid& grid = context.decomposition.grid();
  for (int d = 0; d < grid.dimensions; ++d) {
    m_low_pass[d] =
        core::filter_symbol(grid.points[d], [](double k) { return std::exp(-std::log(2.0) * std::pow(2.0 * k, 8.0)); });
    // (1/4, 1/2, 1/4) is cos^2(k dx/2).
    m_smooth[d] = core::filter_symbol(grid.points[d], [](double k) { return std::pow(std::cos(0.5 * M_PI * k), 4.0); });
  }
}

LocalDiffusion::Result LocalDiffusion::apply(double dt, double dx, core::FieldBundle& primitives) {
  return find_excess(primitives) ? exchange(dt / (0.4 * dx), primitives) : Result{};
}

/// h^2 into the first component of the work bundle; whether it exceeds the square of the threshold anywhere.
bool LocalDiffusion::find_excess(const core::FieldBundle& primitives) {
  static const std::string label = "sensor";
  const core::Profiler::Region region(m_context.profiler, "sensor");
  const std::int64_t stride = primitives.layout().component;
  const std::pair<std::int64_t, std::int64_t> flow{0, flow_components * stride};
  Kokkos::deep_copy(Kokkos::subview(m_work.view(), flow), Kokkos::subview(primitives.view(), flow));
  m_equations.filter(m_work, m_low_pass, m_flow);
  core::for_each_point(label, primitives.layout(),
                       Content{primitives.data(), stride, m_work.data(), m_work.layout().component});
  const double square = m_threshold * m_threshold;
  if (largest(m_work.data()) <= square) return false;  // nor will it when smoothed, but for rounding
  m_equations.filter(m_work, m_smooth, m_content);
  return largest(m_work.data()) > square;
}

/// Of a component of the work bundle on all ranks, zero at least.
double LocalDiffusion::largest(const double* values) {
  static const std::string label = "largest";
  core::for_each_row(label, m_work.layout(), Largest{values, m_largest.data()});
  m_largest.fetch();
  double result = m_largest.max(0);
  MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_DOUBLE, MPI_MAX, m_context.comm);
  return result;
}

LocalDiffusion::Result LocalDiffusion::exchange(double dt_over_tf, core::FieldBundle& primitives) {
  static const std::string label = "diffusion";
  const core::BlockLayout& layout = primitives.layout();
  const Surrounded place{layout, m_wide.layout()};
  double* alpha = m_wide.component(m_wide.components() - 1);
  core::for_each_point(label, layout, Strength{place, m_work.data(), alpha, 1.0 / m_threshold, dt_over_tf});
  m_alpha_halo.surround(m_wide);
  const Reach reached{alpha, m_wide.layout()};
  const double log_cut = m_context.options.verdict_cut > 0.0 ? std::log(m_context.options.verdict_cut) : -1e300;
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Stress = decltype(tag);
      using Fluid = std::decay_t<decltype(fluid)>;
      core::for_each_point(
          label, layout,
          Encode<Stress, Fluid>{fluid, place, reached, primitives.data(), layout.component, m_wide.data()});
      m_halo.surround(m_wide);
      core::for_each_row(label, layout,
                         Exchange<Stress, Fluid>{fluid, place, reached, m_wide.data(), primitives.data(),
                                                 face_share(layout.dimensions), log_cut, m_rows.data()});
    });
  });
  m_rows.fetch();
  return {m_rows.sum(energy), m_rows.sum(changed), m_rows.sum(hot_changed), m_rows.sum(hot)};
}

}  // namespace ister::solvers
