#pragma once
#include "physics/eos.hpp"

namespace ister::physics {

/// Continues an equation of state beyond its last known point (e1, p1, T1) so that p/e stays bounded and dp/de
/// continuous: with x = e/e1 below (x = e1/e above) that point
///     d ln p/d ln e = 1 + (G1 - 1) x,   G1 = (dp/de)_1 e1/p1,
/// so p/e tends to a constant within a few units of ln e. T follows from d ln T = dp/(e + p).
class Continuation {
 public:
  enum class Direction { below, above };

  Continuation(double log_e, const EosPoint& last, Direction direction);

  [[nodiscard]] EosPoint at(double log_e) const;

 private:
  [[nodiscard]] double ratio(double x) const;
  [[nodiscard]] double integral(double x) const;

  double m_log_e;
  EosPoint m_last;
  double m_sign;      ///< d ln x/d ln e
  double m_exponent;  ///< p/e = limit exp(exponent x)
  double m_limit;     ///< p/e far away
};

}  // namespace ister::physics
