#include "solvers/diagnostics.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace ister::solvers {
namespace {

/// Columns of the row table: sums first (from anisotropy to hot over e > energy_cut), then maxima.
enum Column {
  energy, momentum_x, momentum_y, momentum_z, anisotropy, pressure, weight, radial, temperature, hot, regulated,
  not_finite,
  sums,
  e_max = sums, minus_e_min, u2_max, rho2_max,
  columns
};

/// What is averaged over e > energy_cut, at a point.
struct CutPoint {
  static constexpr int count = 6;
  double depth = 0;          ///< ln(e/energy_cut)
  double value[count] = {};  ///< in the order of the columns anisotropy ... hot
};

/// Adds the integral over the cell between two neighbours of what lies above the cut, all of it taken as linear in
/// between: counting whole cells would jump whenever a point crosses the cut.
ISTER_INLINE void add_segment(const CutPoint& a, const CutPoint& b, double* t) {
  const bool a_hot = a.depth > 0.0, b_hot = b.depth > 0.0;
  if (!a_hot && !b_hot) return;
  const CutPoint& hot = a_hot ? a : b;
  const CutPoint& other = a_hot ? b : a;
  const double s = a_hot && b_hot ? 1.0 : hot.depth / (hot.depth - other.depth);
  for (int c = 0; c < CutPoint::count; ++c)
    t[anisotropy + c] += s * (hot.value[c] + 0.5 * s * (other.value[c] - hot.value[c]));
}

template <class Stress, class Fluid>
struct Measure {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  double* table;
  double x0, dx, y0, dy;  ///< coordinates of the block's first point; spacings, dy = 0 in 1-D
  std::int64_t y_count;   ///< rows of equal z
  double log_cut, rho0_squared;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double t[columns] = {};
    t[minus_e_min] = -std::numeric_limits<double>::max();
    const double y = y0 + dy * static_cast<double>(row % y_count);
    CutPoint first, before;
    for (std::int64_t i = 0; i < points; ++i) {
      const CutPoint here = add_point(offset + i, x0 + dx * static_cast<double>(i), y, t);
      if (i == 0)
        first = here;
      else
        add_segment(before, here, t);
      before = here;
    }
    // A row is a whole period, but for the pieces of the one row of 1-D: their gaps are left out there.
    if (dy > 0.0) add_segment(before, first, t);
    for (int c = 0; c < columns; ++c) table[row * columns + c] = t[c];
  }

  ISTER_INLINE CutPoint add_point(std::int64_t i, double x, double y, double* t) const {
    const double log_e = primitives[i];
    const physics::EosPoint eos = fluid.eos(log_e);
    const double e = exp(log_e), ratio = eos.pressure_over_energy, w = e * (1.0 + ratio);
    physics::FlowState s;
    load_flow<Stress>(primitives, stride, i, s);
    const physics::Kinematics k = physics::kinematics(s.u);
    double rho2 = 0.0;
    if constexpr (Stress::shear) {
      s.pi.zz = physics::traceless_zz(s.pi, k.v, physics::longitudinal_factor(k, s.u));
      rho2 = physics::shear_square(s.pi, physics::project(s.pi, k.v));
    }
    const physics::StressTensor T = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k);
    const double u2 = dot(s.u, s.u);
    if (!(std::isfinite(log_e) && std::isfinite(u2) && std::isfinite(rho2 + s.bulk))) t[not_finite] += 1.0;
    t[energy] += w * T.energy;
    t[momentum_x] += w * T.momentum.x;
    t[momentum_y] += w * T.momentum.y;
    t[momentum_z] += w * T.momentum.z;
    if (rho0_squared > 0.0 && rho2 > rho0_squared) t[regulated] += 1.0;
    t[e_max] = e > t[e_max] ? e : t[e_max];
    t[minus_e_min] = -e > t[minus_e_min] ? -e : t[minus_e_min];
    t[u2_max] = u2 > t[u2_max] ? u2 : t[u2_max];
    t[rho2_max] = rho2 > t[rho2_max] ? rho2 : t[rho2_max];

    const double r = std::sqrt(x * x + y * y), mass = e * k.g;
    CutPoint p;
    p.depth = log_e - log_cut;
    p.value[0] = w * (T.stress.xx - T.stress.yy);
    p.value[1] = w * (T.stress.xx + T.stress.yy);
    p.value[2] = mass;
    p.value[3] = r > 0.0 ? mass * (x * k.v.x + y * k.v.y) / r : 0.0;
    p.value[4] = mass * eos.temperature;
    p.value[5] = 1.0;
    return p;
  }
};

}  // namespace

Diagnostician::Diagnostician(const EquationContext& context, double energy_cut)
    : m_context(context),
      m_energy_cut(energy_cut),
      m_rows(context.pool, core::BlockLayout(context.decomposition), columns) {}

Diagnostics Diagnostician::measure(double time, const core::FieldBundle& primitives) const {
  static const std::string label = "diagnostics";
  const core::Grid& grid = m_context.decomposition.grid();
  const core::Box box = m_context.decomposition.box();
  const core::BlockLayout& layout = primitives.layout();
  const double rho0 = m_context.options.regulator.rho0;
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = Measure<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_row(label, layout,
                         Functor{fluid, primitives.data(), layout.component, m_rows.data(),
                                 grid.coordinate(0, box.offset[0]), grid.spacing(0), grid.coordinate(1, box.offset[1]),
                                 grid.dimensions > 1 ? grid.spacing(1) : 0.0, box.count[1], std::log(m_energy_cut), rho0 * rho0});
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
  d.regulated = t[regulated] / static_cast<double>(grid.total_points());
  if (t[hot] > 0.0) {
    d.eps_p = t[anisotropy] / t[pressure];
    d.mean_radial_flow = t[radial] / t[weight];
    d.mean_T = t[temperature] / t[weight];
    d.hot_area = volume * t[hot];
  }
  d.not_finite = static_cast<std::int64_t>(t[not_finite]);
  return d;
}

}  // namespace ister::solvers
