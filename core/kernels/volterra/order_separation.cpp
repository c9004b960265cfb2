#include "core/kernels/volterra/order_separation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/kernels/volterra/pseudo_inverse.hpp"

namespace ister::core {

std::vector<double> amplitude_levels(int count, double largest) {
  std::vector<double> levels(static_cast<std::size_t>(count));
  const auto node = [&](int i) { return std::sqrt(0.5 - 0.5 * std::cos((2 * i + 1) * std::acos(-1.0) / (2 * count))); };
  for (int i = 0; i < count; ++i) levels[i] = largest * node(i) / node(count - 1);
  return levels;
}

OrderSeparation::OrderSeparation(const std::vector<double>& levels, int orders) : m_weights(orders + 1) {
  const std::size_t count = levels.size();
  if (orders < 1 || static_cast<int>(count) < orders / 2 + 1)
    throw InputError(fmt::format("{} amplitude levels do not separate {} orders; {} are needed", count, orders,
                                 std::max(orders, 1) / 2 + 1));
  std::vector<double> sorted = levels;
  std::sort(sorted.begin(), sorted.end());
  if (!(sorted.front() > 0) || std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    throw InputError(fmt::format("amplitude levels {} are not positive and different", fmt::join(levels, ", ")));
  const double largest = sorted.back();
  for (const int parity : {0, 1}) {
    const int columns = (orders - parity) / 2 + 1;
    std::vector<double> vandermonde;
    for (const double level : levels)
      for (int c = 0; c < columns; ++c) vandermonde.push_back(std::pow(level / largest, parity + 2 * c));
    const std::vector<double> inverse = pseudo_inverse(vandermonde, static_cast<int>(count), columns);
    for (int c = 0; c < columns; ++c) {
      const int order = parity + 2 * c;
      for (const double sign : {1.0, parity == 0 ? 1.0 : -1.0})
        for (std::size_t l = 0; l < count; ++l)
          m_weights[order].push_back(0.5 * sign * inverse[c * count + l] / std::pow(largest, order));
    }
  }
}

double OrderSeparation::gain(int order) const {
  double sum = 0.0;
  for (const double w : m_weights[order]) sum += w * w;
  return sum;
}

}  // namespace ister::core
