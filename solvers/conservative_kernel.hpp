#pragma once
#include "solvers/flow_kernels.hpp"

namespace ister::solvers {

/// Components of the swept bundle behind the primitive variables: the flux tensor.
struct Fluxes {
  static constexpr int momentum = 0;  ///< T^{0x} T^{0y} T^{0z}, the fluxes of energy
  static constexpr int stress = 3;    ///< xx xy xz yy yz zz
  static constexpr int count = 9;
  /// What flows along direction d, in the order T^{0d} T^{dx} T^{dy} T^{dz}.
  static constexpr int along[3][4] = {{0, 3, 4, 5}, {1, 4, 6, 7}, {2, 5, 7, 8}};
};

/// d/dt of tau T^{0m} in flux form, and of pi^{ij}, Pi from the same pointwise equations as the primitive formulation.
template <int dimensions, class Stress, class Fluid>
struct ConservativeKernel {
  using V = Variables<Stress>;
  static constexpr int outputs = V::count + 1;

  Fluid fluid;
  FlowParameters parameters;
  StageUpdate update;
  double* work_sums;

  ISTER_INLINE void point(const core::GradientRow& row, std::int64_t i, const core::OutputRow& out) const {
    FlowPoint p;
    load_point<dimensions, Stress>(fluid, parameters, row, i, p);
    const physics::FlowForce f = parameters.force.at(row.offset, i);
    const physics::FlowRates r =
        physics::israel_stewart_rates<Stress>(p.fluid, p.state, p.gradient, parameters.terms, f);
    const double tau = parameters.volume_factor, curvature = tau * parameters.terms.expansion;
    const double w = simd_exp(row.values[i]) * p.fluid.enthalpy_over_energy, tau_w = tau * w;
    const double T0z = row.value(V::count + Fluxes::momentum + 2, i);
    const double Tzz = row.value(V::count + Fluxes::stress + 5, i);
    out.at(0, i) = -tau * divergence<0>(row, i) - curvature * Tzz + tau_w * f.energy;
    out.at(1, i) = -tau * divergence<1>(row, i) + tau_w * f.momentum.x;
    out.at(2, i) = -tau * divergence<2>(row, i) + tau_w * f.momentum.y;
    out.at(3, i) = -tau * divergence<3>(row, i) - curvature * T0z + tau_w * f.momentum.z;
    store_stresses<Stress>(w * r.pi, w * r.bulk, &out.at(0, i), out.stride);
    out.at(V::count, i) = -Tzz;
  }

  ISTER_INLINE void prefetch(int part, std::int64_t offset, std::int64_t points) const {
    update.prefetch(part, offset, points);
  }

  ISTER_INLINE void finish(std::int64_t row, std::int64_t offset, std::int64_t points,
                           const core::OutputRow& out) const {
    sum_work(work_sums, row, points, out, V::count);
    update.apply(offset, points, out);
  }

 private:
  /// d_k T^{km}: the fluxes follow the primitive variables in each direction's list of derivatives.
  template <int m>
  ISTER_INLINE double divergence(const core::GradientRow& row, std::int64_t i) const {
    double sum = row.derivative(0, V::count + m, i);
    if constexpr (dimensions > 1) sum += row.derivative(1, V::count + m, i);
    if constexpr (dimensions > 2) sum += parameters.scale * row.derivative(2, V::count + m, i);
    return sum;
  }
};

}  // namespace ister::solvers
