#pragma once
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/surface/simplex.hpp"

namespace ister::core::surface {

/// Weights of the six points -2 .. 3 for the value and the slope of their polynomial at r. Two more, which are zero,
/// make a row of as many as a vector register holds.
struct SixPoints {
  static constexpr int count = 6, before = 2, lanes = 8;
  alignas(64) std::array<double, lanes> value, slope;

  explicit SixPoints(double r);
};

/// Weights of f and df/ds at the ends s = 0 and 1 of an interval for their cubic at s, and for its slope.
struct CubicHermite {
  std::array<double, 2> value, rate;              ///< of the cubic
  std::array<double, 2> value_slope, rate_slope;  ///< of its derivative

  explicit CubicHermite(double s);
};

/// A field on a grid at both ends of a time slab, and its time derivatives there.
struct SlabField {
  std::array<const double*, 2> value{}, rate{};
};

/// What some arrays hold at the points around a cell of a grid in N directions, side by side for each point: a cell has
/// many nodes, and each of them asks for all arrays.
template <int N>
class Surroundings {
 public:
  /// Numbers that are treated together: those of eight arrays.
  struct alignas(64) Block {
    static constexpr int size = 8;
    double of[size] = {};
  };

  /// Of arrays with the same distances between points along the directions.
  Surroundings(std::vector<const double*> arrays, const std::array<std::int64_t, N>& strides);
  /// The cell whose lower corner is there; the arrays must reach two points before and four beyond it.
  void move_to(std::int64_t corner);

  /// Where a point of the cell lies, by the last N of its coordinates: the first of the six points around it along each
  /// direction, and their weights. On a face that `from` shares with the next cell the points are those around that
  /// one, so that both answer alike.
  struct Stencil {
    std::array<SixPoints, N> weights;
    int first = 0;

    template <std::size_t M>
    Stencil(const std::array<double, M>& from, const std::array<double, M>& at)
        : weights(weights_at(from, at, std::make_index_sequence<N>{})) {
      for (int d = N - 1; d >= 0; --d) first = first * along + next_cell(from[d + M - N]);
    }

   private:
    static int next_cell(double from) { return from >= 1.0 ? 1 : 0; }
    template <std::size_t M, std::size_t... D>
    static std::array<SixPoints, N> weights_at(const std::array<double, M>& from, const std::array<double, M>& at,
                                               std::index_sequence<D...> /*directions*/) {
      return {SixPoints(at[D + M - N] - next_cell(from[D + M - N]))...};
    }
  };

  /// Of eight arrays there: block b has those from 8 b on, and zeros where there are no more.
  [[nodiscard]] Block values(const Stencil& stencil, int b) const;

  /// Of the first four arrays there, with their slopes along the directions.
  struct Slopes {
    static constexpr int arrays = 4;
    alignas(64) double value[arrays] = {};
    double slope[N][arrays] = {};
  };
  [[nodiscard]] Slopes slopes(const Stencil& stencil) const;

 private:
  static constexpr int along = SixPoints::count + 1;  ///< of the cell and the next one
  static constexpr int points = N == 1 ? along : (N == 2 ? along * along : along * along * along);

  std::vector<const double*> m_arrays;
  std::array<std::int64_t, N> m_strides;
  std::vector<std::array<Block, points>> m_blocks;
};

/// Fields between two times around the cells of a grid in N directions: cubic in time, through six points in each
/// direction of space. The first field less a level is the phi of CutCell<N + 1>. Points are given in a cell, from its
/// lower corner and the first time in units of its edges and the duration.
template <int N>
class SlabInterpolant {
 public:
  using At = Point<N + 1>;

  /// Of fields with the same distances between points along the directions, over a duration.
  SlabInterpolant(const std::vector<SlabField>& fields, const std::array<std::int64_t, N>& strides, double duration);

  void set_level(double level) { m_level = level; }
  void move_to(std::int64_t corner) { m_around.move_to(corner); }

  double operator()(const At& from, const At& at, At& gradient) const;
  /// All fields but the first `skipped`.
  void values(const At& at, int skipped, double* values) const;

 private:
  int m_fields;
  Surroundings<N> m_around;
  double m_duration, m_level = 0.0;
};

/// Fields at one time, likewise; the first one less a level is the phi of CutCell<N>.
template <int N>
class SliceInterpolant {
 public:
  using At = Point<N>;

  SliceInterpolant(const std::vector<const double*>& fields, const std::array<std::int64_t, N>& strides)
      : m_fields(static_cast<int>(fields.size())), m_around(fields, strides) {}

  void set_level(double level) { m_level = level; }
  void move_to(std::int64_t corner) { m_around.move_to(corner); }

  double operator()(const At& from, const At& at, At& gradient) const;
  void values(const At& at, int skipped, double* values) const;

 private:
  int m_fields;
  Surroundings<N> m_around;
  double m_level = 0.0;
};

}  // namespace ister::core::surface
