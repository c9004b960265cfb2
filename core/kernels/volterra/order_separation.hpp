#pragma once
#include <cstdint>
#include <vector>

namespace ister::core {

/// `count` amplitudes up to `largest` whose squares are Chebyshev nodes, ascending from index 0 on; used with both
/// signs.
std::vector<double> amplitude_levels(int count, double largest);

/// Responses to an input scaled by +a and -a for several levels a are polynomials in the amplitude,
/// y(a) = sum_p a^p z_p, p = 0 .. orders. Sums and differences of the signs separate even from odd orders, least
/// squares with a column-scaled Vandermonde matrix the orders of each: z_p = sum_l w_pl y_l.
class OrderSeparation {
 public:
  /// InputError where levels are not positive and different, or fewer than orders / 2 + 1.
  OrderSeparation(const std::vector<double>& levels, int orders);

  /// The weights of order p: of all +a, then of all -a.
  [[nodiscard]] const std::vector<double>& weights(int order) const { return m_weights[order]; }
  /// Variance of z_p where every y has the variance 1.
  [[nodiscard]] double gain(int order) const;

 private:
  std::vector<std::vector<double>> m_weights;
};

}  // namespace ister::core
