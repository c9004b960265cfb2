#include "solvers/initial/free_streaming.hpp"

#include <fmt/format.h>
#include <math.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/base/error.hpp"
#include "core/spectral/plane_transform.hpp"

namespace ister::solvers {
namespace {

using Complex = std::complex<double>;

constexpr int margin = 4, most_points = 16384;

/// Points of a side that has room for the way on both ends.
int padded_points(int points, double way) {
  const double needed = points + 2.0 * (std::ceil(way) + margin);
  if (!(needed <= most_points))
    throw InputError(
        fmt::format("free streaming over {:g} times the grid spacing: the map would have {:g} points a "
                    "side, at most {} are possible",
                    way, needed, most_points));
  return static_cast<int>(core::fast_length(static_cast<std::int64_t>(needed)));
}

/// A plane around another, with so many points before it.
struct Padding {
  TransverseGrid grid;
  int before_x, before_y;

  Padding(const TransverseGrid& inner, double duration) : grid(inner) {
    grid.nx = padded_points(inner.nx, duration / inner.dx);
    grid.ny = padded_points(inner.ny, duration / inner.dy);
    before_x = (grid.nx - inner.nx) / 2;
    before_y = (grid.ny - inner.ny) / 2;
    grid.first_x -= before_x * inner.dx;
    grid.first_y -= before_y * inner.dy;
  }
};

std::vector<double> padded_profile(const TransverseGrid& inner, const std::vector<double>& profile,
                                   const Padding& padding) {
  std::vector<double> values(padding.grid.size());
  for (int iy = 0; iy < inner.ny; ++iy)
    std::copy_n(profile.begin() + std::ptrdiff_t{iy} * inner.nx, inner.nx,
                values.begin() + std::ptrdiff_t{iy + padding.before_y} * padding.grid.nx + padding.before_x);
  return values;
}

/// a = k dtau along a direction, in FFTW's order; `odd` where functions odd in k want it: of the Nyquist mode, which is
/// as much one of -k, nothing.
struct Phases {
  std::vector<double> even, odd;

  Phases(int points, double spacing, double duration) {
    for (int i = 0; i < points; ++i) {
      const int number = 2 * i > points ? i - points : i;
      even.push_back(2.0 * M_PI * number / (points * spacing) * duration);
      odd.push_back(2 * i == points ? 0.0 : even.back());
    }
  }
};

/// J0(z), J1(z)/z and J2(z)/z^2 = (2 J1/z - J0)/z^2, whose differences cancel below z^2. j0 and j1 are POSIX's, exact
/// to 2e-16 in glibc; those of C++17 are in libstdc++ to 5e-13 and 90 times as slow, in libc++ not at all.
struct Bessel {
  double j0, j1_z, j2_z2;

  explicit Bessel(double z) : j0(::j0(z)) {
    const bool small = z < 1e-4;
    j1_z = small ? 0.5 - z * z / 16.0 : ::j1(z) / z;
    j2_z2 = small ? 0.125 - z * z / 96.0 : (2.0 * j1_z - j0) / (z * z);
  }
};

/// A mode of the profile on its way: with a = k dtau, z = |a|, averages over phi of exp(-i a.v) times
///     1 = J0,   v_i = -i a_i J1/z,   v_i v_j = delta_ij J1/z - a_i a_j J2/z^2.
struct Average {
  double tautau, taux, tauy, xx, xy, yy;  ///< taux, tauy: to be multiplied by -i
};

std::vector<Average> averages(const TransverseGrid& grid, int row_modes, double duration) {
  const Phases x(grid.nx, grid.dx, duration), y(grid.ny, grid.dy, duration);
  std::vector<Average> all;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < row_modes; ++ix) {
      const double ax = x.even[ix], ay = y.even[iy], odd_x = x.odd[ix], odd_y = y.odd[iy];
      const Bessel b(std::hypot(ax, ay));
      all.push_back({b.j0, odd_x * b.j1_z, odd_y * b.j1_z, b.j1_z - ax * ax * b.j2_z2, -odd_x * odd_y * b.j2_z2,
                     b.j1_z - ay * ay * b.j2_z2});
    }
  return all;
}

}  // namespace

StreamedPlane free_stream(const TransverseGrid& grid, const std::vector<double>& profile, double from, double to) {
  if (!(0 <= from && from <= to && 0 < to))
    throw InputError(
        fmt::format("free streaming from {:g} to {:g} fm: must end after it begins, at 0 or later", from, to));
  ISTER_REQUIRE(profile.size() == grid.size());
  const double duration = to - from;
  const Padding padding(grid, duration);
  const TransverseGrid& wide = padding.grid;
  core::PlaneTransform transform(wide.nx, wide.ny);
  const std::vector<Complex> modes = transform.forward(padded_profile(grid, profile, padding));
  const std::vector<Average> all = averages(wide, transform.row_modes(), duration);
  const double normalisation = 1.0 / (static_cast<double>(wide.size()) * to);
  const auto component = [&](double Average::*of, Complex phase) {
    std::vector<Complex> streamed(modes.size());
    for (std::size_t m = 0; m < modes.size(); ++m) streamed[m] = normalisation * (all[m].*of) * (phase * modes[m]);
    return transform.backward(streamed);
  };
  const Complex one = 1.0, minus_i = {0.0, -1.0};
  return {wide,
          component(&Average::tautau, one),
          component(&Average::taux, minus_i),
          component(&Average::tauy, minus_i),
          component(&Average::xx, one),
          component(&Average::xy, one),
          component(&Average::yy, one)};
}

}  // namespace ister::solvers
