#include "core/surface/slab_interpolant.hpp"

namespace ister::core::surface {
namespace {

constexpr int points = SixPoints::count, lanes = SixPoints::lanes;

/// As many numbers as a row has points.
struct alignas(64) Lanes {
  double of[lanes] = {};
};

double product(const std::array<double, lanes>& weights, const Lanes& row) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < lanes; ++i) sum += weights[i] * row.of[i];
  return sum;
}

/// Planes of a stencil and rows of a plane.
template <int N>
constexpr int planes = N > 2 ? points : 1;
template <int N>
constexpr int rows = N > 1 ? points : 1;

/// Where a plane begins, its weights for a value and for the slope along z.
template <int N>
struct Plane {
  std::int64_t first;
  double value = 1.0, slope = 0.0;
  std::int64_t row = 0;  ///< distance of rows

  Plane(const SixPointStencil<N>& stencil, const std::array<std::int64_t, N>& strides, int k) : first(stencil.first) {
    if constexpr (N > 1) row = strides[1];
    if constexpr (N > 2) {
      first += k * strides[2];
      value = stencil.weights[2].value[k];
      slope = stencil.weights[2].slope[k];
    }
  }
};

/// Weights of the rows of a plane for a value and for the slope along y.
template <int N>
struct RowWeights {
  double value[rows<N>], slope[rows<N>];

  explicit RowWeights(const SixPointStencil<N>& stencil) {
    for (int j = 0; j < rows<N>; ++j) {
      value[j] = slope[j] = 1.0;
      if constexpr (N > 1) {
        value[j] = stencil.weights[1].value[j];
        slope[j] = stencil.weights[1].slope[j];
      }
    }
  }
};

/// What the rows of a stencil sum up to, at each place along them: the value, its slopes in time, along y and z.
struct RowSums {
  Lanes value, rate, along_y, along_z;

  template <int N>
  double finish(const SixPointStencil<N>& stencil, double* gradient) const {
    const SixPoints& x = stencil.weights[0];
    gradient[0] = product(x.slope, value);
    if constexpr (N > 1) gradient[1] = product(x.value, along_y);
    if constexpr (N > 2) gradient[2] = product(x.value, along_z);
    return product(x.value, value);
  }
};

}  // namespace

namespace {

/// Coefficients of the polynomials that are 1 at one of the points and 0 at the others, by the power of r.
struct Coefficients {
  double of[points][lanes] = {};

  constexpr Coefficients() {
    for (int a = 0; a < points; ++a) {
      double product[points] = {1.0};  // of the distances from the other points
      double scale = 1.0;
      for (int b = 0; b < points; ++b) {
        if (b == a) continue;
        for (int power = points - 1; power >= 0; --power)
          product[power] = (power > 0 ? product[power - 1] : 0.0) - (b - SixPoints::before) * product[power];
        scale *= a - b;
      }
      for (int power = 0; power < points; ++power) of[power][a] = product[power] / scale;
    }
  }
};

}  // namespace

