#include "core/kernels/statistics/centrality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ister::core {

std::vector<double> centralities(const std::vector<double>& values, Central central) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i])) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return central == Central::large ? values[a] > values[b] : values[a] < values[b];
  });
  std::vector<double> result(values.size(), std::numeric_limits<double>::quiet_NaN());
  const auto count = static_cast<double>(order.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t r = begin; r < end; ++r) result[order[r]] = 50.0 * static_cast<double>(begin + end) / count;
  }
  return result;
}

std::vector<std::size_t> events_between(const std::vector<double>& centralities, double lower, double upper) {
  std::vector<std::size_t> events;
  for (std::size_t i = 0; i < centralities.size(); ++i)
    if (centralities[i] >= lower && centralities[i] < upper) events.push_back(i);
  return events;
}

}  // namespace ister::core
