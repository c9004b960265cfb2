#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/grid/grid.hpp"

namespace ister::core {

/// Half-open range of indices.
struct Range {
  std::int64_t begin = 0, end = 0;
  [[nodiscard]] std::int64_t size() const { return end - begin; }
};

/// Part `part` of `count` items dealt to `parts` owners: sizes differ by at most one, the larger ones come first,
/// and owners beyond `count` get nothing.
constexpr Range split_range(std::int64_t count, int parts, int part) {
  const std::int64_t base = count / parts, rest = count % parts;
  const std::int64_t begin = part * base + (part < rest ? part : rest);
  return {begin, begin + base + (part < rest ? 1 : 0)};
}

/// A box of global indices, x first.
struct Box {
  std::array<std::int64_t, 3> offset{0, 0, 0};
  std::array<std::int64_t, 3> count{1, 1, 1};
  [[nodiscard]] std::int64_t points() const { return count[0] * count[1] * count[2]; }
};

/// Who owns which part of a grid: slabs along the slowest resolved direction. Pure data, so it is tested without MPI.
class Decomposition {
 public:
  Decomposition(const Grid& grid, int ranks, int rank);
  /// The same for a grid of processes, parts[d] of them along direction d, ranks counted along x first: what others do
  /// with boxes holds for any such; derivatives and transforms (core/spectral/) need slabs.
  Decomposition(const Grid& grid, const std::array<int, 3>& parts, int rank);

  [[nodiscard]] const Grid& grid() const { return m_grid; }
  [[nodiscard]] int ranks() const { return m_parts[0] * m_parts[1] * m_parts[2]; }
  [[nodiscard]] int rank() const { return m_rank; }
  /// The direction that is cut into slabs: the slowest resolved one. An internal error where others are cut.
  [[nodiscard]] int slab_direction() const;
  [[nodiscard]] Box box(int rank) const;
  [[nodiscard]] Box box() const { return box(m_rank); }
  /// No rank has a larger one.
  [[nodiscard]] Box largest_box() const { return box(0); }
  /// How many ranks own nothing.
  [[nodiscard]] int idle_ranks() const;
  /// The share of the time that ranks are busy while the one with the largest box works.
  [[nodiscard]] double balance() const;
  /// The most ranks of which each can own something.
  static int most_ranks(const Grid& grid) { return grid.points[grid.dimensions - 1]; }

  /// In words: "cut along y among 3 ranks (4 3 3 layers)".
  [[nodiscard]] std::string describe() const;
  /// What there is to share out, in words: "10 layers along y".
  [[nodiscard]] std::string describe_shares() const;

  /// This rank's block as boxes of whole layers across its slowest direction, in order, each of at most `points` points
  /// unless a single layer has more.
  [[nodiscard]] std::vector<Box> pieces(std::int64_t points) const;
  /// This rank's lines along x at every `stride`-th y and z of the grid.
  [[nodiscard]] std::vector<Box> lines(int stride) const;
  /// The least stride whose lines have at most `points` points on all ranks together, or are a single one.
  [[nodiscard]] int sampling_stride(std::int64_t points) const;

 private:
  /// Resolved directions that are, or could be, shared out among the ranks.
  [[nodiscard]] std::vector<int> cut_directions() const;

  Grid m_grid;
  std::array<int, 3> m_parts{1, 1, 1};
  int m_rank;
};

}  // namespace ister::core