SixPoints::SixPoints(double r) {
  alignas(64) static constexpr Coefficients c;
#pragma omp simd
  for (int i = 0; i < lanes; ++i) {
    double v = c.of[points - 1][i], s = 0.0;
    for (int power = points - 2; power >= 0; --power) {
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

template <int N>
double SlabInterpolant<N>::operator()(const At& from, const At& at, At& gradient) const {
  const SixPointStencil<N> stencil(m_corner, m_strides, from, at);
  const RowWeights<N> weights(stencil);
  const CubicHermite t(at[0]);
  const double ra = m_duration * t.rate[0], rb = m_duration * t.rate[1];
  const double sa = m_duration * t.rate_slope[0], sb = m_duration * t.rate_slope[1];
  const SlabField& f = m_fields.front();
  RowSums sums;
  for (int k = 0; k < planes<N>; ++k) {
    const Plane<N> plane(stencil, m_strides, k);
#pragma omp simd
    for (int i = 0; i < lanes; ++i) {
      double value = 0.0, rate = 0.0, along_y = 0.0;
      for (int j = 0; j < rows<N>; ++j) {
        const std::int64_t p = plane.first + j * plane.row + i;
        const double now =
            t.value[0] * f.value[0][p] + ra * f.rate[0][p] + t.value[1] * f.value[1][p] + rb * f.rate[1][p];
        value += weights.value[j] * now;
        along_y += weights.slope[j] * now;
        rate += weights.value[j] * (t.value_slope[0] * f.value[0][p] + sa * f.rate[0][p] +
                                    t.value_slope[1] * f.value[1][p] + sb * f.rate[1][p]);
      }
      sums.value.of[i] += plane.value * value;
      sums.rate.of[i] += plane.value * rate;
      sums.along_y.of[i] += plane.value * along_y;
      sums.along_z.of[i] += plane.slope * value;
    }
  }
  gradient[0] = product(stencil.weights[0].value, sums.rate);
  return sums.finish(stencil, &gradient[1]) - m_level;
}

namespace {

/// A field at a time in a slab as a sum of arrays with weights; at an end of the slab of one, else of four.
template <std::size_t count>
struct TimeTerms {
  std::array<const double*, count> array;
  std::array<double, count> weight;
};

/// A field at a point of a stencil.
template <int N, std::size_t count>
double value_at(const SixPointStencil<N>& stencil, const RowWeights<N>& weights,
                const std::array<std::int64_t, N>& strides, const TimeTerms<count>& terms) {
  Lanes sums;
  for (int k = 0; k < planes<N>; ++k) {
    const Plane<N> plane(stencil, strides, k);
#pragma omp simd
    for (int i = 0; i < lanes; ++i) {
      double value = 0.0;
      for (int j = 0; j < rows<N>; ++j) {
        const std::int64_t p = plane.first + j * plane.row + i;
        double now = 0.0;
        for (std::size_t t = 0; t < count; ++t) now += terms.weight[t] * terms.array[t][p];
        value += weights.value[j] * now;
      }
      sums.of[i] += plane.value * value;
    }
  }
  return product(stencil.weights[0].value, sums);
}

}  // namespace

template <int N>
void SlabInterpolant<N>::values(const At& at, int skipped, double* values) const {
  const SixPointStencil<N> stencil(m_corner, m_strides, at, at);
  const RowWeights<N> weights(stencil);
  if (at[0] == 0.0 || at[0] == 1.0) {
    const std::size_t end = at[0] == 0.0 ? 0 : 1;
    for (int n = 0; n < fields() - skipped; ++n)
      values[n] = value_at<N>(stencil, weights, m_strides, TimeTerms<1>{{m_fields[n + skipped].value[end]}, {1.0}});
    return;
  }
  const CubicHermite t(at[0]);
  const std::array<double, 4> weight{t.value[0], t.value[1], m_duration * t.rate[0], m_duration * t.rate[1]};
  for (int n = 0; n < fields() - skipped; ++n) {
    const SlabField& f = m_fields[n + skipped];
    values[n] =
        value_at<N>(stencil, weights, m_strides, TimeTerms<4>{{f.value[0], f.value[1], f.rate[0], f.rate[1]}, weight});
  }
}

namespace {

/// Adds up the rows of one field at one time.
template <int N>
void add_rows(const SixPointStencil<N>& stencil, const std::array<std::int64_t, N>& strides, const double* field,
              RowSums& sums) {
  const RowWeights<N> weights(stencil);
  for (int k = 0; k < planes<N>; ++k) {
    const Plane<N> plane(stencil, strides, k);
#pragma omp simd
    for (int i = 0; i < lanes; ++i) {
      double value = 0.0, along_y = 0.0;
      for (int j = 0; j < rows<N>; ++j) {
        const double now = field[plane.first + j * plane.row + i];
        value += weights.value[j] * now;
        along_y += weights.slope[j] * now;
      }
      sums.value.of[i] += plane.value * value;
      sums.along_y.of[i] += plane.value * along_y;
      sums.along_z.of[i] += plane.slope * value;
    }
  }
}

}  // namespace

template <int N>
double SliceInterpolant<N>::operator()(const At& from, const At& at, At& gradient) const {
  const SixPointStencil<N> stencil(m_corner, m_strides, from, at);
  RowSums sums;
  add_rows<N>(stencil, m_strides, m_fields.front(), sums);
  return sums.finish(stencil, gradient.data()) - m_level;
}

template <int N>
void SliceInterpolant<N>::values(const At& at, int skipped, double* values) const {
  const SixPointStencil<N> stencil(m_corner, m_strides, at, at);
  for (std::size_t f = static_cast<std::size_t>(skipped); f < m_fields.size(); ++f) {
    RowSums sums;
    add_rows<N>(stencil, m_strides, m_fields[f], sums);
    values[f - static_cast<std::size_t>(skipped)] = product(stencil.weights[0].value, sums.value);
  }
}

template class SlabInterpolant<1>;
template class SlabInterpolant<2>;
template class SlabInterpolant<3>;
template class SliceInterpolant<1>;
template class SliceInterpolant<2>;
template class SliceInterpolant<3>;

}  // namespace ister::core::surface
