#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/surface/simplex.hpp"
#include "solvers/observers/surface_point.hpp"

namespace ister::solvers {

/// What a curved simplex of dimension K has at the points of its quadrature, a row of them for each quantity.
template <int K>
struct SurfacePiece {
  using Quadrature = core::surface::QuadratureRows<K>;
  using Row = typename Quadrature::Row;
  static constexpr int points = Quadrature::points, lanes = Quadrature::lanes;

  alignas(64) std::array<Row, 4> at{}, normal{};               ///< covariant and coordinate, the weight in it
  alignas(64) std::array<Row, all_variables + 1> variables{};  ///< nothing for ln e; last what energy was lost
  alignas(64) std::array<Row, 4> energy{};                     ///< T^{0m}/w
  alignas(64) Row gamma{}, size{};                             ///< u^0; the length of the normal

  /// From the nodes: where they lie, and their values of the components that have these places among the variables.
  template <class Places, class Values>
  void fill(const Quadrature& q, const Places& place_of, const Values& values_of, const std::vector<int>& places) {
    constexpr int D = K + 1;
    std::array<std::array<Row, D>, K> tangents;
    const auto shape_of = [&](int n) { return q.shape[n].data(); };
    for (int d = 0; d < D; ++d) {
      const auto along = [&](int n) { return place_of(n)[d]; };
      sum(shape_of, along, at[d]);
      for (int k = 0; k < K; ++k) sum([&](int n) { return q.slope[n][k].data(); }, along, tangents[k][d]);
    }
    for (int i = 0; i < lanes; ++i) set_normal(q.weight[i], tangents, i);
    for (std::size_t c = 0; c < places.size(); ++c)
      sum(
          shape_of, [&](int n) { return values_of(n)[c]; }, variables[static_cast<std::size_t>(places[c])]);
  }

  /// The currents of matter whose p/w is given.
  void complete(double pressure) {
#pragma omp simd
    for (int i = 0; i < lanes; ++i) complete_point(pressure, i);
  }

  /// The flux of a current through all of it; sqrt(-g) is the time, or 1.
  [[nodiscard]] double flux(const Row& j0, const Row& jx, const Row& jy, const Row& jz, bool milne) const {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (int i = 0; i < lanes; ++i)
      total += (milne ? at[0][i] : 1.0) * (j0[i] * normal[0][i] + jx[i] * normal[1][i] + jy[i] * normal[2][i]) +
               jz[i] * normal[3][i];
    return total;
  }
  [[nodiscard]] double volume(bool milne) const {
    constexpr int flow = Variables<AllStresses>::flow;
    return flux(gamma, variables[flow], variables[flow + 1], variables[flow + 2], milne);
  }
  [[nodiscard]] double energy_flux(bool milne) const { return flux(energy[0], energy[1], energy[2], energy[3], milne); }
  /// Of what energy was lost, through surfaces of constant time.
  [[nodiscard]] double lost_flux() const {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (int i = 0; i < lanes; ++i) total += variables[all_variables][i] * normal[0][i];
    return total;
  }

 private:
  /// What the nodes' values sum up to; each node has a row of weights.
  template <class Weights, class Value>
  static void sum(const Weights& weights_of, const Value& value_of, Row& row) {
    std::array<double, Quadrature::nodes> value;
    for (int n = 0; n < Quadrature::nodes; ++n) value[n] = value_of(n);
#pragma omp simd
    for (int i = 0; i < lanes; ++i) {
      double total = 0.0;
      for (int n = 0; n < Quadrature::nodes; ++n) total += weights_of(n)[i] * value[n];
      row[i] = total;
    }
  }

  /// A function of its own: g++ 12 makes no vectors of a loop that copies structs.
  ISTER_INLINE void complete_point(double pressure, int i) {
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<AllStresses>(variables[0].data(), lanes, i, s, k);
    const physics::StressTensor t = physics::stress_tensor<AllStresses>(pressure, s, k);
    gamma[i] = k.g;
    energy[0][i] = t.energy;
    energy[1][i] = t.momentum.x;
    energy[2][i] = t.momentum.y;
    energy[3][i] = t.momentum.z;
  }

  void set_normal(double weight, const std::array<std::array<Row, K + 1>, K>& tangents, int i) {
    constexpr int D = K + 1;
    std::array<core::surface::Point<D>, K> t;
    for (int k = 0; k < K; ++k)
      for (int d = 0; d < D; ++d) t[k][d] = tangents[k][d][i];
    const core::surface::Point<D> n = core::surface::normal<D>(t);
    double square = 0.0;
    for (int d = 0; d < D; ++d) {
      normal[d][i] = weight * n[d];
      square += normal[d][i] * normal[d][i];
    }
    size[i] = std::sqrt(square);
  }
};

/// Sums over what becomes one element, weighted by the size of the parts.
class SurfaceElement {
 public:
  /// Some points of a piece.
  template <int K>
  void add(const SurfacePiece<K>& piece, int begin, int end) {
    for (int i = begin; i < end; ++i) m_size += piece.size[i];
    for (int d = 0; d < 4; ++d)
      for (int i = begin; i < end; ++i) {
        m_normal[d] += piece.normal[d][i];
        m_at[d] += piece.size[i] * piece.at[d][i];
      }
    for (std::size_t c = 1; c < m_variables.size(); ++c)
      for (int i = begin; i < end; ++i) m_variables[c] += piece.size[i] * piece.variables[c][i];
  }
  /// A part with a normal of this size.
  void add(const FourVector& at, const FourVector& normal, double size, const double* variables) {
    m_size += size;
    for (int d = 0; d < 4; ++d) {
      m_normal[d] += normal[d];
      m_at[d] += size * at[d];
    }
    for (std::size_t c = 1; c < m_variables.size(); ++c) m_variables[c] += size * variables[c];
  }

  [[nodiscard]] bool empty() const { return !(m_size > 0.0); }

  /// Appends the columns of the means, with u normalised and pi made traceless and orthogonal to it, and begins anew.
  /// Returns u.d sigma.
  double store(const Thermodynamics& matter, bool milne, std::vector<double>& elements) {
    for (double& variable : m_variables) variable /= m_size;
    for (double& x : m_at) x /= m_size;
    const SurfacePoint point(m_variables.data());
    const double w = matter.enthalpy_density(), through = flux(point.velocity(), m_normal, milne ? m_at[0] : 1.0);
    const Vec3& u = point.state().u;
    const Sym3 pi = w * point.state().pi;
    elements.insert(elements.end(), m_at.begin(), m_at.end());
    elements.insert(elements.end(), m_normal.begin(), m_normal.end());
    elements.insert(elements.end(),
                    {u.x, u.y, u.z, matter.energy_density, matter.temperature, matter.pressure,
                     matter.entropy_density(), pi.xx, pi.xy, pi.xz, pi.yy, pi.yz, pi.zz, w * point.state().bulk});
    *this = {};
    return through;
  }

 private:
  double m_size = 0.0;
  FourVector m_at{}, m_normal{};
  std::array<double, all_variables> m_variables{};
};

}  // namespace ister::solvers
