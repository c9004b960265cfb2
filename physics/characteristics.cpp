#include "physics/characteristics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "physics/nonlinear_causality.hpp"

namespace ister::physics {
namespace {

constexpr int all_unknowns = 10;

/// Calls f with the tag type of the stresses that are evolved.
template <class F>
decltype(auto) visit_stresses(const PointEquations& equations, F&& f) {
  if (equations.has_shear) return equations.has_bulk ? f(ShearBulkStress{}) : f(ShearStress{});
  return equations.has_bulk ? f(BulkStress{}) : f(IdealStress{});
}

/// A small change of a state, or its derivative in some direction.
struct Deviation {
  double energy = 0;
  Vec3 u;
  Sym3 pi;
  double bulk = 0;
};

/// The unknowns as coordinates of the deviations from a state that keep pi traceless and orthogonal to u.
class Coordinates {
 public:
  explicit Coordinates(const FlowState& state)
      : m_k(kinematics(state.u)), m_n(project(state.pi, m_k.v).n), m_longitudinal(longitudinal_factor(m_k, state.u)) {}

  [[nodiscard]] Deviation unit(Unknown unknown) const {
    const auto one_for = [&](Unknown u) { return u == unknown ? 1.0 : 0.0; };
    Deviation d{one_for(Unknown::energy),
                {one_for(Unknown::ux), one_for(Unknown::uy), one_for(Unknown::uz)},
                {one_for(Unknown::pixx), one_for(Unknown::pixy), one_for(Unknown::pixz), 0, one_for(Unknown::piyz), 0},
                one_for(Unknown::bulk)};
    const double zz = trace_zz(d.pi, d.u), per_yy = -m_longitudinal * (1.0 - m_k.v.y * m_k.v.y);
    d.pi.yy = (2.0 * one_for(Unknown::pi_difference) + zz) / (1.0 - per_yy);
    d.pi.zz = zz + per_yy * d.pi.yy;
    return d;
  }

  /// All of them; pi^zz of the rates, which is not computed, from the trace.
  [[nodiscard]] std::array<double, all_unknowns> of(const FlowRates& r) const {
    const double difference = 0.5 * (r.pi.yy - trace_zz(r.pi, r.u));
    return {r.energy, r.u.x, r.u.y, r.u.z, r.pi.xx, r.pi.xy, r.pi.xz, difference, r.pi.yz, r.bulk};
  }

 private:
  [[nodiscard]] double trace_zz(const Sym3& pi, const Vec3& u) const {
    return traceless_zz_gradient(pi, u, m_k, m_n, m_longitudinal);
  }

