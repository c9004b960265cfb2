#pragma once
#include <complex>
#include <vector>

namespace ister::physics {

/// A dense square matrix, column-major.
template <class Number>
struct SquareMatrix {
  explicit SquareMatrix(int n) : size(n), values(static_cast<std::size_t>(n) * n) {}
  [[nodiscard]] Number& operator()(int row, int column) {
    return values[row + static_cast<std::size_t>(size) * column];
  }
  [[nodiscard]] Number operator()(int row, int column) const {
    return values[row + static_cast<std::size_t>(size) * column];
  }
  int size;
  std::vector<Number> values;
};

/// B r = value r and l^H B = value l^H, the vectors of unit length.
struct Eigenmode {
  std::complex<double> value;
  std::vector<std::complex<double>> left, right;
};

/// All eigenvalues of a real matrix, by real part, then imaginary part.
[[nodiscard]] std::vector<std::complex<double>> eigenvalues(SquareMatrix<double> matrix);

/// All eigenmodes, in no order.
[[nodiscard]] std::vector<Eigenmode> eigenmodes(const SquareMatrix<std::complex<double>>& matrix);

}  // namespace ister::physics
