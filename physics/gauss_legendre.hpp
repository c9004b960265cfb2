#pragma once
#include <vector>

namespace ister::physics {

/// Points and weights of integrals from 0 to 1.
struct QuadratureRule {
  std::vector<double> points, weights;
};

/// Gauss and Legendre's, exact for polynomials of degree 2 count - 1.
[[nodiscard]] QuadratureRule gauss_legendre(int count);

}  // namespace ister::physics
