#pragma once
#include <cstdint>

#include "core/parallel/execution.hpp"

namespace ister::core {

/// Sums over points at the speed of memory, in blocks of fixed size whose order does not depend on the number of
/// threads. Summing allocates nothing. For programs that use the library; fits sum in core::Homodyne.
class ChiSquared {
 public:
  using Values = Kokkos::View<const double*, Memory>;

  /// For arrays of `count` points.
  explicit ChiSquared(std::int64_t count);

  /// sum ((observed - expected)/sigma)^2. InputError for sizes that do not match, sigma not above 0, and for values
  /// that are not finite, with the index of the first.
  [[nodiscard]] double operator()(const Values& observed, const Values& expected, const Values& sigma);
  [[nodiscard]] double operator()(const Values& observed, const Values& expected, double sigma);
  /// Pearson's form for counts: sum (observed - expected)^2/expected, expected above 0.
  [[nodiscard]] double pearson(const Values& observed, const Values& expected);

 private:
  template <class Term>
  double sum(const char* divisor_name, const Values& observed, const Values& expected, const Values& divisor);
  void check_size(const char* name, const Values& values) const;

  std::int64_t m_count, m_blocks;
  DeviceArray m_sums;
  HostArray m_sums_h;
};

}  // namespace ister::core
