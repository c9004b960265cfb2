#pragma once
#include <array>
#include <cmath>
#include <vector>

/// Curved simplices in D dimensions: shape functions, normals, quadrature.
namespace ister::core::surface {

template <int D>
using Point = std::array<double, static_cast<std::size_t>(D)>;

/// Nodes of a quadratic simplex of dimension K: corners, then the middles of edges (i, j), i < j, in order.
constexpr int quadratic_nodes(int K) { return (K + 1) * (K + 2) / 2; }

/// Of the first n columns of the rows, by the first row; n is 3 at most in use.
template <int D, std::size_t N>
double determinant(const std::array<Point<D>, N>& rows, const std::array<int, N>& columns) {
  if constexpr (N == 0) {
    return 1.0;
  } else if constexpr (N == 1) {
    return rows[0][columns[0]];
  } else {
    std::array<Point<D>, N - 1> rest;
    for (std::size_t r = 1; r < N; ++r) rest[r - 1] = rows[r];
    double sum = 0.0, sign = 1.0;
    for (std::size_t c = 0; c < N; ++c, sign = -sign) {
      std::array<int, N - 1> others{};
      for (std::size_t k = 0, to = 0; k < N; ++k)
        if (k != c) others[to++] = columns[k];
      sum += sign * rows[0][columns[c]] * determinant<D, N - 1>(rest, others);
    }
    return sum;
  }
}

/// The covariant normal n_m = epsilon_{m a b ..} t_1^a t_2^b .. of D-1 tangents.
template <int D>
Point<D> normal(const std::array<Point<D>, D - 1>& tangents) {
  Point<D> n;
  double sign = 1.0;
  for (int m = 0; m < D; ++m, sign = -sign) {
    std::array<int, D - 1> columns{};
    for (int k = 0, to = 0; k < D; ++k)
      if (k != m) columns[to++] = k;
    n[m] = sign * determinant<D, D - 1>(tangents, columns);
  }
  return n;
}

/// The determinant of D tangents.
template <int D>
double volume(const std::array<Point<D>, D>& tangents) {
  std::array<int, D> columns{};
  for (int k = 0; k < D; ++k) columns[k] = k;
  return determinant<D, D>(tangents, columns);
}

/// A point of a quadrature on a simplex of dimension K: its weight (all together 1/K!), the shape functions there and
/// their derivatives along the K edges from the first corner.
template <int K>
struct QuadraturePoint {
  static constexpr int nodes = quadratic_nodes(K);
  double weight;
  std::array<double, nodes> shape;
  std::array<std::array<double, K>, nodes> slope;

  QuadraturePoint(double w, const std::array<double, K + 1>& corner) : weight(w) {
    const auto derivative = [](int i, int k) { return double(i == k + 1) - double(i == 0); };
    int node = 0;
    for (int i = 0; i <= K; ++i, ++node) {
      shape[node] = corner[i] * (2.0 * corner[i] - 1.0);
      for (int k = 0; k < K; ++k) slope[node][k] = (4.0 * corner[i] - 1.0) * derivative(i, k);
    }
    for (int i = 0; i <= K; ++i)
      for (int j = i + 1; j <= K; ++j, ++node) {
        shape[node] = 4.0 * corner[i] * corner[j];
        for (int k = 0; k < K; ++k)
          slope[node][k] = 4.0 * (corner[j] * derivative(i, k) + corner[i] * derivative(j, k));
      }
  }

  /// What the nodes' values make of a quantity of any number of components here.
  template <class Nodes, class Value>
  void interpolate(const Nodes& of_node, int components, Value* value) const {
    for (int c = 0; c < components; ++c) value[c] = 0.0;
    for (int n = 0; n < nodes; ++n) {
      const double* from = of_node(n);
      for (int c = 0; c < components; ++c) value[c] += shape[n] * from[c];
    }
  }

  /// The tangents of a simplex whose nodes lie at `at(n)`.
  template <int D, class Nodes>
  std::array<Point<D>, K> tangents(const Nodes& at) const {
    std::array<Point<D>, K> t{};
    for (int n = 0; n < nodes; ++n) {
      const Point<D>& x = at(n);
      for (int k = 0; k < K; ++k)
        for (int d = 0; d < D; ++d) t[k][d] += slope[n][k] * x[d];
    }
    return t;
  }
};

/// Rules with positive weights on points, segments, triangles and tetrahedra, exact for polynomials of degree 4: of
/// Gauss; Dunavant, Int. J. Numer. Meth. Eng. 21 (1985) 1129; Walkington (degree 5, 14 points).
template <int K>
const std::vector<QuadraturePoint<K>>& quadrature();

template <>
const std::vector<QuadraturePoint<1>>& quadrature<1>();
template <>
const std::vector<QuadraturePoint<2>>& quadrature<2>();
template <>
const std::vector<QuadraturePoint<3>>& quadrature<3>();

/// The same rules as rows over their points, for loops that treat these together; points of no weight, which lie where
/// the first one does, fill them up.
template <int K>
struct QuadratureRows {
  static constexpr int nodes = quadratic_nodes(K), points = K == 1 ? 3 : (K == 2 ? 6 : 14), lanes = K < 3 ? 8 : 16;
  using Row = std::array<double, lanes>;
  alignas(64) Row weight;
  alignas(64) std::array<Row, nodes> shape;
  alignas(64) std::array<std::array<Row, K>, nodes> slope;

  QuadratureRows() {
    for (int q = 0; q < lanes; ++q) {
      const QuadraturePoint<K>& point = quadrature<K>()[static_cast<std::size_t>(q < points ? q : 0)];
      weight[q] = q < points ? point.weight : 0.0;
      for (int n = 0; n < nodes; ++n) {
        shape[n][q] = point.shape[n];
        for (int k = 0; k < K; ++k) slope[n][k][q] = point.slope[n][k];
      }
    }
  }
};

}  // namespace ister::core::surface
