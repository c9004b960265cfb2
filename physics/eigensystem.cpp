#include "physics/eigensystem.hpp"

#include <algorithm>
#include <utility>
#define lapack_complex_double std::complex<double>
#define lapack_complex_float std::complex<float>
#include <lapacke.h>

#include "core/base/error.hpp"

namespace ister::physics {

using Complex = std::complex<double>;

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
    modes.push_back({values[m], of(left), of(right)});
  }
  return modes;
}

}  // namespace ister::physics
