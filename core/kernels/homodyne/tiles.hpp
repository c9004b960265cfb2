#pragma once
#include "core/kernels/homodyne/factors.hpp"
#include "core/kernels/homodyne/sincos.hpp"

/// The passes over tiles of pairs of frames. In a tile (I, J) with I < J differences are taken by way of the first
/// frame of J, which lies between t1 and t2: both parts have the same sign, so exp(-k(S_j - S_i)) is a product of two
/// factors below 1 and sin(a(G_j - G_i)) a sum of products without cancellation. Tiles (I, I) use the differences
/// themselves.
namespace ister::core::detail {

/// The data, and the place of a tile.
struct HomodyneTiles {
  HomodyneShape shape;
  const double *values, *scales;  ///< [angle][tile][t1][t2]; scales null: 1
  double decay;

  struct Place {
    std::int64_t i, j;  ///< blocks
    int angle;
    std::int64_t offset;  ///< of the data
  };
  [[nodiscard]] KOKKOS_FUNCTION Place place(std::int64_t index) const {
    const std::int64_t tile = index % shape.tiles();
    std::int64_t i = 0, end = shape.blocks;  // the row of tiles, by bisection
    while (end - i > 1) {
      const std::int64_t middle = (i + end) / 2;
      (shape.tile(middle, middle) <= tile ? i : end) = middle;
    }
    return {i, i + tile - shape.tile(i, i), static_cast<int>(index / shape.tiles()), index * homodyne_tile};
  }
  [[nodiscard]] KOKKOS_FUNCTION int frames_in(std::int64_t block) const {
    const std::int64_t left = shape.frames - block * homodyne_block;
    return static_cast<int>(left < homodyne_block ? left : homodyne_block);
  }
};

/// Added to angles and sines, so that sinc(0) = 1 needs no branch.
inline constexpr double homodyne_tiny = 1e-300;

/// Factors of the frames t1 of a tile (I, J), I < J, relative to the first frame of J.
struct HomodyneRows {
  double exponential[homodyne_block], sine[homodyne_block], cosine[homodyne_block], phase[homodyne_block];

  KOKKOS_INLINE_FUNCTION HomodyneRows(const HomodyneRecord& record, const HomodyneTiles::Place& place, double decay) {
    const HomodyneRecord::Angle angle = record.angle(place.angle);
    const HomodyneGrowth s = record.growth(0, 0), g = record.growth(1, 0);
    const double rate = angle.origin[0], gap = g.at[place.j] - g.at[place.i + 1];
    const double fade = simd_exp(-decay * (s.at[place.j] - s.at[place.i + 1]));
    const SineCosine turn = sincos(rate * gap);
    const std::int64_t first = place.i * homodyne_block;
    const double *left = g.left + first, *exp_left = record.exp_left() + first;
    const double *sine_left = angle.sine_left + first, *cosine_left = angle.cosine_left + first;
#pragma omp simd
    for (int i = 0; i < homodyne_block; ++i) {
      exponential[i] = exp_left[i] * fade;
      sine[i] = sine_left[i] * turn.cosine + cosine_left[i] * turn.sine + homodyne_tiny;
      cosine[i] = cosine_left[i] * turn.cosine - sine_left[i] * turn.sine;
      phase[i] = rate * (gap + left[i]) + homodyne_tiny;
    }
  }
};

/// Below, series replace differences that would cancel.
inline constexpr double small_angle_squared = 1e-3;

/// sine/x of x whose sine carries a rounding error of 1.
ISTER_INLINE double sinc_of(double x, double sine) {
  const double z = x * x;
  const double series = 1.0 - z * (1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0)));
  return z < small_angle_squared ? series : sine / x;
}

/// d sinc/dx of x = angle with sinc = sine/x: by its series where the difference cancels.
ISTER_INLINE double sinc_slope(double x, double sinc, double cosine) {
  const double z = x * x;
  const double series = x * (z * (1.0 / 30.0 - z * (1.0 / 840.0)) - 1.0 / 3.0);
  return z < small_angle_squared ? series : (cosine - sinc) / x;
}

/// |g1|^2 and, where wanted, its derivative by the angle in the sinc, from an exponential, sinc and cosine.
template <int Power>
ISTER_INLINE double g1_squared(double exponential, double sinc) {
  const double square = sinc * sinc;
  return exponential * (Power == 4 ? square * square : square);
}
template <int Power>
ISTER_INLINE double g1_squared_slope(double exponential, double x, double sinc, double cosine) {
  return exponential * (Power == 4 ? 4.0 * sinc * sinc * sinc : 2.0 * sinc) * sinc_slope(x, sinc, cosine);
}

