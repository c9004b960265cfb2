#include "solvers/observers/diagnostics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace ister::solvers {
namespace {

/// Columns of the row table: sums first (from anisotropy to hot over e > energy_cut, reynolds and its weight over
/// e > verdict_cut), then maxima; three columns from seam_flux and from seam_e on, one a direction.
enum Column {
  energy,
  momentum_x,
  momentum_y,
  momentum_z,
  anisotropy,
  pressure,
  weight,
  radial,
  temperature,
  hot,
  not_finite,
  log_e_sum,
  reynolds,
  reynolds_weight,
  seam_flux,
  sums = seam_flux + 3,
  e_max = sums,
  minus_e_min,
  u2_max,
  rho2_max,
  bulk_max,
  seam_e,
  columns = seam_e + 3
};

/// What is averaged over e > energy_cut, at a point.
struct CutPoint {
  static constexpr int count = 6;
  double depth = 0;          ///< ln(e/energy_cut)
  double value[count] = {};  ///< in the order of the columns anisotropy ... hot
};

/// The values at a fraction s of the way from a to b.
ISTER_INLINE double between(const CutPoint& a, const CutPoint& b, double s, int c) {
  return a.value[c] + s * (b.value[c] - a.value[c]);
}

/// Adds weight times the integral over the corner of a triangle at `tip`, cut where the depth is zero.
ISTER_INLINE void add_tip(const CutPoint& tip, const CutPoint& a, const CutPoint& b, double weight, double* t) {
  const double sa = tip.depth / (tip.depth - a.depth), sb = tip.depth / (tip.depth - b.depth);
  for (int c = 0; c < CutPoint::count; ++c)
    t[anisotropy + c] += weight * sa * sb / 3.0 * (tip.value[c] + between(tip, a, sa, c) + between(tip, b, sb, c));
}

/// Adds the integral over what lies above the cut of a triangle of half a cell, all of it taken as linear in between:
/// counting whole cells would jump whenever a point crosses the cut.
ISTER_INLINE void add_triangle(const CutPoint& a, const CutPoint& b, const CutPoint& c, double* t) {
  const int hot = (a.depth > 0.0) + (b.depth > 0.0) + (c.depth > 0.0);
  if (hot == 0) return;
  const CutPoint& odd = (a.depth > 0.0) == (b.depth > 0.0) ? c : ((a.depth > 0.0) == (c.depth > 0.0) ? b : a);
  const CutPoint& other = &odd == &a ? b : a;
  const CutPoint& third = &odd == &c ? b : c;
  if (hot == 1) return add_tip(odd, other, third, 0.5, t);
  for (int q = 0; q < CutPoint::count; ++q) t[anisotropy + q] += 0.5 / 3.0 * (a.value[q] + b.value[q] + c.value[q]);
  if (hot == 2) add_tip(odd, other, third, -0.5, t);
}

template <class Stress, class Fluid>
struct Measure {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  double* table;
  double x0, dx, y0, dy;  ///< coordinates of the block's first point; spacings, dy = 0 in 1-D
  std::int64_t y_count;   ///< rows of equal z
  std::int64_t pitch;     ///< from row to row
  const double* beyond;   ///< the rows beyond the last ones of each z, which are beyond_plane apart
  std::int64_t beyond_plane, beyond_stride;
  double log_cut, log_verdict_cut;
  std::array<bool, 3> at_seam;  ///< whether the first layer of the block is the first one of the grid

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double t[columns] = {};
    t[minus_e_min] = -std::numeric_limits<double>::max();
    for (std::int64_t i = offset; i < offset + points; ++i) add_point(i, t);
    add_seam(row, offset, points, t);
    if (dy > 0.0) add_cells(row, offset, points, t);
    for (int c = 0; c < columns; ++c) table[row * columns + c] = t[c];
  }

