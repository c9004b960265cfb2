#include "physics/interpolation.hpp"

#include <gsl/gsl_bspline.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_spline.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

namespace ister::physics {

namespace {

constexpr double pi = 3.14159265358979323846;

template <class T>
using Pointer = std::unique_ptr<T, void (*)(T*)>;

}  // namespace

Curve smooth_curve(const std::vector<double>& x, const std::vector<double>& y) {
  constexpr std::size_t order = 8;
  constexpr std::size_t half = order / 2;
  const std::size_t n = x.size();
  // Not-a-knot: the rows next to each end carry no knot, which leaves as many unknowns as rows.
  std::vector<double> knots(x.begin() + half, x.end() - half);
  knots.insert(knots.begin(), x.front());
  knots.push_back(x.back());
  const gsl_vector_const_view knot_view = gsl_vector_const_view_array(knots.data(), knots.size());
  const std::shared_ptr<gsl_bspline_workspace> basis(gsl_bspline_alloc(order, knots.size()), gsl_bspline_free);
  gsl_bspline_knots(&knot_view.vector, basis.get());

  // Collocation: a matrix of at most order - 1 diagonals on either side, in GSL's band storage.
  std::array<double, order> values{};
  gsl_vector_view nonzero = gsl_vector_view_array(values.data(), order);
  constexpr std::size_t band = order - 1;
  const Pointer<gsl_matrix> matrix(gsl_matrix_calloc(n, 3 * band + 1), gsl_matrix_free);
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t row = 0; row < n; ++row) {
    gsl_bspline_eval_nonzero(x[row], &nonzero.vector, &first, &last, basis.get());
    for (std::size_t column = first; column <= last; ++column) {
      gsl_matrix_set(matrix.get(), column, 2 * band + row - column, values[column - first]);
    }
  }
  const Pointer<gsl_vector_uint> pivots(gsl_vector_uint_alloc(n), gsl_vector_uint_free);
  gsl_linalg_LU_band_decomp(n, band, band, matrix.get(), pivots.get());
  std::vector<double> coefficients(n);
  gsl_vector_view solution = gsl_vector_view_array(coefficients.data(), n);
  const gsl_vector_const_view right_side = gsl_vector_const_view_array(y.data(), n);
  gsl_linalg_LU_band_solve(band, band, matrix.get(), pivots.get(), &right_side.vector, &solution.vector);

  return [basis, coefficients, first_x = x.front(), last_x = x.back()](double at) {
    std::array<double, order> values{};
    gsl_vector_view nonzero = gsl_vector_view_array(values.data(), order);
    std::size_t first = 0;
    std::size_t last = 0;
    gsl_bspline_eval_nonzero(std::clamp(at, first_x, last_x), &nonzero.vector, &first, &last, basis.get());
    return std::inner_product(values.begin(), values.end(), coefficients.begin() + first, 0.0);
  };
}

Curve monotone_curve(const std::vector<double>& x, const std::vector<double>& y) {
  const std::shared_ptr<gsl_spline> spline(gsl_spline_alloc(gsl_interp_steffen, x.size()), gsl_spline_free);
  gsl_spline_init(spline.get(), x.data(), y.data(), x.size());
  return [spline, first = x.front(), last = x.back()](double at) {
    return gsl_spline_eval(spline.get(), std::clamp(at, first, last), nullptr);
  };
}

std::vector<double> chebyshev_points(int n) {
  std::vector<double> points(n);
  for (int j = 0; j < n; ++j) points[j] = std::sin(pi * (2 * j - (n - 1)) / (2 * (n - 1)));
  return points;
}

Curve chebyshev_curve(double from, double to, const std::vector<double>& values) {
  const int n = static_cast<int>(values.size());
  return [=, points = chebyshev_points(n)](double at) {
    const double s = std::clamp(2.0 * (at - from) / (to - from) - 1.0, -1.0, 1.0);
    double above = 0.0, below = 0.0;  // the barycentric formula: weights +-1, half of that at the ends
    for (int j = 0; j < n; ++j) {
      if (s == points[j]) return values[j];
      const double weight = (j % 2 == 0 ? 1.0 : -1.0) * (j == 0 || j == n - 1 ? 0.5 : 1.0) / (s - points[j]);
      above += weight * values[j];
      below += weight;
    }
    return above / below;
  };
}

std::vector<double> polynomial_through(const std::vector<double>& values) {
  const int n = static_cast<int>(values.size());
  const std::vector<double> points = chebyshev_points(n);
  std::vector<long double> newton(values.begin(), values.end());
  for (int order = 1; order < n; ++order) {
    for (int j = n - 1; j >= order; --j) {
      newton[j] = (newton[j] - newton[j - 1]) / (static_cast<long double>(points[j]) - points[j - order]);
    }
  }
  std::vector<long double> monomial(n, 0.0L);
  for (int j = n - 1; j >= 0; --j) {  // monomial <- monomial * (s - s_j) + newton_j
    for (int k = n - 1; k > 0; --k) monomial[k] = monomial[k - 1] - points[j] * monomial[k];
    monomial[0] = newton[j] - points[j] * monomial[0];
  }
  return {monomial.begin(), monomial.end()};
}

}  // namespace ister::physics
