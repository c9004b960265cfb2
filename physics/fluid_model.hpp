#pragma once
#include <string>
#include <vector>

#include "physics/fluid.hpp"
#include "physics/options.hpp"

namespace ister::physics {

/// The configured fluid on the host: checks the options, builds the tables and owns them.
class FluidModel {
 public:
  /// Throws InputError on coefficients or tables that make no fluid, FileError on a missing table.
  FluidModel(const EosOptions& eos, const TransportOptions& transport);

  /// Whether eta/s (zeta/s) is other than zero everywhere: whether pi (Pi) is evolved.
  [[nodiscard]] bool has_shear() const { return m_has_shear; }
  [[nodiscard]] bool has_bulk() const { return m_has_bulk; }

  /// All coefficients of the tables; empty where the fluid needs none.
  [[nodiscard]] const std::vector<double>& table() const { return m_table; }

  /// Calls f with the Fluid in use, its tables at `table`: a copy of table(), on whatever device f works.
  template <class F>
  decltype(auto) visit(F&& f, const double* table) const {
    if (m_kind == Kind::power_law) return f(Fluid<PowerLawEos, ModelTransport>{m_power_law, m_model});
    TableEos eos = m_table_eos;
    eos.coefficients = table;
    if (m_kind == Kind::table) return f(Fluid<TableEos, ModelTransport>{eos, m_model});
    return f(Fluid<TableEos, TabulatedTransport>{eos, TabulatedTransport{table, m_model.phi7}});
  }

  [[nodiscard]] EosPoint eos(double log_e) const;
  [[nodiscard]] FluidPoint at(double log_e) const;

  /// ln e [e in 1/fm^4] at a temperature [1/fm]; beyond a table's ends its end.
  [[nodiscard]] double log_e_of_temperature(double temperature) const;

  /// Where the equation of state is data or a fit, not continuation (all of the axis for power laws) [1/fm].
  [[nodiscard]] double lowest_temperature() const { return m_lowest_temperature; }
  [[nodiscard]] double highest_temperature() const { return m_highest_temperature; }

  /// What a user should know about this fluid, one line each; empty most of the time.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return m_warnings; }

 private:
  enum class Kind { power_law, table, table_with_transport };

  Kind m_kind = Kind::power_law;
  PowerLawEos m_power_law{};
  TableEos m_table_eos{};
  ModelTransport m_model{};
  std::vector<double> m_table;
  bool m_has_shear = false;
  bool m_has_bulk = false;
  double m_lowest_temperature = 0.0;
  double m_highest_temperature = 0.0;
  std::vector<std::string> m_warnings;
};

}  // namespace ister::physics
