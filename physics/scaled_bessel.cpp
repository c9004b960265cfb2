#include "physics/scaled_bessel.hpp"

#include <gsl/gsl_sf_bessel.h>

#include <array>
#include <cmath>
#include <vector>

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

ScaledBessel by_series(double x) { return {gsl_sf_bessel_K0_scaled(x), gsl_sf_bessel_K1_scaled(x)}; }

/// Chebyshev polynomials on eighths of the octaves of [1/64, 1024).
class Table {
 public:
  Table() {
    for (int octave = first; octave < last; ++octave)
      for (int part = 0; part < parts; ++part) m_pieces.push_back(piece(octave, part));
  }

  [[nodiscard]] static bool holds(double x) { return x >= std::ldexp(1.0, first) && x < std::ldexp(1.0, last); }

  [[nodiscard]] ScaledBessel at(double x) const {
    int exponent = 0;
    const double in_octave = (2.0 * std::frexp(x, &exponent) - 1.0) * parts;  // from 0 to parts
    const int part = static_cast<int>(in_octave);
    const Piece& c = m_pieces[static_cast<std::size_t>((exponent - 1 - first) * parts + part)];
    const double t = 2.0 * (in_octave - part) - 1.0;
    ScaledBessel b{0.0, 0.0}, before{0.0, 0.0};
    for (std::size_t j = terms - 1; j > 0; --j) {  // Clenshaw
      const ScaledBessel next{2.0 * t * b.k0 + (c[j].k0 - before.k0), 2.0 * t * b.k1 + (c[j].k1 - before.k1)};
      before = b;
      b = next;
    }
    return {t * b.k0 + (c[0].k0 - before.k0), t * b.k1 + (c[0].k1 - before.k1)};
  }

 private:
  static constexpr int first = -6, last = 10, parts = 8;
  static constexpr std::size_t terms = 9;
  using Piece = std::array<ScaledBessel, terms>;

  static Piece piece(int octave, int part) {
    Piece c{};
    for (std::size_t k = 0; k < terms; ++k) {
      const double angle = pi * (static_cast<double>(k) + 0.5) / terms, t = std::cos(angle);
      const ScaledBessel f = by_series(std::ldexp(1.0 + (part + 0.5 * (t + 1.0)) / parts, octave));
      for (std::size_t j = 0; j < terms; ++j) {
        const double weight = (j == 0 ? 1.0 : 2.0) / terms * std::cos(static_cast<double>(j) * angle);
        c[j].k0 += weight * f.k0;
        c[j].k1 += weight * f.k1;
      }
    }
    return c;
  }

  std::vector<Piece> m_pieces;
};

}  // namespace

ScaledBessel scaled_bessel(double x) {
  static const Table table;
  return Table::holds(x) ? table.at(x) : by_series(x);
}

}  // namespace ister::physics
