#include "physics/eigensystem.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#define lapack_complex_double std::complex<double>
#define lapack_complex_float std::complex<float>
#include <lapacke.h>

#include "core/base/error.hpp"

namespace ister::physics {
namespace {

using Complex = std::complex<double>;

Complex inner(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  Complex sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::conj(a[i]) * b[i];
  return sum;
}

std::vector<Complex> product(const SquareMatrix<Complex>& matrix, const std::vector<Complex>& vector) {
  std::vector<Complex> result(vector.size());
  for (int row = 0; row < matrix.size; ++row)
    for (int column = 0; column < matrix.size; ++column) result[row] += matrix(row, column) * vector[column];
  return result;
}

/// Where l^H r is below it eigenvalues lie so close that the quotient gains nothing.
constexpr double separate = 1e-4;

}  // namespace

std::vector<Complex> eigenvalues(SquareMatrix<double> matrix) {
  const int n = matrix.size;
  std::vector<double> real(n), imaginary(n);
  const int status = LAPACKE_dgeev(LAPACK_COL_MAJOR, 'N', 'N', n, matrix.values.data(), n, real.data(),
                                   imaginary.data(), nullptr, 1, nullptr, 1);
  ISTER_REQUIRE(status == 0);
  std::vector<Complex> values;
  for (int i = 0; i < n; ++i) values.emplace_back(real[i], imaginary[i]);
  std::sort(values.begin(), values.end(), [](Complex a, Complex b) {
    return std::make_pair(a.real(), a.imag()) < std::make_pair(b.real(), b.imag());
  });
  return values;
}

std::vector<Eigenmode> eigenmodes(const SquareMatrix<Complex>& matrix) {
  const int n = matrix.size;
  std::vector<Complex> work = matrix.values, values(n), left(n * n), right(n * n);
  const int status =
      LAPACKE_zgeev(LAPACK_COL_MAJOR, 'V', 'V', n, work.data(), n, values.data(), left.data(), n, right.data(), n);
  ISTER_REQUIRE(status == 0);
  std::vector<Eigenmode> modes;
  for (int m = 0; m < n; ++m) {
    const auto of = [&](const std::vector<Complex>& all) {
      return std::vector<Complex>(all.begin() + n * m, all.begin() + n * (m + 1));
    };
    Eigenmode mode{values[m], of(left), of(right)};
    const Complex overlap = inner(mode.left, mode.right);
    if (std::abs(overlap) > separate) mode.value = inner(mode.left, product(matrix, mode.right)) / overlap;
    modes.push_back(std::move(mode));
  }
  return modes;
}

}  // namespace ister::physics
