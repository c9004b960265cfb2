#pragma once
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/surface/simplex.hpp"

namespace ister::core::surface {

/// Weights of the six points -2 .. 3 for the value and the slope of their polynomial at r. Two more points, of no
/// weight, make a row of as many as a vector register holds.
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

/// Where in a grid of N directions a point of a cell lies: the first of the six points around it, and how far it is
/// from the third of them.
template <int N>
struct SixPointStencil {
  std::int64_t first;
  std::array<SixPoints, N> weights;

  /// In the cell whose lower corner is there; of the coordinates the last N. On a face that `from` shares with the next
  /// cell the points are those around that one, so that both answer alike.
  template <std::size_t M>
  SixPointStencil(std::int64_t corner, const std::array<std::int64_t, N>& strides, const std::array<double, M>& from,
                  const std::array<double, M>& at)
      : first(corner), weights(weights_at(from, at, std::make_index_sequence<N>{})) {
    for (int d = 0; d < N; ++d) first += (next_cell(from[d + M - N]) - SixPoints::before) * strides[d];
  }

 private:
  static int next_cell(double from) { return from >= 1.0 ? 1 : 0; }
  template <std::size_t M, std::size_t... D>
  static std::array<SixPoints, N> weights_at(const std::array<double, M>& from, const std::array<double, M>& at,
                                             std::index_sequence<D...> /*directions*/) {
    return {SixPoints(at[D + M - N] - next_cell(from[D + M - N]))...};
  }
};

/// Fields between two times around the cells of a grid in N directions: cubic in time, through six points in each
/// direction of space. The first field less a level is the phi of CutCell<N + 1>. Points are given in a cell, from its
/// lower corner and the first time in units of its edges and the duration.
template <int N>
class SlabInterpolant {
 public:
  using At = Point<N + 1>;

  /// Of fields with the same distances between points along the directions, over a duration.
  SlabInterpolant(std::vector<SlabField> fields, const std::array<std::int64_t, N>& strides, double duration)
      : m_fields(std::move(fields)), m_strides(strides), m_duration(duration) {}

  void set_level(double level) { m_level = level; }
  /// The cell whose lower corner is there; the arrays must reach two points before and four beyond it, along the first
  /// direction six, of which the last two may have any finite values.
  void move_to(std::int64_t corner) { m_corner = corner; }

  double operator()(const At& from, const At& at, At& gradient) const;
  /// All fields but the first `skipped`.
  void values(const At& at, int skipped, double* values) const;

  [[nodiscard]] int fields() const { return static_cast<int>(m_fields.size()); }

 private:
  std::vector<SlabField> m_fields;
  std::array<std::int64_t, N> m_strides;
  double m_duration, m_level = 0.0;
  std::int64_t m_corner = 0;
};

/// Fields at one time, likewise; the first one less a level is the phi of CutCell<N>.
template <int N>
class SliceInterpolant {
 public:
  using At = Point<N>;

  SliceInterpolant(std::vector<const double*> fields, const std::array<std::int64_t, N>& strides)
      : m_fields(std::move(fields)), m_strides(strides) {}

  void set_level(double level) { m_level = level; }
  void move_to(std::int64_t corner) { m_corner = corner; }

  double operator()(const At& from, const At& at, At& gradient) const;
  void values(const At& at, int skipped, double* values) const;

 private:
  std::vector<const double*> m_fields;
  std::array<std::int64_t, N> m_strides;
  double m_level = 0.0;
  std::int64_t m_corner = 0;
};

}  // namespace ister::core::surface