  Kinematics m_k;
  Vec3 m_n;
  double m_longitudinal;
};

FlowGradients along(const Vec3& n, const Deviation& d) {
  return {d.energy * n,
          {n.x * d.u.x, n.x * d.u.y, n.x * d.u.z, n.y * d.u.x, n.y * d.u.y, n.y * d.u.z, n.z * d.u.x, n.z * d.u.y,
           n.z * d.u.z},
          n.x * d.pi,
          n.y * d.pi,
          n.z * d.pi,
          d.bulk * n};
}

FlowRates rates(const PointEquations& equations, const FlowState& state, const FlowGradients& gradient) {
  EquationTerms terms;
  terms.vorticity = equations.vorticity ? 1.0 : 0.0;
  return visit_stresses(equations, [&](auto stress) {
    return israel_stewart_rates<decltype(stress)>(equations.fluid, state, gradient, terms);
  });
}

/// The matrix whose columns are the coordinates of column(unknown).
template <class Column>
SquareMatrix<double> matrix_of(const PointEquations& equations, const Column& column) {
  const std::vector<Unknown> kept = unknowns(equations);
  SquareMatrix<double> matrix(static_cast<int>(kept.size()));
  for (int j = 0; j < matrix.size; ++j) {
    const std::array<double, all_unknowns> values = column(kept[j]);
    for (int i = 0; i < matrix.size; ++i) matrix(i, j) = values[static_cast<int>(kept[i])];
  }
  return matrix;
}

std::array<double, all_unknowns> difference(const std::array<double, all_unknowns>& a,
                                            const std::array<double, all_unknowns>& b, double scale) {
  std::array<double, all_unknowns> result{};
  for (int i = 0; i < all_unknowns; ++i) result[i] = scale * (a[i] - b[i]);
  return result;
}

}  // namespace

PointEquations point_equations(const FluidModel& fluid, const TransportOptions& transport, double log_e) {
  return {fluid.at(log_e), fluid.has_shear(), fluid.has_bulk(), transport.vorticity};
}

std::vector<Unknown> unknowns(const PointEquations& equations) {
  std::vector<Unknown> kept{Unknown::energy, Unknown::ux, Unknown::uy, Unknown::uz};
  if (equations.has_shear)
    kept.insert(kept.end(), {Unknown::pixx, Unknown::pixy, Unknown::pixz, Unknown::pi_difference, Unknown::piyz});
  if (equations.has_bulk) kept.push_back(Unknown::bulk);
  return kept;
}

SquareMatrix<double> principal_symbol(const PointEquations& equations, const FlowState& state, const Vec3& n) {
  const Coordinates coordinates(state);
  // The rates are affine in the gradients; what is left without any are sources.
  const auto sources = coordinates.of(rates(equations, state, {}));
  return matrix_of(equations, [&](Unknown unknown) {
    const FlowGradients gradient = along(n, coordinates.unit(unknown));
    return difference(sources, coordinates.of(rates(equations, state, gradient)), 1.0);
  });
}

SquareMatrix<double> relaxation_matrix(const PointEquations& equations, const Vec3& u) {
  // Without stresses there are no sources, and the terms quadratic in small ones are below rounding.
  constexpr double small = 1e-20;
  const FlowState uniform{u, {}, 0.0};
  const Coordinates coordinates(uniform);
  return matrix_of(equations, [&](Unknown unknown) {
    const Deviation d = coordinates.unit(unknown);
    const FlowState changed{u, small * d.pi, small * d.bulk};
    return difference({}, coordinates.of(rates(equations, changed, {})), 1.0 / small);
  });
}

std::vector<std::complex<double>> characteristic_speeds(const PointEquations& equations, const FlowState& state,
                                                        const Vec3& n) {
  return eigenvalues(principal_symbol(equations, state, n));
}

FastestFront fastest_of(const std::vector<std::complex<double>>& speeds) {
  FastestFront fastest;
  for (const std::complex<double>& v : speeds) {
    fastest.speed = std::max(fastest.speed, std::abs(v.real()));
    fastest.growth = std::max(fastest.growth, std::abs(v.imag()));
  }
  return fastest;
}

FastestFront fastest_front(const PointEquations& equations, const FlowState& state) {
  constexpr int parts = 4;
  const PrincipalStresses stress = principal_stresses(rest_frame_stress(state.pi, state.u, kinematics(state.u)));
  const FlowState rest{{}, {stress.low, 0, 0, stress.middle, 0, stress.high}, state.bulk};
  FastestFront worst;
  for (int i = 0; i <= parts; ++i)
    for (int j = 0; i + j <= parts; ++j) {
      const Vec3 n{std::sqrt(1.0 * i / parts), std::sqrt(1.0 * j / parts), std::sqrt(1.0 * (parts - i - j) / parts)};
      FastestFront here = fastest_of(characteristic_speeds(equations, rest, n));
      here.direction = n;
      if (here.worse_than(worst)) worst = here;
    }
  return worst;
}

bool causal_on_axes(const PointEquations& equations, const FlowState& state) {
  return visit_stresses(equations, [&](auto stress) {
    return causal_on_axes<decltype(stress)>(equations.fluid, state, kinematics(state.u));
  });
}

}  // namespace ister::physics