  ISTER_INLINE void add_point(std::int64_t i, double* t) const {
    const double log_e = primitives[i];
    const double e = simd_exp(log_e), ratio = fluid.eos(log_e).pressure_over_energy, w = e * (1.0 + ratio);
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, s, k);
    double rho2 = 0.0;
    if constexpr (Stress::shear) rho2 = physics::shear_square(s.pi, physics::project(s.pi, k.v));
    const physics::StressTensor T = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k);
    const double u2 = dot(s.u, s.u);
    if (!(std::isfinite(log_e) && std::isfinite(u2) && std::isfinite(rho2 + s.bulk))) t[not_finite] += 1.0;
    t[energy] += w * T.energy;
    t[momentum_x] += w * T.momentum.x;
    t[momentum_y] += w * T.momentum.y;
    t[momentum_z] += w * T.momentum.z;
    t[e_max] = e > t[e_max] ? e : t[e_max];
    t[minus_e_min] = -e > t[minus_e_min] ? -e : t[minus_e_min];
    t[u2_max] = u2 > t[u2_max] ? u2 : t[u2_max];
    t[rho2_max] = rho2 > t[rho2_max] ? rho2 : t[rho2_max];
    t[log_e_sum] += log_e;
    if (log_e > log_verdict_cut) add_ratios(e, rho2, s.bulk, (1.0 + ratio) / ratio, t);
  }

  /// The stresses against the pressure; `enthalpy` is w/p.
  ISTER_INLINE static void add_ratios(double e, double rho2, double bulk, double enthalpy, double* t) {
    const double bulk_ratio = std::fabs(bulk) * enthalpy;
    t[bulk_max] = bulk_ratio > t[bulk_max] ? bulk_ratio : t[bulk_max];
    t[reynolds] += e * std::sqrt(rho2 > 0.0 ? rho2 : 0.0) * enthalpy;
    t[reynolds_weight] += e;
  }

  /// Those points of a row that lie on the seam of the box, the first layer of a direction.
  ISTER_INLINE void add_seam(std::int64_t row, std::int64_t offset, std::int64_t points, double* t) const {
    if (at_seam[0]) add_seam_point(offset, 0, t);
    const bool first[] = {at_seam[1] && row % y_count == 0, at_seam[2] && row < y_count};
    for (int d = 1; d < 3; ++d)
      for (std::int64_t i = offset; first[d - 1] && i < offset + points; ++i) add_seam_point(i, d, t);
  }

  ISTER_INLINE void add_seam_point(std::int64_t i, int d, double* t) const {
    const double e = simd_exp(primitives[i]), ratio = fluid.eos(primitives[i]).pressure_over_energy;
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, s, k);
    const Vec3 flux = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k).momentum;
    t[seam_flux + d] += e * (1.0 + ratio) * std::fabs(d == 0 ? flux.x : (d == 1 ? flux.y : flux.z));
    t[seam_e + d] = e > t[seam_e + d] ? e : t[seam_e + d];
  }

  /// The cells between this row and the next one of the same z, the box being periodic.
  ISTER_INLINE void add_cells(std::int64_t row, std::int64_t offset, std::int64_t points, double* t) const {
    const std::int64_t y_index = row % y_count;
    const bool last = y_index + 1 == y_count;
    const double* upper = last ? beyond + row / y_count * beyond_plane : primitives + offset + pitch;
    const std::int64_t upper_stride = last ? beyond_stride : stride;
    const double* lower = primitives + offset;
    const double y = y0 + dy * static_cast<double>(y_index);
    for (std::int64_t i = 0; i < points; ++i) {
      const std::int64_t j = i + 1 < points ? i + 1 : 0;
      if (lower[i] <= log_cut && lower[j] <= log_cut && upper[i] <= log_cut && upper[j] <= log_cut) continue;
      const double x = x0 + dx * static_cast<double>(i);
      const CutPoint a = cut_point(lower + i, stride, x, y), b = cut_point(lower + j, stride, x + dx, y);
      const CutPoint c = cut_point(upper + i, upper_stride, x, y + dy);
      const CutPoint d = cut_point(upper + j, upper_stride, x + dx, y + dy);
      add_triangle(a, b, d, t);
      add_triangle(a, c, d, t);
    }
  }

  ISTER_INLINE CutPoint cut_point(const double* at, std::int64_t component_stride, double x, double y) const {
    const physics::EosPoint eos = fluid.eos(at[0]);
    const double e = simd_exp(at[0]), ratio = eos.pressure_over_energy, w = e * (1.0 + ratio);
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(at, component_stride, 0, s, k);
    const physics::StressTensor T = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k);
    const double r = std::sqrt(x * x + y * y), mass = e * k.g;
    CutPoint p;
    p.depth = at[0] - log_cut;
    p.value[0] = w * (T.stress.xx - T.stress.yy);
    p.value[1] = w * (T.stress.xx + T.stress.yy);
    p.value[2] = mass;
    p.value[3] = r > 0.0 ? mass * (x * k.v.x + y * k.v.y) / r : 0.0;
    p.value[4] = mass * eos.temperature;
    p.value[5] = 1.0;
    return p;
  }
};

