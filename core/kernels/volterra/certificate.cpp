#include "core/kernels/volterra/certificate.hpp"

#include <algorithm>
#include <cmath>

namespace ister::core {

double beyond_noise(double sum, double count, double variance, double freedom) {
  return std::max(0.0, sum - count * variance * (1.0 + 5.0 * std::sqrt(2.0 / count + 2.0 / freedom)));
}

}  // namespace ister::core
