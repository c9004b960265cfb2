#pragma once
#include <string>
#include <utility>
#include <vector>

#include "drivers/analyze/ensemble_table.hpp"

namespace ister::drivers {

/// Events of a range of centrality.
struct EventClass {
  double lower = 0.0, upper = 100.0;  ///< percent
  std::vector<std::size_t> events;    ///< rows of the table
};

/// What an event weighs in averages of flow.
enum class EventWeight { multiplicity, unit };

/// Averages over the events of each class, a column for each and one `<name>_error` for its error from the jackknife; a
/// row for each class. Not a number where a class does not tell.
std::vector<io::NamedArray> class_averages(const EnsembleTable& table, const std::vector<EventClass>& classes,
                                           EventWeight weight);

}  // namespace ister::drivers
