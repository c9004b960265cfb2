#include "solvers/observers/surface_balance.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "core/base/simd_math.hpp"
#include "solvers/drive.hpp"

namespace ister::solvers {
namespace {

/// T^{00} and T^{zz} at points of a row.
template <class Stress, class Fluid>
struct RowOfStress {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;

  ISTER_INLINE void at(std::int64_t i, double& energy, double& pressure) const {
    const double ratio = fluid.eos(primitives[i]).pressure_over_energy, w = simd_exp(primitives[i]) * (1.0 + ratio);
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, s, k);
    const physics::StressTensor t = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k);
    energy = w * t.energy;
    pressure = w * t.stress.zz;
  }
  void energies(std::int64_t points, double factor, double* energy) const {
#pragma omp simd
    for (std::int64_t i = 0; i < points; ++i) {
      double density, pressure;
      at(i, density, pressure);
      energy[i] = factor * density;
    }
  }
  void pressures(std::int64_t points, double* result) const {
#pragma omp simd
    for (std::int64_t i = 0; i < points; ++i) {
      double density, pressure;
      at(i, density, pressure);
      result[i] = pressure;
    }
  }
};

/// Time in a slab on a scale from 0 to 1: that of ln tau where space expands, for matter changes there as powers of
/// tau.
class SlabClock {
 public:
  SlabClock(const SurfaceSlab& slab, bool milne)
      : m_start(slab.time), m_duration(slab.duration), m_log(milne ? std::log1p(slab.duration / slab.time) : 0.0) {}

  [[nodiscard]] double time(double x) const {
    return m_log > 0.0 ? m_start * std::exp(m_log * x) : m_start + m_duration * x;
  }
  /// Of time by x.
  [[nodiscard]] double derivative(double x) const { return m_log > 0.0 ? m_log * time(x) : m_duration; }

 private:
  double m_start, m_duration, m_log;
};

/// A row of the primitive variables between the ends, by cubics on the scale of a clock.
void interpolate(const SurfaceSlab& slab, const SlabClock& clock, double x, std::int64_t offset, std::int64_t points,
                 int components, double* to, std::int64_t stride) {
  const core::surface::CubicHermite t(x);
  const double ra = clock.derivative(0.0) * t.rate[0], rb = clock.derivative(1.0) * t.rate[1];
  for (int c = 0; c < components; ++c) {
    const core::surface::SlabField& f = slab.fields[static_cast<std::size_t>(c)];
    const double *a = f.value[0] + offset, *b = f.value[1] + offset;
    const double *da = f.rate[0] + offset, *db = f.rate[1] + offset;
    double* const row = to + c * stride;
#pragma omp simd
    for (std::int64_t i = 0; i < points; ++i) row[i] = t.value[0] * a[i] + t.value[1] * b[i] + ra * da[i] + rb * db[i];
  }
}

/// Takes sqrt(-g) f^0 of a tone of [drive] off the numbers of a row, whose first point has this place from the lower
/// corner.
template <class Stress>
void subtract_work(const DriveTone& tone, const core::Grid& grid, double time, double volume_factor, const Vec3& place,
                   const double* primitives, std::int64_t stride, std::int64_t points, double* row) {
  const Vec3 k = wavevector(tone, grid);
  const double phase = dot(k, place) - tone.omega * time + tone.phase, step = k.x * grid.spacing(0);
  for (std::int64_t i = 0; i < points; ++i) {
    const Vec3 v = physics::kinematics(load_velocity<Stress>(primitives + i, stride)).v;
    const double force = tone.amplitude * std::cos(phase + step * static_cast<double>(i));
    row[i] -= volume_factor * force * (tone.axis == 0 ? v.x : (tone.axis == 1 ? v.y : v.z));
  }
}

}  // namespace

SurfaceBalance::SurfaceBalance(const EquationContext& context, const core::BlockLayout& layout)
    : m_context(context), m_fields(context.pool, layout, components), m_stride(core::padded(layout.columns)) {
  if (context.pool.counts()) return;
  m_values = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_fields.view());
  m_between.resize(static_cast<std::size_t>((all_variables + 2) * m_stride));
}

double SurfaceBalance::volume_factor(double time) const { return m_context.milne() ? time : 1.0; }

/// T^{zz}, or zero in Minkowski space, less sqrt(-g) f^0, at the points of a row from (y, z) on, at a time.
template <class Stress, class Fluid>
void SurfaceBalance::losses(const Fluid& fluid, const SurfaceSlab& slab, std::int64_t y, std::int64_t z, double time,
                            const double* primitives, std::int64_t stride, double* row) const {
  const std::int64_t points = slab.points.count[0];
  if (m_context.milne())
    RowOfStress<Stress, Fluid>{fluid, primitives, stride}.pressures(points, row);
  else
    std::fill_n(row, points, 0.0);
  const core::Grid& grid = m_context.decomposition.grid();
  const auto along = [&](int d, std::int64_t i) { return static_cast<double>(i) * grid.spacing(d); };
  for (const DriveTone& tone : m_context.options.drive.tones)
    subtract_work<Stress>(tone, grid, time, volume_factor(time),
                          {along(0, slab.points.offset[0]), along(1, y), along(2, z)}, primitives, stride, points, row);
}

