#pragma once
#include <cmath>

#include "core/base/simd_math.hpp"
#include "physics/polynomial.hpp"

/// Equations of state as pointwise functions of ln e (e in 1/fm^4). Plain values: copied into kernels.
namespace ister::physics {

struct EosPoint {
  double pressure_over_energy;
  double sound_speed_squared;  ///< dp/de, the exact derivative of the p(e) in use
  double temperature;          ///< 1/fm
};

/// p = cs2 e and e = a T^{(1+cs2)/cs2}; conformal matter is cs2 = 1/3.
struct PowerLawEos {
  double cs2;
  double log_a;

  using Position = double;
  [[nodiscard]] ISTER_INLINE Position locate(double log_e) const { return log_e; }
  [[nodiscard]] ISTER_INLINE EosPoint at(Position log_e) const {
    return {cs2, cs2, simd_exp((log_e - log_a) * (cs2 / (1.0 + cs2)))};
  }
  [[nodiscard]] double log_e_of_temperature(double temperature) const {
    return log_a + std::log(temperature) * (1.0 + cs2) / cs2;
  }
};

/// p/e and T as polynomials of ln e on the cells of a uniform grid; outside the grid the nearest end holds. The
/// coefficients belong to a FluidModel or to a copy of its table.
struct TableEos {
  static constexpr int ratio_terms = 7;
  static constexpr int temperature_terms = 6;
  static constexpr int size = ratio_terms + temperature_terms;  ///< coefficients per cell: of p/e, then of T

  const double* coefficients;
  double log_e_min;
  double inverse_step;
  int cells;
  int stride;  ///< coefficients from one cell to the next, at least `size`

  /// The first coefficient of a cell and the place in it, -1 to 1.
  struct Position {
    int first;
    double s;
  };

  /// Not a number lands in the first cell, never outside memory.
  [[nodiscard]] ISTER_INLINE Position locate(double log_e) const {
    double x = (log_e - log_e_min) * inverse_step;
    x = x > 0.0 ? x : 0.0;
    x = x < cells ? x : cells;
    int cell = static_cast<int>(x);
    cell = cell < cells ? cell : cells - 1;
    return {cell * stride, 2.0 * (x - cell) - 1.0};
  }

  [[nodiscard]] ISTER_INLINE EosPoint at(const Position& position) const {
    const ValueAndSlope ratio = polynomial_and_slope<ratio_terms>(coefficients, position.first, position.s);
    const double slope = 2.0 * inverse_step * ratio.slope;  // d(p/e)/d ln e = dp/de - p/e
    return {ratio.value, ratio.value + slope,
            polynomial<temperature_terms>(coefficients, position.first + ratio_terms, position.s)};
  }

  /// The inverse of T(e), on the host.
  [[nodiscard]] double log_e_of_temperature(double temperature) const {
    double low = log_e_min;
    double high = log_e_min + cells / inverse_step;
    for (int halving = 0; halving < 60; ++halving) {
      const double middle = 0.5 * (low + high);
      (at(locate(middle)).temperature < temperature ? low : high) = middle;
    }
    return 0.5 * (low + high);
  }
};

}  // namespace ister::physics
