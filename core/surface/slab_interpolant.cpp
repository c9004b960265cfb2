#include "core/surface/slab_interpolant.hpp"

namespace ister::core::surface {

SixPoints::SixPoints(double r) {
  constexpr double scale[count] = {-1.0 / 120.0, 1.0 / 24.0, -1.0 / 12.0, 1.0 / 12.0, -1.0 / 24.0, 1.0 / 120.0};
  // Products of all distances before and behind each point, with their derivatives.
  double before_value[count + 1] = {1.0}, before_slope[count + 1] = {0.0};
  for (int a = 0; a < count; ++a) {
    const double distance = r - (a - before);
    before_value[a + 1] = before_value[a] * distance;
    before_slope[a + 1] = before_slope[a] * distance + before_value[a];
  }
  double behind_value = 1.0, behind_slope = 0.0;
  for (int a = count - 1; a >= 0; --a) {
    value[a] = scale[a] * (before_value[a] * behind_value);
    slope[a] = scale[a] * (before_slope[a] * behind_value + before_value[a] * behind_slope);
    const double distance = r - (a - before);
    behind_slope = behind_slope * distance + behind_value;
    behind_value *= distance;
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
typename SlabInterpolant<N>::Stencil SlabInterpolant<N>::stencil(const At& from, const At& at) const {
  Stencil found{m_corner, {}};
  for (int d = 0; d < N; ++d) {
    const int next = from[d + 1] >= 1.0 ? 1 : 0;
    found.first += (next - SixPoints::before) * m_strides[d];
    found.at[d] = at[d + 1] - next;
  }
  return found;
}

namespace {

/// Calls use(offset of a row along x, weight of its value, weights of its slopes along the other directions).
template <int N, class Use>
void for_each_row(const std::array<std::int64_t, N>& strides, const std::array<SixPoints, N>& weights, const Use& use) {
  constexpr int rows = N > 1 ? SixPoints::count : 1, planes = N > 2 ? SixPoints::count : 1;
  for (int k = 0; k < planes; ++k)
    for (int j = 0; j < rows; ++j) {
      std::int64_t offset = 0;
      double value = 1.0, slope_y = 1.0, slope_z = 1.0;
      if constexpr (N > 1) {
        offset += j * strides[1];
        value *= weights[1].value[j];
        slope_y *= weights[1].slope[j];
        slope_z *= weights[1].value[j];
      }
      if constexpr (N > 2) {
        offset += k * strides[2];
        value *= weights[2].value[k];
        slope_y *= weights[2].value[k];
        slope_z *= weights[2].slope[k];
      }
      use(offset, value, slope_y, slope_z);
    }
}

template <int N>
std::array<SixPoints, N> space_weights(const std::array<double, N>& at) {
  if constexpr (N == 1)
    return {SixPoints(at[0])};
  else if constexpr (N == 2)
    return {SixPoints(at[0]), SixPoints(at[1])};
  else
    return {SixPoints(at[0]), SixPoints(at[1]), SixPoints(at[2])};
}

}  // namespace

template <int N>
double SlabInterpolant<N>::operator()(const At& from, const At& at, At& gradient) const {
  const Stencil place = stencil(from, at);
  const std::array<SixPoints, N> weights = space_weights<N>(place.at);
  const CubicHermite time(at[0]);
  const SlabField& f = m_fields.front();
  double result = 0.0;
  gradient = {};
  for_each_row<N>(m_strides, weights, [&](std::int64_t offset, double value, double slope_y, double slope_z) {
    const std::int64_t first = place.first + offset;
    double sum = 0.0, along = 0.0, rate = 0.0;
    for (int i = 0; i < SixPoints::count; ++i) {
      const std::int64_t p = first + i;
      const double a = f.value[0][p], b = f.value[1][p], ra = m_duration * f.rate[0][p], rb = m_duration * f.rate[1][p];
      const double now = time.value[0] * a + time.rate[0] * ra + time.value[1] * b + time.rate[1] * rb;
      sum += weights[0].value[i] * now;
      along += weights[0].slope[i] * now;
      rate += weights[0].value[i] *
              (time.value_slope[0] * a + time.rate_slope[0] * ra + time.value_slope[1] * b + time.rate_slope[1] * rb);
    }
    result += value * sum;
    gradient[0] += value * rate;
    gradient[1] += value * along;
    if constexpr (N > 1) gradient[2] += slope_y * sum;
    if constexpr (N > 2) gradient[3] += slope_z * sum;
  });
  return result - m_level;
}

template <int N>
void SlabInterpolant<N>::values(const At& at, int skipped, double* values) const {
  const Stencil place = stencil(at, at);
  const std::array<SixPoints, N> weights = space_weights<N>(place.at);
  const CubicHermite time(at[0]);
  const int count = fields() - skipped;
  for (int f = 0; f < count; ++f) values[f] = 0.0;
  for_each_row<N>(m_strides, weights, [&](std::int64_t offset, double value, double, double) {
    const std::int64_t first = place.first + offset;
    for (int f = 0; f < count; ++f) {
      const SlabField& field = m_fields[f + skipped];
      double sum = 0.0;
      for (int end = 0; end < 2; ++end)
        for (int i = 0; i < SixPoints::count; ++i)
          sum += weights[0].value[i] * (time.value[end] * field.value[end][first + i] +
                                        m_duration * time.rate[end] * field.rate[end][first + i]);
      values[f] += value * sum;
    }
  });
}

template class SlabInterpolant<1>;
template class SlabInterpolant<2>;
template class SlabInterpolant<3>;

}  // namespace ister::core::surface
