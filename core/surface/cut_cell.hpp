#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/surface/cut_table.hpp"
#include "core/surface/simplex.hpp"

namespace ister::core::surface {

/// The part of the surface phi = 0 in one cell of D dimensions, as quadratic simplices whose nodes lie on it, and the
/// part of the cell where phi > 0. Coordinates run from 0 to 1 in the cell. Where phi is of order 4 or better, so are
/// integrals; neighbouring cells share the nodes on their common face, to rounding.
///
/// `phi(from, at, gradient)` returns phi at a point near `from`, which two cells that share `from` answer alike, and
/// sets its gradient. Memory is kept from cell to cell.
template <int D>
class CutCell {
 public:
  using At = Point<D>;
  using SurfacePiece = std::array<int, quadratic_nodes(D - 1)>;
  using InsidePiece = std::array<int, quadratic_nodes(D)>;

  /// `ends_apart`: nodes at the ends of direction 0 stay there, so that what lies between two times has ends of its
  /// own that depend on these times alone.
  explicit CutCell(bool ends_apart) : m_ends_apart(ends_apart) {}

  /// Whether corners of both kinds are among these; a corner is hot where phi > 0.
  static bool is_cut(const std::array<double, 1 << D>& phi) {
    int hot = 0;
    for (const double value : phi) hot += value > 0.0;
    return hot > 0 && hot < 1 << D;
  }

  /// Cuts a cell with these values at its corners (bit d of the number: coordinate d).
  template <class Phi>
  void cut_surface(const std::array<double, 1 << D>& corners, const Phi& phi) {
    begin();
    for_each_simplex(corners, [&](const typename CutTable<D>::Pieces& pieces) {
      for (const auto& piece : pieces.surface) m_surface.push_back(complete<D - 1>(piece, corners, phi));
    });
  }

  /// The same for the part where phi > 0.
  template <class Phi>
  void cut_inside(const std::array<double, 1 << D>& corners, const Phi& phi) {
    begin();
    for_each_simplex(corners, [&](const typename CutTable<D>::Pieces& pieces) {
      for (const auto& piece : pieces.inside) m_inside.push_back(complete<D>(piece, corners, phi));
    });
  }

  [[nodiscard]] const std::vector<At>& nodes() const { return m_nodes; }
  [[nodiscard]] const std::vector<SurfacePiece>& surface() const { return m_surface; }
  [[nodiscard]] const std::vector<InsidePiece>& inside() const { return m_inside; }

 private:
  static constexpr int ids = 1 << (2 * D);
  static constexpr int none = -1;
  /// A step of Newton's method after which nothing is left to do, and one after which its square is.
  static constexpr double enough = 1e-8, nearly = 1e-4;

  void begin() {
    m_nodes.clear();
    m_surface.clear();
    m_inside.clear();
    m_between.clear();
    m_number.assign(ids, none);
  }

  static int code_of(const std::array<int, D + 1>& simplex, const std::array<double, 1 << D>& corners) {
    int code = 0;
    for (int v = 0; v <= D; ++v) code |= int(corners[simplex[v]] > 0.0) << v;
    return code;
  }

  template <class Use>
  static void for_each_simplex(const std::array<double, 1 << D>& corners, const Use& use) {
    const CutTable<D>& table = cut_table<D>();
    for (std::size_t s = 0; s < table.simplices.size(); ++s) use(table.pieces[s][code_of(table.simplices[s], corners)]);
  }

  /// Adds the nodes of a piece, and those in the middle of its edges.
  template <int K, class Phi>
  std::array<int, quadratic_nodes(K)> complete(const std::array<CutNode, K + 1>& piece,
                                               const std::array<double, 1 << D>& corners, const Phi& phi) {
    std::array<int, quadratic_nodes(K)> nodes{};
    int next = 0;
    for (const CutNode& node : piece) nodes[next++] = corner_node(node, corners, phi);
    for (int i = 0; i <= K; ++i)
      for (int j = i + 1; j <= K; ++j)
        nodes[next++] = middle_node(nodes[i], nodes[j], piece[i].on_surface() && piece[j].on_surface(), phi);
    return nodes;
  }