/// The row of the slab's points at (y, z).
template <class Stress, class Fluid>
void SurfaceBalance::complete_row(const Fluid& fluid, const SurfaceSlab& slab, std::int64_t y, std::int64_t z) {
  static const double inner[] = {0.5 * (1.0 - std::sqrt(0.2)), 0.5 * (1.0 + std::sqrt(0.2))};
  const std::int64_t component = slab.layout.component, points = slab.points.count[0];
  const std::int64_t offset = slab.layout.at(slab.points.offset[0], y, z);
  const double* const ends[] = {slab.fields[0].value[0] + offset, slab.fields[0].value[1] + offset};
  const double end_time = slab.time + slab.duration;
  const auto result = [&](Component c) { return m_values.data() + c * component + offset; };
  RowOfStress<Stress, Fluid>{fluid, ends[1], component}.energies(points, volume_factor(end_time), result(energy));
  if (!m_context.milne() && m_context.options.drive.tones.empty()) return;
  losses<Stress>(fluid, slab, y, z, slab.time, ends[0], component, result(first));
  losses<Stress>(fluid, slab, y, z, end_time, ends[1], component, result(last));
  double* const loss[] = {&m_between[all_variables * m_stride], &m_between[(all_variables + 1) * m_stride]};
  const SlabClock clock(slab, m_context.milne());
  for (int n = 0; n < 2; ++n) {
    interpolate(slab, clock, inner[n], offset, points, Variables<Stress>::count, m_between.data(), m_stride);
    losses<Stress>(fluid, slab, y, z, clock.time(inner[n]), m_between.data(), m_stride, loss[n]);
  }
  const double *a = result(first), *b = result(last);
  const double weight_a = clock.derivative(0.0) / 12.0, weight_b = clock.derivative(1.0) / 12.0;
  const double inner_weights[] = {clock.derivative(inner[0]) * 5.0 / 12.0, clock.derivative(inner[1]) * 5.0 / 12.0};
  double* const sum = result(integral);
#pragma omp simd
  for (std::int64_t i = 0; i < points; ++i)
    sum[i] = weight_a * a[i] + inner_weights[0] * loss[0][i] + inner_weights[1] * loss[1][i] + weight_b * b[i];
}

void SurfaceBalance::complete(SurfaceSlab& slab) {
  const auto field = [&](Component c) { return m_values.data() + c * slab.layout.component; };
  const core::Box& box = slab.points;
  const auto complete_rows = [&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
        for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
          complete_row<decltype(tag)>(fluid, slab, y, z);
    });
  };
  const physics::FluidModel& model = m_context.fluid.model();
  model.visit(complete_rows, model.table().data());
  slab.fields.push_back({{field(nothing), field(integral)}, {field(first), field(last)}});
  slab.energy = field(energy);
}

namespace {

enum Extent { x_end, y_end, z_end, x_begin, y_begin, z_begin, extents };
constexpr double none = -1e9;

/// How far matter above a level reaches, counted from the first point of the block; the lower ends negative.
struct HotRows {
  const double *one, *other;
  double level;
  std::int64_t y_count;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double end = none, begin = none;
    const double *a = one + offset, *b = other + offset;
#pragma omp simd reduction(max : end, begin)
    for (std::int64_t i = 0; i < points; ++i) {
      const bool hot = a[i] > level || b[i] > level;
      const double x = static_cast<double>(i);
      end = hot && x > end ? x : end;
      begin = hot && -x > begin ? -x : begin;
    }
    const std::int64_t layer = row / y_count;
    const double y = static_cast<double>(row - layer * y_count), z = static_cast<double>(layer);
    const double found[extents] = {end, y, z, begin, -y, -z};
    for (int e = 0; e < extents; ++e) table[row * extents + e] = end == none ? none : found[e];
  }
};

}  // namespace

HotRegion::HotRegion(const EquationContext& context)
    : m_context(context), m_rows(context.pool, core::BlockLayout(context.decomposition), extents) {}

core::Box HotRegion::cells(double level, const core::FieldBundle& one, const core::FieldBundle& other) const {
  static const std::string label = "hot region";
  const core::Grid& grid = m_context.decomposition.grid();
  core::Box box = m_context.decomposition.box();
  core::for_each_row(label, one.layout(), HotRows{one.data(), other.data(), level, box.count[1], m_rows.data()});
  m_rows.fetch();
  std::array<double, extents> reach;
  for (int e = 0; e < extents; ++e) {
    const double first = static_cast<double>(box.offset[e % 3]), far = m_rows.max(e);
    reach[e] = box.points() == 0 || far == none ? none : (e < x_begin ? far + first : far - first);
  }
  MPI_Allreduce(MPI_IN_PLACE, reach.data(), extents, MPI_DOUBLE, MPI_MAX, m_context.comm);
  for (int d = 0; d < 3; ++d) {
    if (reach[x_end] == none) box.count[d] = 0;
    // The cell before the first point of the grid is the one at its end.
    if (d >= grid.dimensions || reach[x_begin + d] == 0.0 || box.count[d] == 0) continue;
    const auto begin = std::max(box.offset[d], static_cast<std::int64_t>(-reach[x_begin + d]) - 1);
    const auto end = std::min(box.offset[d] + box.count[d], static_cast<std::int64_t>(reach[x_end + d]) + 1);
    box.offset[d] = begin;
    box.count[d] = std::max<std::int64_t>(0, end - begin);
  }
  return box;
}

}  // namespace ister::solvers
