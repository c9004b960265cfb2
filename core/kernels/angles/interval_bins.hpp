#pragma once
#include <cstdint>

#include "core/kernels/angles/interval.hpp"

namespace ister::core {

/// Disjoint intervals in equal bins of a part of the real line, at most one interval in a bin: a number is compared
/// with the one interval of its bin, however many there are.
class IntervalBins {
 public:
  static constexpr std::int64_t bins = 16;
  static constexpr double rounder = 0x1.8p52;  ///< whose last place stands for one, and is 0

  /// Files the intervals for numbers within `domain`, a circle: in bins of a width with which no two meet in a bin. Not
  /// usable afterwards where no width will do.
  void build(const Interval& domain, const std::vector<Interval>& intervals) {
    m_domain = domain;
    m_usable = false;
    for (double used = bins - 1.1; used > 0.5 * bins && !m_usable; used -= 0.3) {
      m_scale = used / (domain.upper - domain.lower);
      m_offset = rounder - std::nearbyint(domain.lower * m_scale);
      m_usable = file(intervals);
    }
  }

  /// What is in the bins for certain; somewhat more is.
  [[nodiscard]] const Interval& domain() const { return m_domain; }
  [[nodiscard]] bool usable() const { return m_usable; }

  /// The bin of x is fma(x, scale(), offset()) - rounder, and in the low bits of the fma.
  [[nodiscard]] double scale() const { return m_scale; }
  [[nodiscard]] double offset() const { return m_offset; }
  /// The ends of the interval of each bin; lower > upper where there is none.
  [[nodiscard]] const double* lower() const { return m_lower; }
  [[nodiscard]] const double* upper() const { return m_upper; }

 private:
  /// Whether no two met, and the bins hold the domain.
  bool file(const std::vector<Interval>& intervals) {
    std::fill_n(m_lower, bins, HUGE_VAL);
    std::fill_n(m_upper, bins, -HUGE_VAL);
    // The bin of a number never decreases with the number, rounding included: so nothing falls beside these.
    for (const Interval& interval : intervals) {
      const std::int64_t last = std::min(bin_of(interval.upper), bins - 1);
      for (std::int64_t b = std::max(bin_of(interval.lower), std::int64_t{0}); b <= last; ++b) {
        if (m_lower[b] <= m_upper[b]) return false;
        m_lower[b] = interval.lower;
        m_upper[b] = interval.upper;
      }
    }
    return bin_of(m_domain.lower) >= 0 && bin_of(m_domain.upper) < bins;
  }

  [[nodiscard]] std::int64_t bin_of(double x) const {
    return static_cast<std::int64_t>(std::fma(x, m_scale, m_offset) - rounder);
  }

  Interval m_domain{HUGE_VAL, -HUGE_VAL};
  bool m_usable = false;
  double m_scale = 0, m_offset = 0;
  alignas(64) double m_lower[bins] = {}, m_upper[bins] = {};
};

}  // namespace ister::core