  template <class Phi>
  int corner_node(const CutNode& node, const std::array<double, 1 << D>& corners, const Phi& phi) {
    int& number = m_number[node.low << D | node.high];
    if (number != none) return number;
    number = static_cast<int>(m_nodes.size());
    m_nodes.push_back(node.on_surface() ? root(node, corners, phi) : position(node, 0.0));
    return number;
  }

  static At position(const CutNode& node, double t) {
    At x;
    for (int d = 0; d < D; ++d) x[d] = (node.low >> d & 1) + t * ((node.high >> d & 1) - (node.low >> d & 1));
    return x;
  }

  /// By Newton's method between brackets.
  template <class Phi>
  static At root(const CutNode& node, const std::array<double, 1 << D>& corners, const Phi& phi) {
    constexpr int most = 60;
    const bool hot_below = corners[node.low] > 0.0;
    double low = 0.0, high = 1.0;
    double t = corners[node.low] / (corners[node.low] - corners[node.high]);
    for (int i = 0; i < most; ++i) {
      At gradient;
      const At x = position(node, t);
      const double value = phi(x, x, gradient);
      ((value > 0.0) == hot_below ? low : high) = t;
      double slope = 0.0;
      for (int d = 0; d < D; ++d) slope += gradient[d] * ((node.high >> d & 1) - (node.low >> d & 1));
      double next = t - value / slope;
      if (!(next >= low && next <= high)) next = 0.5 * (low + high);
      const double step = std::fabs(next - t);
      t = next;
      if (step < enough) break;
    }
    return position(node, t);
  }

  template <class Phi>
  int middle_node(int a, int b, bool on_surface, const Phi& phi) {
    for (const Between& between : m_between)
      if ((between.a == a && between.b == b) || (between.a == b && between.b == a)) return between.node;
    At x;
    for (int d = 0; d < D; ++d) x[d] = 0.5 * (m_nodes[a][d] + m_nodes[b][d]);
    if (on_surface) x = projected(x, m_nodes[a], m_nodes[b], phi);
    m_between.push_back({a, b, static_cast<int>(m_nodes.size())});
    m_nodes.push_back(x);
    return m_between.back().node;
  }

  /// The middle of an edge moved along the gradient to the surface; left where it is where that leads far away.
  template <class Phi>
  At projected(const At& start, const At& a, const At& b, const Phi& phi) const {
    constexpr int most = 12;
    constexpr double far = 0.7, shortest = 1e-3;
    const bool at_end = m_ends_apart && a[0] == b[0] && (a[0] == 0.0 || a[0] == 1.0);
    At x = start;
    for (int i = 0; i < most; ++i) {
      At gradient;
      const double value = phi(start, x, gradient);
      if (at_end) gradient[0] = 0.0;
      double square = 0.0;
      for (const double g : gradient) square += g * g;
      for (int d = 0; d < D; ++d) x[d] -= value / square * gradient[d];
      if (!(value * value > nearly * nearly * square)) break;
    }
    double moved = 0.0, length = 0.0;
    for (int d = 0; d < D; ++d) {
      moved += (x[d] - start[d]) * (x[d] - start[d]);
      length += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return std::sqrt(moved) <= far * std::fmax(std::sqrt(length), shortest) ? x : start;
  }

  struct Between {
    int a, b, node;
  };

  bool m_ends_apart;
  std::vector<At> m_nodes;
  std::vector<SurfacePiece> m_surface;
  std::vector<InsidePiece> m_inside;
  std::vector<int> m_number;  ///< of the nodes that the table names
  std::vector<Between> m_between;
};

}  // namespace ister::core::surface