/// Fills `model` and, where Slopes, `slope` for `count` frames t1 from `first` on, all frames t2 of the tile for each;
/// entries that are no pairs of frames hold finite numbers without a meaning.
template <int Power, bool Slopes>
KOKKOS_INLINE_FUNCTION void evaluate_rows(const HomodyneRecord& record, const HomodyneTiles::Place& place, double decay,
                                          int first, int count, double* model, double* slope) {
  const HomodyneRecord::Angle angle = record.angle(place.angle);
  const std::int64_t column = place.j * homodyne_block;
  const double rate = angle.origin[0];
  const double *s = record.growth(0, 0).right + column, *g = record.growth(1, 0).right + column;
  const double *exp_right = record.exp_right() + column, *sine_right = angle.sine_right + column,
               *cosine_right = angle.cosine_right + column;
  if (place.i == place.j) {
    for (int i = 0; i < count; ++i) {
      const int k = first + i;
      double *row = model + i * homodyne_block, *slopes = slope + (Slopes ? i * homodyne_block : 0);
#pragma omp simd
      for (int j = k / 8 * 8; j < homodyne_block; ++j) {
        const double x = rate * (g[j] - g[k]), e = simd_exp(-decay * (s[j] - s[k]));
        const double sinc = sinc_of(x, sine_right[j] * cosine_right[k] - cosine_right[j] * sine_right[k]);
        row[j] = g1_squared<Power>(e, sinc);
        if constexpr (Slopes) {
          const double cosine = cosine_right[j] * cosine_right[k] + sine_right[j] * sine_right[k];
          slopes[j] = g1_squared_slope<Power>(e, x, sinc, cosine);
        }
      }
    }
    return;
  }
  const HomodyneRows rows(record, place, decay);
  for (int i = 0; i < count; ++i) {
    const int k = first + i;
    double *row = model + i * homodyne_block, *slopes = slope + (Slopes ? i * homodyne_block : 0);
#pragma omp simd
    for (int j = 0; j < homodyne_block; ++j) {
      const double x = rate * g[j] + rows.phase[k], e = exp_right[j] * rows.exponential[k];
      const double sinc = (sine_right[j] * rows.cosine[k] + cosine_right[j] * rows.sine[k]) / x;
      row[j] = g1_squared<Power>(e, sinc);
      if constexpr (Slopes) {
        const double cosine = cosine_right[j] * rows.cosine[k] - sine_right[j] * rows.sine[k];
        slopes[j] = g1_squared_slope<Power>(e, x, sinc, cosine);
      }
    }
  }
}

/// Sums over the pairs of a tile, weighted by 1/sigma^2, of u, u^2, u r and r^2 with u = |g1|^2 - its origin and
/// r = value - contrast origin * u, for every model, while the tile is in cache.
template <int Power, bool PerPoint>
struct HomodyneSums {
  static constexpr int count = 4;
  HomodyneTiles tiles;
  double* records;
  double* sums;  ///< [model][angle][tile][count]
  std::int64_t models;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t index) const {
    const HomodyneTiles::Place place = tiles.place(index);
    for (std::int64_t m = 0; m < models; ++m) {
      const HomodyneRecord record{tiles.shape, records + m * HomodyneRecord::size(tiles.shape)};
      double* out = sums + (m * tiles.shape.angles * tiles.shape.tiles() + index) * count;
      if (place.i == place.j)
        within_block(record, place, out);
      else
        between_blocks(record, place, out);
    }
  }

 private:
  KOKKOS_INLINE_FUNCTION void within_block(const HomodyneRecord& record, const HomodyneTiles::Place& place,
                                           double* out) const {
    const double *origin = record.angle(place.angle).origin, model_origin = origin[1], contrast = origin[2];
    const double *values = tiles.values + place.offset, *scales = PerPoint ? tiles.scales + place.offset : nullptr;
    const int frames = tiles.frames_in(place.i);
    double model[homodyne_tile] = {};
    evaluate_rows<Power, false>(record, place, tiles.decay, 0, frames, model, nullptr);
    double su = 0.0, suu = 0.0, sur = 0.0, srr = 0.0;
    for (int start = 0; start < frames; start += 8)
#pragma omp simd reduction(+ : su, suu, sur, srr)
      for (int j = start; j < start + 8; ++j)
        for (int i = 0; i < start + 7; ++i) {
          const bool used = i < j && j < frames;
          const int k = i * homodyne_block + j;
          const double scale = PerPoint ? scales[k] : 1.0;
          const double u = used ? scale * (model[k] - model_origin) : 0.0;
          const double r = (used ? scale * values[k] : 0.0) - contrast * u;
          su += PerPoint ? scale * u : u;
          suu += u * u;
          sur += u * r;
          srr += r * r;
        }
    out[0] = su, out[1] = suu, out[2] = sur, out[3] = srr;
  }

  KOKKOS_INLINE_FUNCTION void between_blocks(const HomodyneRecord& record, const HomodyneTiles::Place& place,
                                             double* out) const {
    const HomodyneRecord::Angle angle = record.angle(place.angle);
    const double rate = angle.origin[0], model_origin = angle.origin[1], contrast = angle.origin[2];
    const std::int64_t column = place.j * homodyne_block;
    const double *values = tiles.values + place.offset, *scales = PerPoint ? tiles.scales + place.offset : nullptr;
    const double *g = record.growth(1, 0).right + column, *exp_right = record.exp_right() + column,
                 *sine_right = angle.sine_right + column, *cosine_right = angle.cosine_right + column;
    const HomodyneRows rows(record, place, tiles.decay);
    const int columns = tiles.frames_in(place.j);
    double su = 0.0, suu = 0.0, sur = 0.0, srr = 0.0;
    // Vectors along t2 whose factors and sums stay in registers while t1 runs.
#pragma omp simd reduction(+ : su, suu, sur, srr)
    for (int j = 0; j < columns; ++j)
      for (int i = 0; i < homodyne_block; ++i) {
        const double sine = sine_right[j] * rows.cosine[i] + cosine_right[j] * rows.sine[i];
        const double sinc = sine / (rate * g[j] + rows.phase[i]);
        const double model = g1_squared<Power>(exp_right[j] * rows.exponential[i], sinc);
        const int k = i * homodyne_block + j;
        const double scale = PerPoint ? scales[k] : 1.0;
        const double u = PerPoint ? scale * (model - model_origin) : model - model_origin;
        const double r = (PerPoint ? scale * values[k] : values[k]) - contrast * u;
        su += PerPoint ? scale * u : u;
        suu += u * u;
        sur += u * r;
        srr += r * r;
      }
    out[0] = su, out[1] = suu, out[2] = sur, out[3] = srr;
  }
};

