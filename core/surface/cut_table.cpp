#include "core/surface/cut_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/surface/simplex.hpp"

namespace ister::core::surface {
namespace {

using Path = std::vector<std::pair<int, int>>;

/// All monotone paths from (0, 0) to (a-1, b-1); none where one of them is 0.
std::vector<Path> staircases(int a, int b) {
  if (a == 1 && b == 1) return {{{0, 0}}};
  std::vector<Path> paths;
  for (const auto& [before_a, before_b] : {std::pair(a - 1, b), std::pair(a, b - 1)}) {
    if (before_a < 1 || before_b < 1) continue;
    for (Path& path : staircases(before_a, before_b)) {
      path.emplace_back(a - 1, b - 1);
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

CutNode node_between(int a, int b) {
  return {static_cast<std::uint8_t>(std::min(a, b)), static_cast<std::uint8_t>(std::max(a, b))};
}

/// With the surface in the middle of edges: which side is out does not depend on where it meets them.
template <int D>
Point<D> middle(const CutNode& node) {
  Point<D> x;
  for (int d = 0; d < D; ++d) x[d] = 0.5 * ((node.low >> d & 1) + (node.high >> d & 1));
  return x;
}

template <int D, std::size_t N>
std::array<Point<D>, N - 1> straight_tangents(const std::array<CutNode, N>& nodes) {
  std::array<Point<D>, N - 1> tangents{};
  const Point<D> first = middle<D>(nodes[0]);
  for (std::size_t k = 1; k < N; ++k) {
    const Point<D> x = middle<D>(nodes[k]);
    for (int d = 0; d < D; ++d) tangents[k - 1][d] = x[d] - first[d];
  }
  return tangents;
}

template <int D>
void turn_outward(int hot, int cold, std::array<CutNode, D>& nodes) {
  if constexpr (D > 1) {
    const Point<D> n = normal<D>(straight_tangents<D>(nodes));
    double outward = 0.0;
    for (int d = 0; d < D; ++d) outward += n[d] * ((cold >> d & 1) - (hot >> d & 1));
    if (outward < 0.0) std::swap(nodes[D - 1], nodes[D - 2]);
  }
}

template <int D>
void make_positive(std::array<CutNode, D + 1>& nodes) {
  if (volume<D>(straight_tangents<D>(nodes)) < 0.0) std::swap(nodes[D], nodes[D - 1]);
}

template <int D>
typename CutTable<D>::Pieces cut(const std::vector<int>& hot, const std::vector<int>& cold) {
  typename CutTable<D>::Pieces pieces;
  const int a = static_cast<int>(hot.size()), b = static_cast<int>(cold.size());
  for (const Path& path : staircases(a, b)) {
    std::array<CutNode, D> nodes{};
    for (int n = 0; n < D; ++n) nodes[n] = node_between(hot[path[n].first], cold[path[n].second]);
    turn_outward<D>(hot[0], cold[0], nodes);
    pieces.surface.push_back(nodes);
  }
  for (const Path& path : staircases(a, b + 1)) {
    std::array<CutNode, D + 1> nodes{};
    for (int n = 0; n <= D; ++n) {
      const auto& [i, j] = path[n];
      nodes[n] = node_between(hot[i], j == 0 ? hot[i] : cold[j - 1]);
    }
    make_positive<D>(nodes);
    pieces.inside.push_back(nodes);
  }
  return pieces;
}

template <int D>
CutTable<D> make_table() {
  CutTable<D> table;
  std::array<int, D> order{};
  std::iota(order.begin(), order.end(), 0);
  do {
    std::array<int, D + 1> corners{};
    for (int d = 0; d < D; ++d) corners[d + 1] = corners[d] | 1 << order[d];
    table.simplices.push_back(corners);
    auto& by_code = table.pieces.emplace_back(std::size_t{1} << (D + 1));
    for (int code = 1; code < 1 << (D + 1); ++code) {
      std::vector<int> hot, cold;
      for (int v = 0; v <= D; ++v) (code >> v & 1 ? hot : cold).push_back(corners[v]);
      by_code[code] = cut<D>(hot, cold);
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return table;
}

}  // namespace

template <int D>
const CutTable<D>& cut_table() {
  static const CutTable<D> table = make_table<D>();
  return table;
}

template const CutTable<1>& cut_table<1>();
template const CutTable<2>& cut_table<2>();
template const CutTable<3>& cut_table<3>();
template const CutTable<4>& cut_table<4>();

}  // namespace ister::core::surface
