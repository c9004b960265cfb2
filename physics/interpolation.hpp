#pragma once
#include <functional>
#include <vector>

/// Interpolation on the host, for tables that are resampled once before a run.
namespace ister::physics {

using Curve = std::function<double(double)>;

/// The spline of degree 7 through (x_i, y_i), six times continuously differentiable, without end conditions (not a
/// knot). x increases; at least 8 points. Beyond the ends the nearest value holds.
[[nodiscard]] Curve smooth_curve(const std::vector<double>& x, const std::vector<double>& y);

/// Steffen's cubic (Astron. Astrophys. 239 (1990) 443), monotone between neighbouring points: never overshoots.
/// At least 3 points; beyond the ends the nearest value holds.
[[nodiscard]] Curve monotone_curve(const std::vector<double>& x, const std::vector<double>& y);

/// The polynomial through values given at the Chebyshev points (see below) of an interval, stable at any degree.
/// Outside of the interval the nearest end holds.
[[nodiscard]] Curve chebyshev_curve(double from, double to, const std::vector<double>& values);

/// The n Chebyshev points s_j = -cos(pi j/(n - 1)), both ends among them.
[[nodiscard]] std::vector<double> chebyshev_points(int n);

/// The polynomial in s = -1 ... 1 through values given at chebyshev_points; its coefficients in ascending order.
[[nodiscard]] std::vector<double> polynomial_through(const std::vector<double>& values);

}  // namespace ister::physics
