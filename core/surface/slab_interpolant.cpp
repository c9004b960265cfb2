#include "core/surface/slab_interpolant.hpp"

#include <algorithm>

#include "core/parallel/stream.hpp"

namespace ister::core::surface {
namespace {

constexpr int six = SixPoints::count, lanes = SixPoints::lanes;

/// Coefficients of the polynomials that are 1 at one of the points and 0 at the others, by the power of r.
struct Coefficients {
  double of[six][lanes] = {};

  constexpr Coefficients() {
    for (int a = 0; a < six; ++a) {
      double product[six] = {1.0};  // of the distances from the other points
      double scale = 1.0;
      for (int b = 0; b < six; ++b) {
        if (b == a) continue;
        for (int power = six - 1; power >= 0; --power)
          product[power] = (power > 0 ? product[power - 1] : 0.0) - (b - SixPoints::before) * product[power];
        scale *= a - b;
      }
      for (int power = 0; power < six; ++power) of[power][a] = product[power] / scale;
    }
  }
};

}  // namespace

SixPoints::SixPoints(double r) {
  alignas(64) static constexpr Coefficients c;
#pragma omp simd
  for (int i = 0; i < lanes; ++i) {
    double v = c.of[six - 1][i], s = 0.0;
    for (int power = six - 2; power >= 0; --power) {
      s = s * r + v;
      v = v * r + c.of[power][i];
    }
    value[i] = v;
    slope[i] = s;
  }
}

CubicHermite::CubicHermite(double s) {
  const double t = s - 1.0;
  value = {(1.0 + 2.0 * s) * t * t, s * s * (3.0 - 2.0 * s)};
  rate = {s * t * t, s * s * t};
  value_slope = {6.0 * s * t, -6.0 * s * t};
  rate_slope = {t * (3.0 * s - 1.0), s * (3.0 * s - 2.0)};
}

namespace {

/// Planes of a stencil and rows of a plane.
template <int N>
constexpr int planes = N > 2 ? six : 1;
template <int N>
constexpr int rows = N > 1 ? six : 1;

/// Weights along a direction, for a value or for a slope; 1 for the one point of a direction that a grid lacks.
template <int N>
const double* weights_along(int d, const std::array<SixPoints, N>& weights, bool slope = false) {
  static constexpr double one[] = {1.0};
  if (d >= N) return one;
  const SixPoints& w = weights[static_cast<std::size_t>(d)];
  return (slope ? w.slope : w.value).data();
}

}  // namespace

template <int N>
Surroundings<N>::Surroundings(std::vector<const double*> arrays, const std::array<std::int64_t, N>& strides)
    : m_arrays(std::move(arrays)), m_strides(strides), m_blocks((m_arrays.size() + Block::size - 1) / Block::size) {}

template <int N>
void Surroundings<N>::move_to(std::int64_t corner) {
  const std::int64_t next_row = N > 1 ? m_strides[1] : 0, next_plane = N > 2 ? m_strides[2] : 0;
  const std::int64_t first = corner - SixPoints::before * (1 + next_row + next_plane);
  for (std::size_t a = 0; a < m_arrays.size(); ++a) {
    double* to = m_blocks[a / Block::size].front().of + a % Block::size;
    for (int k = 0; k < (N > 2 ? along : 1); ++k) {
      const double* from = m_arrays[a] + first + k * next_plane;
      for (int j = 0; j < (N > 1 ? along : 1); ++j, to += along * Block::size, from += next_row)
        for (int i = 0; i < along; ++i) to[i * Block::size] = from[i];
      prefetch(from, 2 * along);  // the surface goes on in the next row
    }
  }
}

template <int N>
typename Surroundings<N>::Block Surroundings<N>::values(const Stencil& stencil, int b) const {
  const double *const x = weights_along<N>(0, stencil.weights), *const y = weights_along<N>(1, stencil.weights),
                      *const z = weights_along<N>(2, stencil.weights);
  const Block* plane = &m_blocks[static_cast<std::size_t>(b)][static_cast<std::size_t>(stencil.first)];
  Block sum;
  for (int k = 0; k < planes<N>; ++k, plane += along * along) {
#pragma omp simd
    for (int l = 0; l < Block::size; ++l) {
      double in_plane = 0.0;
      for (int j = 0; j < rows<N>; ++j) {
        double in_row = 0.0;
        for (int i = 0; i < six; ++i) in_row += x[i] * plane[j * along + i].of[l];
        in_plane += y[j] * in_row;
      }
      sum.of[l] += z[k] * in_plane;
    }
  }
  return sum;
}

template <int N>
typename Surroundings<N>::Slopes Surroundings<N>::slopes(const Stencil& stencil) const {
  const double *const x = weights_along<N>(0, stencil.weights), *const y = weights_along<N>(1, stencil.weights),
                      *const z = weights_along<N>(2, stencil.weights);
  const double *const slope_x = weights_along<N>(0, stencil.weights, true),
                      *const slope_y = weights_along<N>(1, stencil.weights, true),
                      *const slope_z = weights_along<N>(2, stencil.weights, true);
  const Block* plane = &m_blocks.front()[static_cast<std::size_t>(stencil.first)];
  Slopes sums;
  for (int k = 0; k < planes<N>; ++k, plane += along * along) {
#pragma omp simd
    for (int l = 0; l < Slopes::arrays; ++l) {
      double value = 0.0, along_x = 0.0, along_y = 0.0;
      for (int j = 0; j < rows<N>; ++j) {
        double in_row = 0.0, along_row = 0.0;
        for (int i = 0; i < six; ++i) {
          const double here = plane[j * along + i].of[l];
          in_row += x[i] * here;
          along_row += slope_x[i] * here;
        }
        value += y[j] * in_row;
        along_x += y[j] * along_row;
        along_y += slope_y[j] * in_row;
      }
      sums.value[l] += z[k] * value;
      sums.slope[0][l] += z[k] * along_x;
      if constexpr (N > 1) sums.slope[1][l] += z[k] * along_y;
      if constexpr (N > 2) sums.slope[2][l] += slope_z[k] * value;
    }
  }
  return sums;
}

namespace {

constexpr int of_field = 4;  ///< arrays of a field between two times

std::vector<const double*> arrays_of(const std::vector<SlabField>& fields) {
  std::vector<const double*> arrays;
  for (const SlabField& f : fields) arrays.insert(arrays.end(), {f.value[0], f.value[1], f.rate[0], f.rate[1]});
  return arrays;
}

double sum(const std::array<double, of_field>& weights, const double* of) {
  return weights[0] * of[0] + weights[1] * of[1] + weights[2] * of[2] + weights[3] * of[3];
}

}  // namespace

template <int N>
SlabInterpolant<N>::SlabInterpolant(const std::vector<SlabField>& fields, const std::array<std::int64_t, N>& strides,
                                    double duration)
    : m_fields(static_cast<int>(fields.size())), m_around(arrays_of(fields), strides), m_duration(duration) {}

template <int N>
double SlabInterpolant<N>::operator()(const At& from, const At& at, At& gradient) const {
  const CubicHermite t(at[0]);
  const std::array<double, of_field> now{t.value[0], t.value[1], m_duration * t.rate[0], m_duration * t.rate[1]};
  const auto around = m_around.slopes(typename Surroundings<N>::Stencil(from, at));
  gradient[0] = sum({t.value_slope[0], t.value_slope[1], m_duration * t.rate_slope[0], m_duration * t.rate_slope[1]},
                    around.value);
  for (int d = 0; d < N; ++d) gradient[d + 1] = sum(now, around.slope[d]);
  return sum(now, around.value) - m_level;
}

template <int N>
void SlabInterpolant<N>::values(const At& at, int skipped, double* values) const {
  constexpr int in_block = Surroundings<N>::Block::size / of_field;
  const CubicHermite t(at[0]);
  const std::array<double, of_field> now{t.value[0], t.value[1], m_duration * t.rate[0], m_duration * t.rate[1]};
  const typename Surroundings<N>::Stencil stencil(at, at);
  for (int b = skipped / in_block; b * in_block < m_fields; ++b) {
    const auto block = m_around.values(stencil, b);
    for (int n = std::max(skipped, b * in_block); n < std::min(m_fields, (b + 1) * in_block); ++n)
      values[n - skipped] = sum(now, &block.of[(n - b * in_block) * of_field]);
  }
}

template <int N>
double SliceInterpolant<N>::operator()(const At& from, const At& at, At& gradient) const {
  const auto around = m_around.slopes(typename Surroundings<N>::Stencil(from, at));
  for (int d = 0; d < N; ++d) gradient[d] = around.slope[d][0];
  return around.value[0] - m_level;
}

template <int N>
void SliceInterpolant<N>::values(const At& at, int skipped, double* values) const {
  constexpr int in_block = Surroundings<N>::Block::size;
  const typename Surroundings<N>::Stencil stencil(at, at);
  for (int b = skipped / in_block; b * in_block < m_fields; ++b) {
    const auto block = m_around.values(stencil, b);
    for (int n = std::max(skipped, b * in_block); n < std::min(m_fields, (b + 1) * in_block); ++n)
      values[n - skipped] = block.of[n - b * in_block];
  }
}

template class Surroundings<1>;
template class Surroundings<2>;
template class Surroundings<3>;
template class SlabInterpolant<1>;
template class SlabInterpolant<2>;
template class SlabInterpolant<3>;
template class SliceInterpolant<1>;
template class SliceInterpolant<2>;
template class SliceInterpolant<3>;

}  // namespace ister::core::surface
