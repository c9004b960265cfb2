#pragma once
#include <complex>
#include <map>
#include <string>
#include <vector>

#include "core/kernels/statistics/flow_averages.hpp"
#include "drivers/analyze/ensemble_events.hpp"
#include "io/array_file.hpp"

namespace ister::drivers {

/// Flow vectors event by event of each harmonic, v_1 first. Events without particles have the multiplicity 0.
using Harmonics = std::vector<std::vector<core::FlowVector>>;

/// The events of an ensemble as columns with a number for each event, not a number where it has none.
class EnsembleTable {
 public:
  /// Flow is that of the `species` together.
  EnsembleTable(const std::vector<EnsembleEvent>& events, const std::vector<std::string>& species);

  [[nodiscard]] const std::vector<io::NamedArray>& columns() const { return m_columns; }
  /// Null where there is no such column.
  [[nodiscard]] const std::vector<double>* find(const std::string& name) const;
  /// InputError that names those there are.
  [[nodiscard]] const std::vector<double>& column(const std::string& name) const;
  /// Of all chosen species together.
  [[nodiscard]] const Harmonics& flow() const { return m_flow; }
  /// By name.
  [[nodiscard]] const std::map<std::string, Harmonics>& flow_of_species() const { return m_flow_of_species; }
  /// eps_n exp(i n psi_n) of each event; empty where the events do not say.
  [[nodiscard]] std::vector<std::complex<double>> eccentricity(int n) const;

 private:
  void add(const std::string& name, std::vector<double> values, const std::string& units = "");
  void add_attributes(const std::vector<EnsembleEvent>& events);
  void add_particles(const std::vector<EnsembleEvent>& events, const std::vector<std::string>& species);

  std::vector<io::NamedArray> m_columns;
  Harmonics m_flow;
  std::map<std::string, Harmonics> m_flow_of_species;
};

}  // namespace ister::drivers
