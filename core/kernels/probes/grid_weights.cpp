#include "core/kernels/probes/grid_weights.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

/// At `nearest` + f, |f| <= 1/2, the periodic function that is 1 at `node` of `points` equally spaced points, 0 at the
/// others, and has the lowest frequencies: sin(n a/2) / (n sin(a/2)) with the angle a from the node, tan for an even n.
double cardinal_function(int points, std::int64_t nearest, double f, std::int64_t node) {
  std::int64_t distance = nearest - node;  // the shortest way round, on which a/2 is well conditioned
  if (2 * distance > points) distance -= points;
  if (2 * distance < -points) distance += points;
  if (f == 0) return distance == 0 ? 1.0 : 0.0;
  const double half = M_PI * (static_cast<double>(distance) + f) / points;
  const double sine = distance % 2 == 0 ? std::sin(M_PI * f) : -std::sin(M_PI * f);
  return sine / (points * (points % 2 == 1 ? std::sin(half) : std::tan(half)));
}

/// The value at f of the cubic that is 1 at `node` and 0 at the others of -1, 0, 1, 2.
double cubic_weight(int node, double f) {
  double weight = 1;
  for (int other = -1; other <= 2; ++other)
    if (other != node) weight *= (f - other) / (node - other);
  return weight;
}

}  // namespace

std::vector<GridWeight> grid_weights(const Grid& grid, int direction, double position,
                                     GridInterpolation interpolation) {
  if (direction >= grid.dimensions) return {{0, 1.0}};
  if (!std::isfinite(position)) throw InputError(fmt::format("a field has no value at position {}", position));
  const int points = grid.points[static_cast<std::size_t>(direction)];
  const double places = (position - grid.lower[static_cast<std::size_t>(direction)]) / grid.spacing(direction);
  const double place = places - points * std::floor(places / points);
  std::vector<GridWeight> result;
  if (interpolation == GridInterpolation::spectral) {
    const std::int64_t nearest = std::llround(place);
    const double f = place - static_cast<double>(nearest);
    for (std::int64_t i = 0; i < points; ++i) result.push_back({i, cardinal_function(points, nearest % points, f, i)});
  } else {
    const auto left = static_cast<std::int64_t>(place);
    const double f = place - static_cast<double>(left);
    for (int node = -1; node <= 2; ++node) result.push_back({(left + node + points) % points, cubic_weight(node, f)});
  }
  return result;
}

}  // namespace ister::core
