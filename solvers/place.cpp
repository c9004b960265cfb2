#include "solvers/place.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace ister::solvers {

std::string place(const core::Grid& grid, const core::Box& box, std::size_t local) {
  auto rest = static_cast<std::int64_t>(local);
  std::vector<std::int64_t> index;
  std::vector<double> coordinate;
  for (int d = 0; d < grid.dimensions; ++d) {
    index.push_back(box.offset[d] + rest % box.count[d]);
    coordinate.push_back(grid.coordinate(d, index.back()));
    rest /= box.count[d];
  }
  return fmt::format("point ({}) at ({:.6g})", fmt::join(index, ", "), fmt::join(coordinate, ", "));
}

}  // namespace ister::solvers
