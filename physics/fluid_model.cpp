#include "physics/fluid_model.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "physics/eos_type.hpp"
#include "physics/transport_table.hpp"

namespace ister::physics {

namespace {

bool needs_table(const TransportOptions& options) {
  return !options.table.empty() || options.eta_over_s.type == ShearViscosityModel::Type::table ||
         options.zeta_over_s.type == BulkViscosityModel::Type::table;
}

}  // namespace

FluidModel::FluidModel(const EosOptions& eos, const TransportOptions& transport) : m_model(model_transport(transport)) {
  const ShearViscosityModel& eta = transport.eta_over_s;
  const BulkViscosityModel& zeta = transport.zeta_over_s;
  m_has_shear = !transport.table.empty() || eta.value > 0.0 || eta.type != ShearViscosityModel::Type::constant;
  m_has_bulk = !transport.table.empty() || zeta.value > 0.0 || zeta.type == BulkViscosityModel::Type::table;
  const EquationOfState equation = make_eos(eos);
  const PowerLawEos* power_law = std::get_if<PowerLawEos>(&equation);
  if (power_law != nullptr) {
    m_power_law = *power_law;
    m_highest_temperature = 1e300;
    const double distance = std::abs(m_power_law.cs2 - 1.0 / 3.0);
    if (m_has_bulk && transport.table.empty() && !transport.tau_bulk && distance < 1e-6) {
      throw InputError(
          "transport.zeta_over_s > 0 with dp/de = 1/3: tau_Pi = zeta/(b (1/3 - cs2)^2 (e + p)) is infinite; give "
          "transport.tau_bulk (fm), or set zeta_over_s = 0");
    }
    if (!needs_table(transport)) return;
  }
  const EosTable table = power_law != nullptr ? tabulate(*power_law) : std::get<EosTable>(equation);
  m_table_eos = table.grid;
  m_warnings = table.warnings;
  m_lowest_temperature = table.lowest_temperature;
  m_highest_temperature = table.highest_temperature;
  if (needs_table(transport)) {
    m_kind = Kind::table_with_transport;
    m_table = tabulate_transport(table, transport);
    m_table_eos.stride = TableEos::size + TabulatedTransport::size;
  } else {
    m_kind = Kind::table;
    m_table = table.coefficients;
  }
}

EosPoint FluidModel::eos(double log_e) const {
  return visit([&](const auto& fluid) { return fluid.eos(log_e); }, m_table.data());
}

FluidPoint FluidModel::at(double log_e) const {
  return visit([&](const auto& fluid) { return fluid.at(log_e); }, m_table.data());
}

double FluidModel::log_e_of_temperature(double temperature) const {
  return visit([&](const auto& fluid) { return fluid.log_e_of_temperature(temperature); }, m_table.data());
}

}  // namespace ister::physics