/// Gram matrix, weighted by 1/sigma^2, of the columns 1, u, r as in HomodyneSums, and |g1|^2 differentiated:
/// |g1|^2 (dS_j - dS_i) for the three derivatives of S, slope (dG_j - dG_i) for those of G. Upper triangle, row by row.
template <int Power, bool PerPoint>
struct HomodyneGram {
  static constexpr int columns = 9, count = columns * (columns + 1) / 2;
  static constexpr int panel_rows = 8, panel = panel_rows * homodyne_block;  ///< points at a time, in first-level cache
  HomodyneTiles tiles;
  double* records;
  double* sums;  ///< [model][angle][tile][count]
  std::int64_t models;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t index) const {
    const HomodyneTiles::Place place = tiles.place(index);
    double points[columns][panel];
    for (std::int64_t m = 0; m < models; ++m) {
      const HomodyneRecord record{tiles.shape, records + m * HomodyneRecord::size(tiles.shape)};
      double* out = sums + (m * tiles.shape.angles * tiles.shape.tiles() + index) * count;
      for (int k = 0; k < count; ++k) out[k] = 0.0;
      const int rows = tiles.frames_in(place.i);
      for (int first = 0; first < rows; first += panel_rows) {
        const int some = rows - first < panel_rows ? rows - first : panel_rows;
        fill(record, place, first, some, points);
        add(points, some * homodyne_block, out);
      }
    }
  }

 private:
  KOKKOS_INLINE_FUNCTION void fill(const HomodyneRecord& record, const HomodyneTiles::Place& place, int first, int rows,
                                   double (&points)[columns][panel]) const {
    double model[panel] = {}, slope[panel] = {};
    evaluate_rows<Power, true>(record, place, tiles.decay, first, rows, model, slope);
    const double *origin = record.angle(place.angle).origin, model_origin = origin[1], contrast = origin[2];
    const bool within = place.i == place.j;
    const int last_column = tiles.frames_in(place.j);
    const std::int64_t row_start = place.i * homodyne_block + first, column = place.j * homodyne_block;
    for (int i = 0; i < rows; ++i) {
      const std::int64_t data = place.offset + (first + i) * homodyne_block;
      const int after = within ? first + i : -1;
#pragma omp simd
      for (int j = 0; j < homodyne_block; ++j) {
        const int k = i * homodyne_block + j;
        const bool used = j > after && j < last_column;
        const double scale = used ? (PerPoint ? tiles.scales[data + j] : 1.0) : 0.0;
        const double u = used ? scale * (model[k] - model_origin) : 0.0;
        points[0][k] = scale;
        points[1][k] = u;
        points[2][k] = scale * tiles.values[data + j] - contrast * u;
      }
      for (int part = 0; part < 6; ++part) {
        const HomodyneGrowth growth = record.growth(part / 3, 1 + part % 3);
        const double* right = growth.right + column;
        const double* values = part < 3 ? model : slope;
        const double before = within ? -growth.right[row_start + i]
                                     : growth.at[place.j] - growth.at[place.i + 1] + growth.left[row_start + i];
#pragma omp simd
        for (int j = 0; j < homodyne_block; ++j) {
          const int k = i * homodyne_block + j;
          points[3 + part][k] = points[0][k] > 0.0 ? points[0][k] * values[k] * (right[j] + before) : 0.0;
        }
      }
    }
  }

  KOKKOS_INLINE_FUNCTION static void add(const double (&points)[columns][panel], int size, double* out) {
    for (int a = 0; a < columns; ++a)
      for (int b = a; b < columns; ++b, ++out) {
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (int k = 0; k < size; ++k) sum += points[a][k] * points[b][k];
        *out += sum;
      }
  }
};

}  // namespace ister::core::detail
