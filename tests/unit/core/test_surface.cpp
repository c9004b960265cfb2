#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/surface/cut_cell.hpp"
#include "core/surface/slab_interpolant.hpp"

namespace ister::tests {
namespace {

using namespace core::surface;

/// phi = 1 - sum ((x - centre)/axis)^2 in a cell of a box of cubes.
template <int D>
struct Ellipsoid {
  Point<D> centre, axis;
  double h = 1.0;
  Point<D> corner{};

  double operator()(const Point<D>& /*from*/, const Point<D>& at, Point<D>& gradient) const {
    double phi = 1.0;
    for (int d = 0; d < D; ++d) {
      const double x = corner[d] + h * at[d] - centre[d];
      phi -= x * x / (axis[d] * axis[d]);
      gradient[d] = -2.0 * h * x / (axis[d] * axis[d]);
    }
    return phi;
  }
};

/// What a surface and its inside sum up to.
template <int D>
struct Sums {
  Point<D> normal{};    ///< sum of dS
  double enclosed = 0;  ///< by the divergence of x/D
  double second = 0;    ///< by that of (x_0^3, 0, ..): 3 times the integral of x_0^2
  double inside = 0;    ///< volume of what is above
  double cells = 0;
};

template <int D>
void add_surface(const CutCell<D>& cell, const Ellipsoid<D>& phi, Sums<D>& sums) {
  for (const auto& piece : cell.surface())
    for (const auto& q : quadrature<D - 1>()) {
      const auto at = [&](int n) -> const Point<D>& { return cell.nodes()[piece[n]]; };
      const Point<D> n = normal<D>(q.template tangents<D>(at));
      Point<D> x;
      q.interpolate([&](int k) { return at(k).data(); }, D, x.data());
      for (int d = 0; d < D; ++d) {
        const double flux = q.weight * n[d] * std::pow(phi.h, D - 1);
        const double place = phi.corner[d] + phi.h * x[d];
        sums.normal[d] += flux;
        sums.enclosed += place * flux / D;
        if (d == 0) sums.second += place * place * place * flux / 3.0;
      }
    }
}

template <int D>
double volume_inside(const CutCell<D>& cell) {
  double sum = 0.0;
  if constexpr (D < 4)
    for (const auto& piece : cell.inside())
      for (const auto& q : quadrature<D>())
        sum += q.weight *
               volume<D>(q.template tangents<D>([&](int n) -> const Point<D>& { return cell.nodes()[piece[n]]; }));
  return sum;
}

/// Over a box of n cubes a side around the ellipsoid.
template <int D>
Sums<D> sums_of(Ellipsoid<D> phi, double half, int n) {
  phi.h = 2.0 * half / n;
  Sums<D> sums;
  CutCell<D> cell(false);
  const auto cells = static_cast<std::int64_t>(std::llround(std::pow(n, D)));
  for (std::int64_t c = 0; c < cells; ++c) {
    std::int64_t rest = c;
    for (int d = 0; d < D; ++d, rest /= n) phi.corner[d] = -half + phi.h * static_cast<double>(rest % n);
    std::array<double, 1 << D> corners;
    double least = 1.0;
    for (int k = 0; k < 1 << D; ++k) {
      Point<D> at, gradient;
      for (int d = 0; d < D; ++d) at[d] = k >> d & 1;
      corners[k] = phi(at, at, gradient);
      least = std::fmin(least, corners[k]);
    }
    if (!CutCell<D>::is_cut(corners)) {
      sums.inside += least > 0.0 ? std::pow(phi.h, D) : 0.0;
      continue;
    }
    sums.cells += 1.0;
    if constexpr (D > 1) {
      cell.cut_surface(corners, phi);
      add_surface(cell, phi, sums);
    }
    if (D == 4) continue;
    cell.cut_inside(corners, phi);
    sums.inside += volume_inside(cell) * std::pow(phi.h, D);
  }
  return sums;
}

/// Volume of the unit ball in D dimensions, times the axes.
template <int D>
double exact_volume(const Ellipsoid<D>& e) {
  double v = std::pow(M_PI, 0.5 * D) / std::tgamma(0.5 * D + 1.0);
  for (const double a : e.axis) v *= a;
  return v;
}

/// Of the square of the distance from the middle along the first direction.
template <int D>
double exact_second(const Ellipsoid<D>& e) {
  return exact_volume(e) * (e.axis[0] * e.axis[0] / (D + 2) + e.centre[0] * e.centre[0]);
}

/// The errors on n cells a side, root mean square over places of the middle on the grid.
template <int D>
std::array<double, 2> errors(Ellipsoid<D> e, int n, int places) {
  std::array<double, 2> sum{};
  for (int place = 0; place < places; ++place) {
    const Sums<D> s = sums_of(e, 1.3, n);
    for (const double component : s.normal) EXPECT_NEAR(component, 0.0, 1e-12) << n;
    sum[0] += std::pow(s.enclosed / exact_volume(e) - 1.0, 2);
    sum[1] += std::pow(s.second / exact_second(e) - 1.0, 2);
    for (int d = 0; d < D; ++d) e.centre[d] += 0.007 * (d + 1);
  }
  return {std::sqrt(sum[0] / places), std::sqrt(sum[1] / places)};
}

template <int D>
void expect_order_four(const Ellipsoid<D>& e, int coarse, int places, double most) {
  const auto low = errors(e, coarse, places), high = errors(e, 2 * coarse, places);
  for (std::size_t i = 0; i < low.size(); ++i) {
    EXPECT_GT(std::log2(low[i] / high[i]), 3.8) << i << ": " << low[i] << " " << high[i];
    EXPECT_LT(high[i], most) << i;
  }
}

TEST(Surface, OfAnEllipseIsOfOrderFour) { expect_order_four<2>({{0.013, -0.021}, {1.0, 0.7}}, 20, 16, 1e-6); }

TEST(Surface, OfAnEllipsoidIsOfOrderFour) {
  expect_order_four<3>({{0.013, -0.021, 0.034}, {1.0, 0.8, 0.9}}, 16, 2, 2e-6);
}

TEST(Surface, OfAnEllipsoidInFourDimensionsIsOfOrderFour) {
  expect_order_four<4>({{0.013, -0.021, 0.034, 0.017}, {1.0, 0.9, 1.1, 0.95}}, 6, 1, 1e-4);
}

TEST(Surface, EnclosesWhatIsInside) {
  const Ellipsoid<1> line{{0.013}, {0.81}};
  const Ellipsoid<2> disc{{0.013, -0.021}, {1.0, 0.7}};
  const Ellipsoid<3> ball{{0.013, -0.021, 0.034}, {1.0, 0.8, 0.9}};
  EXPECT_NEAR(sums_of(line, 1.3, 20).inside, 1.62, 1e-13);
  const Sums<2> two = sums_of(disc, 1.3, 20);
  EXPECT_NEAR(two.inside, two.enclosed, 1e-13);
  const Sums<3> three = sums_of(ball, 1.3, 16);
  EXPECT_NEAR(three.inside, three.enclosed, 1e-13);
}

/// The ends of direction 0 are surfaces of their own: what is summed up to a time does not depend on what follows.
TEST(Surface, HasNodesAtTheEndsOfItsFirstDirectionStay) {
  Ellipsoid<3> phi{{0.1, 0.4, 0.3}, {1.4, 0.9, 1.2}};
  CutCell<3> cell(true);
  std::array<double, 8> corners;
  for (int k = 0; k < 8; ++k) {
    Point<3> gradient;
    const Point<3> at{double(k & 1), double(k >> 1 & 1), double(k >> 2 & 1)};
    corners[k] = phi(at, at, gradient);
  }
  ASSERT_TRUE(CutCell<3>::is_cut(corners));
  cell.cut_surface(corners, phi);
  int at_ends = 0;
  for (const auto& piece : cell.surface())
    for (int i = 0, node = 3; i < 3; ++i)
      for (int j = i + 1; j < 3; ++j, ++node) {
        const auto time = [&](int n) { return cell.nodes()[piece[n]][0]; };
        if (time(i) != time(j) || (time(i) != 0.0 && time(i) != 1.0)) continue;
        EXPECT_EQ(time(node), time(i));
        ++at_ends;
      }
  EXPECT_GT(at_ends, 0);
}

/// The integral of a product of powers of the barycentric coordinates, the first of which are given.
template <int K>
double moment(const std::array<int, K + 1>& powers) {
  double sum = 0.0;
  for (const auto& q : quadrature<K>()) {
    double product = q.weight;
    for (int i = 0; i <= K; ++i) {
      double at = 0.0;  // the shape functions reproduce it
      for (int j = 0, node = K + 1; j <= K; ++j) {
        at += j == i ? q.shape[j] : 0.0;
        for (int k = j + 1; k <= K; ++k, ++node) at += (j == i || k == i) ? 0.5 * q.shape[node] : 0.0;
      }
      product *= std::pow(at, powers[i]);
    }
    sum += product;
  }
  return sum;
}

TEST(Surface, QuadraturesAreExactToDegreeFour) {  // prod powers! / (degree + K)!
  EXPECT_NEAR((moment<1>({0, 0})), 1.0, 1e-15);
  EXPECT_NEAR((moment<1>({2, 2})), 4.0 / 120.0, 1e-15);
  EXPECT_NEAR((moment<1>({5, 0})), 1.0 / 6.0, 1e-15);
  EXPECT_NEAR((moment<2>({0, 0, 0})), 0.5, 1e-15);
  EXPECT_NEAR((moment<2>({2, 1, 1})), 2.0 / 720.0, 1e-15);
  EXPECT_NEAR((moment<2>({4, 0, 0})), 24.0 / 720.0, 1e-15);
  EXPECT_NEAR((moment<3>({0, 0, 0, 0})), 1.0 / 6.0, 1e-15);
  EXPECT_NEAR((moment<3>({1, 1, 1, 1})), 1.0 / 5040.0, 1e-15);
  EXPECT_NEAR((moment<3>({3, 2, 0, 0})), 12.0 / 40320.0, 1e-15);
}

double polynomial(double t, const Point<3>& x) {
  return 1.0 + t * t * (t - 0.3) * (x[0] - 2.0 * x[1]) + std::pow(x[0], 5) * 1e-2 + x[1] * x[1] * x[2] +
         std::pow(x[2], 4) * std::pow(x[1], 5) * 1e-3;
}
double polynomial_rate(double t, const Point<3>& x) { return (3.0 * t * t - 0.6 * t) * (x[0] - 2.0 * x[1]); }

TEST(Surface, InterpolatesPolynomialsExactly) {
  constexpr int n = 8;
  constexpr double duration = 0.5;
  std::array<std::vector<double>, 2> value, rate;
  for (int end = 0; end < 2; ++end)
    for (int z = 0; z < n; ++z)
      for (int y = 0; y < n; ++y)
        for (int x = 0; x < n; ++x) {
          const Point<3> at{x - 3.0, y - 3.0, z - 3.0};
          value[end].push_back(polynomial(duration * end, at));
          rate[end].push_back(polynomial_rate(duration * end, at));
        }
  SlabField field;
  for (int end = 0; end < 2; ++end) {
    field.value[end] = value[end].data();
    field.rate[end] = rate[end].data();
  }
  SlabInterpolant<3> slab({field, field}, {1, n, n * n}, duration);
  slab.set_level(0.25);
  slab.move_to(3 + n * (3 + n * 3));
  const Point<4> at{0.3, 0.2, 0.9, 0.4};
  const Point<3> place{at[1], at[2], at[3]};
  const double exact = polynomial(duration * at[0], place), h = 1e-5;
  for (const Point<4>& from : {at, Point<4>{0.3, 1.0, 0.9, 1.0}}) {
    Point<4> gradient;
    EXPECT_NEAR(slab(from, at, gradient), exact - 0.25, 1e-12);
    EXPECT_NEAR(gradient[0], duration * polynomial_rate(duration * at[0], place), 1e-12);
    for (int d = 0; d < 3; ++d) {
      Point<3> up = place, down = place;
      up[d] += h;
      down[d] -= h;
      const double slope = (polynomial(duration * at[0], up) - polynomial(duration * at[0], down)) / (2.0 * h);
      EXPECT_NEAR(gradient[d + 1], slope, 1e-8) << d;
    }
  }
  double second = 0.0;
  slab.values(at, 1, &second);
  EXPECT_NEAR(second, exact, 1e-12);
  SliceInterpolant<3> end({value[1].data(), rate[1].data()}, {1, n, n * n});
  end.set_level(0.25);
  end.move_to(3 + n * (3 + n * 3));
  Point<3> slope;
  Point<4> gradient;
  const Point<4> last{1.0, at[1], at[2], at[3]};
  EXPECT_NEAR(end(place, place, slope), slab(last, last, gradient), 1e-13);
  for (int d = 0; d < 3; ++d) EXPECT_NEAR(slope[d], gradient[d + 1], 1e-12) << d;
  end.values(place, 1, &second);
  EXPECT_NEAR(second, polynomial_rate(duration, place), 1e-12);
}

/// The same integrals, whatever fills the rows up.
template <int K>
void expect_rows_of_quadrature() {
  const QuadratureRows<K> rows;
  for (int n = 0; n < rows.nodes; ++n) {
    double sum = 0.0, exact = 0.0;
    for (int q = 0; q < rows.lanes; ++q) sum += rows.weight[q] * rows.shape[n][q] * rows.slope[n][K - 1][q];
    for (const auto& q : quadrature<K>()) exact += q.weight * q.shape[n] * q.slope[n][K - 1];
    EXPECT_NEAR(sum, exact, 1e-15) << K << " " << n;
  }
}

TEST(Surface, QuadraturesAreTheSameInRows) {
  expect_rows_of_quadrature<1>();
  expect_rows_of_quadrature<2>();
  expect_rows_of_quadrature<3>();
}

}  // namespace
}  // namespace ister::tests
