#include "solvers/drive.hpp"

#include <cmath>

#include "core/grid/block_coordinates.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

Vec3 wavevector(const DriveTone& tone, const core::Grid& grid) {
  const auto k = [&](int d) {
    return d < grid.dimensions ? 2.0 * M_PI * tone.mode[d] / (grid.upper[d] - grid.lower[d]) : 0.0;
  };
  return {k(0), k(1), k(2)};
}

namespace {

template <class Stress>
struct AddTone {
  const double* primitives;
  double* force;
  std::int64_t stride;
  int axis;
  double amplitude, phase, ky, kz;  ///< phase at the lower corner
  const double *cosine, *sine;      ///< of k_x x along a row
  core::BlockCoordinates at;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    const double row_phase = ky * at.y(row) + kz * at.z(row) + phase;
    const double c = amplitude * std::cos(row_phase), s = amplitude * std::sin(row_phase);
    for (std::int64_t i = 0; i < points; ++i) {
      const double f = c * cosine[i] - s * sine[i];
      const double* point = primitives + offset + i;
      const Vec3 v = physics::kinematics(load_velocity<Stress>(point, stride)).v;
      force[offset + i] += (axis == 0 ? v.x : (axis == 1 ? v.y : v.z)) * f;
      force[(1 + axis) * stride + offset + i] += f;
    }
  }
};

}  // namespace

Drive::Drive(const EquationContext& context) : m_context(context) {
  const core::Grid& grid = context.decomposition.grid();
  const core::Box box = context.decomposition.box();
  const auto n = static_cast<std::size_t>(box.count[0]);
  const auto& tones = context.options.drive.tones;
  m_waves = context.pool.acquire(static_cast<std::int64_t>(2 * n * tones.size()));
  if (context.pool.counts()) return;
  const auto waves = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_waves.view());
  for (std::size_t t = 0; t < tones.size(); ++t)
    for (std::size_t i = 0; i < n; ++i) {
      const double kx = wavevector(tones[t], grid).x * static_cast<double>(box.offset[0] + i) * grid.spacing(0);
      waves(2 * t * n + i) = std::cos(kx);
      waves((2 * t + 1) * n + i) = std::sin(kx);
    }
  core::copy(m_waves.view(), waves);
}

void Drive::add(double time, const core::FieldBundle& primitives, core::FieldBundle& force) {
  static const std::string label = "drive";
  const core::Grid& grid = m_context.decomposition.grid();
  const std::int64_t n = m_context.decomposition.box().count[0];
  const double* waves = m_waves.data();
  for (const DriveTone& tone : m_context.options.drive.tones) {
    const Vec3 k = wavevector(tone, grid);
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      core::for_each_row(label, force.layout(),
                         AddTone<decltype(tag)>{primitives.data(), force.data(), force.layout().component, tone.axis,
                                                tone.amplitude, tone.phase - tone.omega * time, k.y, k.z, waves,
                                                waves + n, core::BlockCoordinates(m_context.decomposition)});
    });
    waves += 2 * n;
  }
}

}  // namespace ister::solvers
