#pragma once
#include <optional>

#include "physics/stress_tensor.hpp"

namespace ister::physics {

/// The fluid that T^{mn} = e u^m u^n + (p + Pi) Delta^{mn} + pi^{mn} is: metric (-,+,+,+), orthonormal frame (in Milne
/// coordinates each eta index carries tau), all but u in the units of T.
struct LandauFluid {
  double energy_density = 0;  ///< e > 0, of T^m_n u^n = -e u^m
  Vec3 u;                     ///< u^0 = (1 + u.u)^{1/2}
  double pressure = 0;        ///< p + Pi = Delta_{mn} T^{mn}/3
  Sym3 pi;                    ///< contravariant spatial components, all six
};

/// Landau matching: the frame without energy flow. None where no frame is such, where e <= 0, where the energy density
/// is negative for other observers (e + p + Pi + a principal stress <= 0, the weak energy condition), or where T is not
/// finite. e, u and pi are as good as the numbers of T determine them, which is to g^4 times the rounding of T for
/// matter of Lorentz factor g; from g of some 5000 on, where matter cannot be told from light any more, there is none.
[[nodiscard]] std::optional<LandauFluid> landau_matching(const StressTensor& t);

/// T^{mn} and as much light at rest (pressure a third) as makes its energy the positive E of E (E - T^{00}) = floor^2:
/// continuously, what is empty, or a little below zero where a map rings, becomes matter of energy density `floor` at
/// rest, what is dense hardly changes, and few points are left without a frame. Units of T; floor > 0.
[[nodiscard]] StressTensor above_floor(const StressTensor& t, double floor);

}  // namespace ister::physics
