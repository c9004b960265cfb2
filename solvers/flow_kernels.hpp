#pragma once
#include "physics/stress_tensor.hpp"
#include "solvers/evolved_fields.hpp"
#include "solvers/time/stage_update.hpp"

/// The right-hand sides as row kernels of a core::AnySweep: they load a point, call the equations, store.
namespace ister::solvers {

/// Where kernels find the force density f^m/w: (m, offset) at data[m * component + row * offset]. Where nothing acts it
/// is one row of zeros for all rows and components.
struct ForceField {
  const double* data = nullptr;
  std::int64_t component = 0;
  std::int64_t row = 0;  ///< 1, or 0 for the same row everywhere

  ISTER_INLINE physics::FlowForce at(std::int64_t offset, std::int64_t i) const {
    const double* f = data + row * offset + i;
    return {f[0], {f[component], f[2 * component], f[3 * component]}};
  }
};

/// What a right-hand side needs besides the fields.
struct FlowParameters {
  physics::EquationTerms terms;
  ForceField force;
  double scale = 1.0;          ///< d_z = scale * derivative along the third direction: 1/tau in Milne
  double volume_factor = 1.0;  ///< tau in Milne: conserved densities are tau T^{0m}
};

/// A point with everything the equations ask for.
struct FlowPoint {
  physics::FluidPoint fluid;
  physics::FlowState state;
  physics::FlowGradients gradient;
};

/// Derivatives along one direction of the primitive variables in frame units: d_k pi / w = d_k (pi/w) + (pi/w) d_k w /
/// w. Not a lambda: g++ would call it, and the row loop would not vectorise.
template <int direction, class Stress>
ISTER_INLINE void load_derivatives(const core::GradientRow& row, std::int64_t i, double scale, const FlowPoint& p,
                                   const physics::Kinematics& k, const Vec3& n, double longitudinal, double& energy,
                                   Vec3& u, Sym3& pi, double& bulk) {
  using V = Variables<Stress>;
  const double* d = row.derivatives[direction] + i;
  const std::int64_t stride = row.derivative_stride[direction];
  energy = p.fluid.energy_fraction * scale * d[V::energy * stride];
  u = scale * load_velocity<Stress>(d, stride);
  const double dw = (1.0 + p.fluid.sound_speed_squared) * energy;
  if constexpr (Stress::shear) {
    constexpr int c = V::shear;
    pi.xx = scale * d[c * stride] + dw * p.state.pi.xx;
    pi.xy = scale * d[(c + 1) * stride] + dw * p.state.pi.xy;
    pi.xz = scale * d[(c + 2) * stride] + dw * p.state.pi.xz;
    pi.yy = scale * d[(c + 3) * stride] + dw * p.state.pi.yy;
    pi.yz = scale * d[(c + 4) * stride] + dw * p.state.pi.yz;
    pi.zz = physics::traceless_zz_gradient(pi, u, k, n, longitudinal);
  }
  if constexpr (Stress::bulk) bulk = scale * d[V::bulk * stride] + dw * p.state.bulk;
}

/// Loads values and gradients of the primitive variables, which are the first components of the swept bundle.
template <int dimensions, class Stress, class Fluid>
ISTER_INLINE void load_point(const Fluid& fluid, const FlowParameters& parameters, const core::GradientRow& row,
                             std::int64_t i, FlowPoint& p) {
  p.fluid = fluid.at(row.values[i]);
  physics::Kinematics k;
  load_flow<Stress>(row.values, row.value_stride, i, p.state, k);
  const double longitudinal = physics::longitudinal_factor(k, p.state.u);
  Vec3 n;
  if constexpr (Stress::shear) n = physics::project(p.state.pi, k.v).n;
  physics::FlowGradients& g = p.gradient;
  Vec3 ux, uy, uz;
  load_derivatives<0, Stress>(row, i, 1.0, p, k, n, longitudinal, g.energy.x, ux, g.pi_x, g.bulk.x);
  if constexpr (dimensions > 1)
    load_derivatives<1, Stress>(row, i, 1.0, p, k, n, longitudinal, g.energy.y, uy, g.pi_y, g.bulk.y);
  if constexpr (dimensions > 2)
    load_derivatives<2, Stress>(row, i, parameters.scale, p, k, n, longitudinal, g.energy.z, uz, g.pi_z, g.bulk.z);
  g.u = {ux.x, ux.y, ux.z, uy.x, uy.y, uy.z, uz.x, uz.y, uz.z};
}

/// -(p + Pi + pi^{zz} + (w + Pi) u_z^2) in units of e: what the expansion does to the energy tau T^{00} of a point in
/// Milne space.
template <class Stress>
ISTER_INLINE double longitudinal_work(const FlowPoint& p) {
  const double bulk = Stress::bulk ? p.state.bulk : 0.0;
  const double shear = Stress::shear ? p.state.pi.zz : 0.0;
  return -p.fluid.enthalpy_over_energy *
         (1.0 - p.fluid.energy_fraction + bulk + shear + (1.0 + bulk) * p.state.u.z * p.state.u.z);
}

/// Sums a row's work into work_sums[row].
ISTER_INLINE void sum_work(double* work_sums, std::int64_t row, std::int64_t points, const core::OutputRow& out,
                           int output) {
  double sum = 0.0;
  for (std::int64_t i = 0; i < points; ++i) sum += out.at(output, i);
  Kokkos::atomic_add(&work_sums[row], sum);
}

/// d/dt of ln e, u^i, pi^{ij}/w, Pi/w.
template <int dimensions, class Stress, class Fluid>
struct PrimitiveKernel {
  using V = Variables<Stress>;
  static constexpr int outputs = V::count + 1;

  Fluid fluid;
  FlowParameters parameters;
  StageUpdate update;
  double* work_sums;

  ISTER_INLINE void point(const core::GradientRow& row, std::int64_t i, const core::OutputRow& out) const {
    FlowPoint p;
    load_point<dimensions, Stress>(fluid, parameters, row, i, p);
    const physics::FlowRates r = physics::israel_stewart_rates<Stress>(p.fluid, p.state, p.gradient, parameters.terms,
                                                                       parameters.force.at(row.offset, i));
    const double dw = (1.0 + p.fluid.sound_speed_squared) * r.energy;
    out.at(V::energy, i) = p.fluid.enthalpy_over_energy * r.energy;
    out.at(V::flow, i) = r.u.x;
    out.at(V::flow + 1, i) = r.u.y;
    out.at(V::flow + 2, i) = r.u.z;
    store_stresses<Stress>(r.pi - dw * p.state.pi, r.bulk - dw * p.state.bulk, &out.at(0, i), out.stride);
    out.at(V::count, i) = longitudinal_work<Stress>(p);
  }

  ISTER_INLINE void prefetch(int part, std::int64_t offset, std::int64_t points) const {
    update.prefetch(part, offset, points);
  }

  ISTER_INLINE void finish(std::int64_t row, std::int64_t offset, std::int64_t points,
                           const core::OutputRow& out) const {
    if (parameters.terms.expansion != 0.0) {  // space that does not expand does no work
      const double* log_e = update.state + offset;
      double* work = &out.at(V::count, 0);
#pragma omp simd
      for (std::int64_t i = 0; i < points; ++i) work[i] *= simd_exp(log_e[i]);
      sum_work(work_sums, row, points, out, V::count);
    }
    update.apply(offset, points, out);
  }
};

}  // namespace ister::solvers