/// The row beyond the last one, of every z; nothing in 1-D, where there are no cells.
core::WantedBox row_beyond(const core::Grid& grid) {
  return [cells = grid.dimensions > 1](core::Box box) {
    box.offset[1] += cells ? box.count[1] : 0;
    box.count[cells ? 1 : 0] = cells ? 1 : 0;
    return box;
  };
}

/// Whether the first layers of a block are the first ones of the grid, in directions that the grid resolves.
std::array<bool, 3> layers_at_seam(const core::Grid& grid, const core::Box& box) {
  std::array<bool, 3> at_seam{};
  for (int d = 0; d < grid.dimensions; ++d) at_seam[d] = box.offset[d] == 0;
  return at_seam;
}

std::vector<int> all_primitives(StressKind stress) {
  std::vector<int> components(evolved_fields(stress).size());
  std::iota(components.begin(), components.end(), 0);
  return components;
}

}  // namespace

DiagnosticsMeter::DiagnosticsMeter(const EquationContext& context, Equations& equations, double energy_cut)
    : m_context(context),
      m_log_cut(std::log(energy_cut)),
      m_rows(context.pool, core::BlockLayout(context.decomposition), columns),
      m_halo(context.comm, context.decomposition, context.pool, row_beyond(context.decomposition.grid()),
             all_primitives(context.fluid.stress())),
      m_resolution(context, equations),
      m_beyond(context.pool, m_halo.layout(), m_halo.components()) {}

Diagnostics DiagnosticsMeter::measure(double time, const core::FieldBundle& primitives) {
  static const std::string label = "diagnostics";
  const core::Grid& grid = m_context.decomposition.grid();
  const core::Box box = m_context.decomposition.box();
  const core::BlockLayout& layout = primitives.layout();
  m_halo.fetch(primitives, m_beyond);
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = Measure<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_row(
          label, layout,
          Functor{fluid, primitives.data(), layout.component, m_rows.data(), grid.coordinate(0, box.offset[0]),
                  grid.spacing(0), grid.coordinate(1, box.offset[1]), grid.dimensions > 1 ? grid.spacing(1) : 0.0,
                  box.count[1], layout.stride(1), m_beyond.data(), m_beyond.layout().plane, m_beyond.layout().component,
                  m_log_cut, std::log(m_context.options.verdict_cut), layers_at_seam(grid, box)});
    });
  });
  m_rows.fetch();
  std::array<double, columns> t{};
  for (int c = 0; c < sums; ++c) t[c] = m_rows.sum(c);
  for (int c = sums; c < columns; ++c) t[c] = m_rows.max(c);
  if (layout.points() == 0) t[minus_e_min] = -std::numeric_limits<double>::max();
  MPI_Allreduce(MPI_IN_PLACE, t.data(), sums, MPI_DOUBLE, MPI_SUM, m_context.comm);
  MPI_Allreduce(MPI_IN_PLACE, t.data() + sums, columns - sums, MPI_DOUBLE, MPI_MAX, m_context.comm);

  const double volume = grid.cell_volume();
  const double density = volume * m_context.parameters(time).volume_factor;
  Diagnostics d;
  d.energy = density * t[energy];
  d.momentum_x = density * t[momentum_x];
  d.momentum_y = density * t[momentum_y];
  d.momentum_z = density * t[momentum_z];
  d.e_max = t[e_max];
  d.e_min = -t[minus_e_min];
  d.u_max = std::sqrt(t[u2_max]);
  d.pi_ratio_max = std::sqrt(t[rho2_max]);
  if (t[hot] > 0.0) {
    d.eps_p = t[anisotropy] / t[pressure];
    d.mean_radial_flow = t[radial] / t[weight];
    d.mean_T = t[temperature] / t[weight];
    d.hot_area = volume * t[hot];
  }
  d.not_finite = static_cast<std::int64_t>(t[not_finite]);
  d.bulk_ratio_max = t[bulk_max];
  d.inverse_reynolds = t[reynolds_weight] > 0.0 ? t[reynolds] / t[reynolds_weight] : 0.0;
  for (int n = 0; n < grid.dimensions; ++n) {
    d.seam_e[n] = t[seam_e + n];
    // An eta layer is as large as the cells of x and y; those of x and y grow with tau.
    d.seam_rate += t[seam_flux + n] * (n == 2 ? volume : density) / grid.spacing(n);
  }
  d.resolution = m_resolution.measure(primitives, t[log_e_sum] / static_cast<double>(grid.total_points()));
  return d;
}

}  // namespace ister::solvers
