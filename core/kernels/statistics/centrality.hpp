#pragma once
#include <cstddef>
#include <vector>

namespace ister::core {

/// Where central events stand in a column that orders them.
enum class Central { large, small };

/// The centrality of each event in percent, 0 the most central: (r + 1/2)/N, r its rank among N events. Equal values
/// have the mean of their ranks. Values that are not finite have none: not a number, and not among the N.
std::vector<double> centralities(const std::vector<double>& values, Central central);

/// The events whose centrality is from `lower` on and below `upper`, in their order.
std::vector<std::size_t> events_between(const std::vector<double>& centralities, double lower, double upper);

}  // namespace ister::core
