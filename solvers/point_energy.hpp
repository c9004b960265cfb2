#pragma once
#include "core/base/simd_math.hpp"
#include "physics/stress_tensor.hpp"
#include "solvers/evolved_fields.hpp"

namespace ister::solvers {

/// T^{00} of a point from the primitive variables.
template <class Stress, class Fluid>
ISTER_INLINE double energy_density_00(const Fluid& fluid, const double* primitives, std::int64_t stride,
                                      std::int64_t i) {
  const double ratio = fluid.eos(primitives[i]).pressure_over_energy;
  physics::FlowState s;
  physics::Kinematics k;
  load_flow<Stress>(primitives, stride, i, s, k);
  return simd_exp(primitives[i]) * (1.0 + ratio) * physics::stress_tensor<Stress>(ratio / (1.0 + ratio), s, k).energy;
}

}  // namespace ister::solvers
