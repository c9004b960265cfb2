#pragma once
#include <string>
#include <vector>

#include "physics/israel_stewart.hpp"

namespace ister::solvers {

/// Numbers of the evolved components. Primitive formulation: ln e, u^i, pi^{ij}/w, Pi/w; conservative formulation:
/// tau T^{0m} (tau = 1 in Minkowski space), pi^{ij}, Pi. Stresses that are not evolved have no component.
template <class Stress>
struct Variables {
  static constexpr int energy = 0;
  static constexpr int flow = 1;   ///< x y z
  static constexpr int shear = 4;  ///< xx xy xz yy yz
  static constexpr int bulk = Stress::shear ? 9 : 4;
  static constexpr int count = bulk + (Stress::bulk ? 1 : 0);
};

/// Velocity and stresses of a point from an array of the primitive variables, (c, i) at data[c * stride + i].
/// Filled in place: g++ 12 does not take apart a copied struct of this size, and the row loop would not vectorise.
template <class Stress>
ISTER_INLINE void load_flow(const double* data, std::int64_t stride, std::int64_t i, physics::FlowState& state) {
  using V = Variables<Stress>;
  const double* at = data + i;
  state.u = {at[1 * stride], at[2 * stride], at[3 * stride]};
  if constexpr (Stress::shear)
    state.pi = {at[4 * stride], at[5 * stride], at[6 * stride], at[7 * stride], at[8 * stride], 0.0};
  if constexpr (Stress::bulk) state.bulk = at[V::bulk * stride];
}

}  // namespace ister::solvers
