#pragma once
#include "physics/israel_stewart.hpp"

namespace ister::physics {

/// T^{mn} in an orthonormal frame, in any units.
struct StressTensor {
  double energy = 0;  ///< T^{00}
  Vec3 momentum;      ///< T^{0i}
  Sym3 stress;        ///< T^{ij}
};

/// T^{mn}/w = (e u^m u^n + (p + Pi) Delta^{mn} + pi^{mn})/w, w = e + p; state.pi complete with zz; pressure is p/w.
template <class Stress>
ISTER_INLINE StressTensor stress_tensor(double pressure, const FlowState& state, const Kinematics& k) {
  const double bulk = Stress::bulk ? state.bulk : 0.0;
  const double inertia = 1.0 + bulk, isotropic = pressure + bulk;
  StressTensor t;
  t.energy = inertia * k.g2 - isotropic;
  t.momentum = (inertia * k.g) * state.u;
  t.stress = inertia * square(state.u) + Sym3{isotropic, 0, 0, isotropic, 0, isotropic};
  if constexpr (Stress::shear) {
    const ShearProjections s = project(state.pi, k.v);
    t.energy += s.m0;
    t.momentum = t.momentum + s.m;
    t.stress = t.stress + state.pi;
  }
  return t;
}

}  // namespace ister::physics
