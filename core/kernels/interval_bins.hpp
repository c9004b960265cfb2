#pragma once
#include <cstdint>
#include <cstring>

#include "core/kernels/interval.hpp"

namespace ister::core {

/// Disjoint intervals in equal bins of a part of the real line, at most one interval in a bin: a number is compared
/// with the one interval of its bin, however many there are.
class IntervalBins {
 public:
  static constexpr int bins = 16;

  /// Files the intervals for numbers within `domain`, a circle. Not usable afterwards where two of them meet in a bin.
  void build(const Interval& domain, const std::vector<Interval>& intervals) {
    m_domain = domain;
    m_scale = (bins - 1) / (domain.upper - domain.lower);
    m_offset = rounder - domain.lower * m_scale;
    std::fill_n(m_lower, bins, HUGE_VAL);
    std::fill_n(m_upper, bins, -HUGE_VAL);
    m_usable = true;
    // The bin of a number never decreases with the number, rounding included: so nothing falls beside these.
    for (const Interval& interval : intervals) {
      if (interval.upper < domain.lower || interval.lower > domain.upper) continue;
      const std::int64_t first = bin_of(std::max(interval.lower, domain.lower));
      const std::int64_t last = bin_of(std::min(interval.upper, domain.upper));
      for (std::int64_t b = first; b <= last; ++b) {
        m_usable = m_usable && m_lower[b] > m_upper[b];
        m_lower[b] = interval.lower;
        m_upper[b] = interval.upper;
      }
    }
  }

  [[nodiscard]] const Interval& domain() const { return m_domain; }
  [[nodiscard]] bool usable() const { return m_usable; }

  // The bin of x is in the low bits of the double fma(x, scale(), offset()), whose last place stands for one.
  [[nodiscard]] double scale() const { return m_scale; }
  [[nodiscard]] double offset() const { return m_offset; }
  /// The ends of the interval of each bin; lower > upper where there is none.
  [[nodiscard]] const double* lower() const { return m_lower; }
  [[nodiscard]] const double* upper() const { return m_upper; }

 private:
  static constexpr double rounder = 6755399441055744.0;  // 1.5 * 2^52

  [[nodiscard]] std::int64_t bin_of(double x) const {
    return static_cast<std::int64_t>(std::fma(x, m_scale, m_offset) - rounder);
  }

  Interval m_domain{HUGE_VAL, -HUGE_VAL};
  bool m_usable = false;
  double m_scale = 0, m_offset = 0;
  alignas(64) double m_lower[bins] = {}, m_upper[bins] = {};
};

}  // namespace ister::core
