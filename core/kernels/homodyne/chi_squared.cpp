#include "core/kernels/homodyne/chi_squared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

constexpr std::int64_t block = 16384;

struct WeightedTerm {
  static KOKKOS_FORCEINLINE_FUNCTION double of(double observed, double expected, double sigma) {
    const double d = (observed - expected) / sigma;
    return d * d;
  }
};
struct PlainTerm {
  static KOKKOS_FORCEINLINE_FUNCTION double of(double observed, double expected, double /*unused*/) {
    return (observed - expected) * (observed - expected);
  }
};
struct PearsonTerm {
  static KOKKOS_FORCEINLINE_FUNCTION double of(double observed, double expected, double /*expected*/) {
    return (observed - expected) * (observed - expected) / expected;
  }
};

/// Two numbers a block: the sum, and the smallest divisor.
template <class Term>
struct SumBlock {
  const double *observed, *expected, *divisor;
  double* sums;
  std::int64_t count;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t b) const {
    const std::int64_t end = (b + 1) * block < count ? (b + 1) * block : count;
    double sum = 0.0, smallest = 1e300;
#pragma omp simd reduction(+ : sum) reduction(min : smallest)
    for (std::int64_t i = b * block; i < end; ++i) {
      sum += Term::of(observed[i], expected[i], divisor[i]);
      smallest = divisor[i] < smallest ? divisor[i] : smallest;
    }
    sums[2 * b] = sum;
    sums[2 * b + 1] = smallest;
  }
};

/// Throws for the first entry that is at fault, where there is one.
void explain(const char* name, const ChiSquared::Values& values, bool positive) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), values);
  for (std::size_t i = 0; i < host.size(); ++i)
    if (!std::isfinite(host(i)) || (positive && !(host(i) > 0.0)))
      throw InputError(fmt::format("chi-squared: {}[{}] = {} has to be a{} number", name, i, host(i),
                                   positive ? " positive" : " finite"));
}

}  // namespace

ChiSquared::ChiSquared(std::int64_t count)
    : m_count(count),
      m_blocks((count + block - 1) / block),
      m_sums("chi-squared", static_cast<std::size_t>(2 * m_blocks)) {
  m_sums_h = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_sums);
}

void ChiSquared::check_size(const char* name, const Values& values) const {
  if (static_cast<std::int64_t>(values.size()) != m_count)
    throw InputError(
        fmt::format("chi-squared: {} values of {} where there have to be {}", values.size(), name, m_count));
}

template <class Term>
double ChiSquared::sum(const char* divisor_name, const Values& observed, const Values& expected,
                       const Values& divisor) {
  check_size("observed", observed);
  check_size("expected", expected);
  check_size(divisor_name, divisor);
  Kokkos::parallel_for("chi-squared", Kokkos::RangePolicy<Execution>(execution(), 0, m_blocks),
                       SumBlock<Term>{observed.data(), expected.data(), divisor.data(), m_sums.data(), m_count});
  copy(m_sums_h, m_sums);
  constexpr bool divides = !std::is_same_v<Term, PlainTerm>;
  double total = 0.0, smallest = 1.0;
  for (std::int64_t b = 0; b < m_blocks; ++b) {
    total += m_sums_h(static_cast<std::size_t>(2 * b));
    smallest = std::min(smallest, m_sums_h(static_cast<std::size_t>(2 * b + 1)));
  }
  if (!std::isfinite(total) || (divides && !(smallest > 0.0))) {
    explain(divisor_name, divisor, divides);
    explain("observed", observed, false);
    explain("expected", expected, false);
    throw InputError(fmt::format("chi-squared: the sum is {}: the values are too large for their errors", total));
  }
  return total;
}

double ChiSquared::operator()(const Values& observed, const Values& expected, const Values& sigma) {
  return sum<WeightedTerm>("sigma", observed, expected, sigma);
}

double ChiSquared::operator()(const Values& observed, const Values& expected, double sigma) {
  if (!(sigma > 0.0) || !std::isfinite(sigma))
    throw InputError(fmt::format("chi-squared: sigma = {} has to be a positive number", sigma));
  return sum<PlainTerm>("expected", observed, expected, expected) / (sigma * sigma);
}

double ChiSquared::pearson(const Values& observed, const Values& expected) {
  return sum<PearsonTerm>("expected", observed, expected, expected);
}

}  // namespace ister::core
