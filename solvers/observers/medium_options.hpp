#pragma once
#include <vector>

namespace ister::solvers {

/// The observer of the medium on a coarser grid; off without a cadence.
struct MediumOptions {
  double every_time = 0.0;          ///< fm
  std::vector<int> every{1, 1, 1};  ///< points of the grid from one to the next, per direction; absent: 1

  [[nodiscard]] bool active() const { return every_time > 0.0; }
  [[nodiscard]] int stride(int direction) const {
    const auto d = static_cast<std::size_t>(direction);
    return d < every.size() ? every[d] : 1;
  }
};

}  // namespace ister::solvers
