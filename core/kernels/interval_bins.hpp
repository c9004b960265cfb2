#pragma once
#include <cstdint>
#include <cstring>

#include "core/kernels/interval.hpp"

namespace ister::core {

/// Disjoint intervals in equal bins of a part of the real line, at most one interval in a bin: a number is compared
/// with the one interval of its bin, however many there are.
class IntervalBins {
 public:
  static constexpr std::int64_t bins = 16;
  static constexpr double rounder = 0x1.8p52;  ///< whose last place stands for one, and is 0

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
      const std::int64_t last = std::min(bin_of(interval.upper), bins - 1);
      for (std::int64_t b = std::max(bin_of(interval.lower), std::int64_t{0}); b <= last; ++b) {
        m_usable = m_usable && m_lower[b] > m_upper[b];
        m_lower[b] = interval.lower;
        m_upper[b] = interval.upper;
      }
    }
  }

  /// What is in bins whatever the rounding; somewhat more is.
  [[nodiscard]] const Interval& domain() const { return m_domain; }
  [[nodiscard]] bool usable() const { return m_usable; }

  /// The bin of x is fma(x, scale(), offset()) - rounder, and in the low bits of the fma.
  [[nodiscard]] double scale() const { return m_scale; }
  [[nodiscard]] double offset() const { return m_offset; }
  /// The ends of the interval of each bin; lower > upper where there is none.
  [[nodiscard]] const double* lower() const { return m_lower; }
  [[nodiscard]] const double* upper() const { return m_upper; }

 private:
  [[nodiscard]] std::int64_t bin_of(double x) const {
    return static_cast<std::int64_t>(std::fma(x, m_scale, m_offset) - rounder);
  }

  Interval m_domain{HUGE_VAL, -HUGE_VAL};
  bool m_usable = false;
  double m_scale = 0, m_offset = 0;
  alignas(64) double m_lower[bins] = {}, m_upper[bins] = {};
};

}  // namespace ister::core
