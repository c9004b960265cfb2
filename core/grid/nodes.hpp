#pragma once

namespace ister::core {

/// Evenly spaced places along a direction, first + i step; a single one stands for a direction along which nothing
/// changes. A step of 0 with several nodes: not known yet.
struct Nodes {
  int count = 1;
  double first = 0.0, step = 0.0;

  [[nodiscard]] double at(int i) const { return first + i * step; }
  [[nodiscard]] double last() const { return at(count - 1); }
};

/// (i - (n-1)/2) step
inline Nodes centred_nodes(int count, double step) { return {count, -0.5 * (count - 1) * step, step}; }

}  // namespace ister::core
