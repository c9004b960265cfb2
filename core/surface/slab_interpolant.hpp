#pragma once
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/surface/simplex.hpp"

namespace ister::core::surface {

/// Weights of the six points -2 .. 3 for the value and the slope of their polynomial at r; exact at the points.
struct SixPoints {
  static constexpr int count = 6, before = 2;
  std::array<double, count> value, slope;

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
  /// The cell whose lower corner is there; the arrays must reach two points before and four beyond it.
  void move_to(std::int64_t corner) { m_corner = corner; }

  double operator()(const At& from, const At& at, At& gradient) const;
  /// All fields but the first `skipped`.
  void values(const At& at, int skipped, double* values) const;

  [[nodiscard]] int fields() const { return static_cast<int>(m_fields.size()); }
  [[nodiscard]] const SlabField& field(int f) const { return m_fields[f]; }
  [[nodiscard]] const std::array<std::int64_t, N>& strides() const { return m_strides; }

 private:
  /// The first of the points around a place, and where it is from the third of them.
  struct Stencil {
    std::int64_t first;
    std::array<double, N> at;
  };
  [[nodiscard]] Stencil stencil(const At& from, const At& at) const;

  std::vector<SlabField> m_fields;
  std::array<std::int64_t, N> m_strides;
  double m_duration, m_level = 0.0;
  std::int64_t m_corner = 0;
};

/// The same at one of the ends, s = 0 or 1, as the phi of CutCell<N>.
template <int N>
class EndInterpolant {
 public:
  EndInterpolant(const SlabInterpolant<N>& slab, double s) : m_slab(slab), m_s(s) {}

  double operator()(const Point<N>& from, const Point<N>& at, Point<N>& gradient) const {
    Point<N + 1> all;
    const double value = m_slab(lifted(from), lifted(at), all);
    for (int d = 0; d < N; ++d) gradient[d] = all[d + 1];
    return value;
  }
  void values(const Point<N>& at, int skipped, double* values) const { m_slab.values(lifted(at), skipped, values); }

 private:
  [[nodiscard]] Point<N + 1> lifted(const Point<N>& at) const {
    Point<N + 1> x{m_s};
    for (int d = 0; d < N; ++d) x[d + 1] = at[d];
    return x;
  }

  const SlabInterpolant<N>& m_slab;
  double m_s;
};

}  // namespace ister::core::surface
