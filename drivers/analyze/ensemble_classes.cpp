#include "drivers/analyze/ensemble_classes.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ister::drivers {
namespace {

using core::Estimate;
using core::FlowVector;

struct Average {
  std::string name;
  Estimate estimate;
  std::string units = {};
};

/// The averages of one class, in the order in which they are added.
class ClassAverages {
 public:
  ClassAverages(const EnsembleTable& table, const std::vector<std::size_t>& events, EventWeight weight)
      : m_table(table), m_events(events), m_weight(weight) {
    add_means();
    for (int n = 1; n <= static_cast<int>(table.flow().size()); ++n) add_flow(n);
    for (int n = 1; n <= largest_eccentricity; ++n) add_response(n);
  }
  [[nodiscard]] const std::vector<Average>& averages() const { return m_averages; }

 private:
  static constexpr int largest_eccentricity = 5;

  /// Numbers of events and angles have no mean that says anything.
  static bool has_mean(const std::string& column) {
    for (const char* prefix : {"event", "outcome", "exit_code", "verdict_", "psi_", "v_"})
      if (column.rfind(prefix, 0) == 0) return false;
    return true;
  }

  void add_means() {
    for (const io::NamedArray& column : m_table.columns()) {
      if (!has_mean(column.name)) continue;
      std::vector<double> values;
      for (const std::size_t i : m_events)
        if (std::isfinite(column.array.values[i])) values.push_back(column.array.values[i]);
      m_averages.push_back({column.name, core::mean(values), column.units});
    }
  }

  /// Of the events that have particles.
  [[nodiscard]] std::vector<FlowVector> chosen(const std::vector<FlowVector>& events) const {
    std::vector<FlowVector> found;
    for (const std::size_t i : m_events)
      if (events[i].multiplicity > 0.0)
        found.push_back({events[i].flow, m_weight == EventWeight::unit ? 1.0 : events[i].multiplicity});
    return found;
  }

  void add_flow(int n) {
    const std::vector<FlowVector> all = chosen(m_table.flow()[n - 1]);
    const core::Cumulants v = core::flow_cumulants(all);
    m_averages.push_back({fmt::format("v{}{{2}}", n), v.two});
    m_averages.push_back({fmt::format("v{}{{4}}", n), v.four});
    m_averages.push_back({fmt::format("c{}{{4}}", n), v.c_four});
    m_averages.push_back({fmt::format("v{}{{EP}}", n), v.event_plane});
    for (const auto& [name, harmonics] : m_table.flow_of_species()) {
      const core::RelativeFlow relative = core::relative_flow(chosen(harmonics[n - 1]), all);
      m_averages.push_back({fmt::format("{}/v{}{{EP}}", name, n), relative.event_plane});
      m_averages.push_back({fmt::format("{}/v{}{{SP}}", name, n), relative.scalar_product});
    }
  }

  /// What the events say of their eccentricities, and how flow follows them.
  void add_response(int n) {
    const std::vector<std::complex<double>> all = m_table.eccentricity(n);
    if (all.empty()) return;
    const bool has_flow = n <= static_cast<int>(m_table.flow().size());
    std::vector<FlowVector> shapes;
    std::vector<std::complex<double>> eccentricities, flow;
    for (const std::size_t i : m_events) {
      if (!std::isfinite(std::abs(all[i]))) continue;
      shapes.push_back({all[i]});
      if (!has_flow || !(m_table.flow()[n - 1][i].multiplicity > 0.0)) continue;
      eccentricities.push_back(all[i]);
      flow.push_back(m_table.flow()[n - 1][i].flow);
    }
    const core::Cumulants eps = core::flow_cumulants(shapes);
    m_averages.push_back({fmt::format("eps{}{{2}}", n), eps.two});
    m_averages.push_back({fmt::format("eps{}{{4}}", n), eps.four});
    if (!has_flow) return;
    const core::FlowResponse response = core::flow_response(eccentricities, flow);
    m_averages.push_back({fmt::format("eps{0}_v{0}_pearson", n), response.pearson});
    m_averages.push_back({fmt::format("eps{0}_v{0}_linear", n), response.linear});
    m_averages.push_back({fmt::format("kappa{}", n), response.coefficient});
  }

  const EnsembleTable& m_table;
  const std::vector<std::size_t>& m_events;
  EventWeight m_weight;
  std::vector<Average> m_averages;
};

}  // namespace

std::vector<io::NamedArray> class_averages(const EnsembleTable& table, const std::vector<EventClass>& classes,
                                           EventWeight weight) {
  std::vector<double> lower, upper, events;
  std::vector<std::vector<Average>> rows;
  for (const EventClass& one : classes) {
    lower.push_back(one.lower);
    upper.push_back(one.upper);
    events.push_back(static_cast<double>(one.events.size()));
    rows.push_back(ClassAverages(table, one.events, weight).averages());
  }
  std::vector<io::NamedArray> columns{
      {"lower", io::Array(lower), "percent"}, {"upper", io::Array(upper), "percent"}, {"events", io::Array(events)}};
  for (std::size_t k = 0; k < rows.front().size(); ++k) {
    std::vector<double> values, errors;
    for (const std::vector<Average>& row : rows) {
      values.push_back(row[k].estimate.value);
      errors.push_back(row[k].estimate.error);
    }
    const Average& first = rows.front()[k];
    columns.push_back({first.name, io::Array(values), first.units});
    columns.push_back({first.name + "_error", io::Array(errors), first.units});
  }
  return columns;
}

}  // namespace ister::drivers
