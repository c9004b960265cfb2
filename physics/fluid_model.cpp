#include "physics/fluid_model.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"
#include "physics/transport_table.hpp"

namespace ister::physics {

namespace {

constexpr double pi = 3.14159265358979323846;

PowerLawEos power_law(const EosOptions& options) {
  const double cs2 = options.type == EosType::conformal ? 1.0 / 3.0 : options.cs2;
  if (!(cs2 > 0.0 && cs2 < 1.0)) throw InputError(fmt::format("eos.cs2 = {:g}: must lie between 0 and 1", cs2));
  if (!(options.degrees_of_freedom > 0.0)) {
    throw InputError(fmt::format("eos.degrees_of_freedom = {:g}: must be positive", options.degrees_of_freedom));
  }
  return {cs2, std::log(options.degrees_of_freedom * pi * pi / 30.0)};
}

bool is_power_law(EosType type) { return type == EosType::conformal || type == EosType::constant_cs2; }

EosTable eos_table(const EosOptions& options) {
  if (options.type == EosType::hotqcd) return tabulate_hotqcd();
  if (options.type == EosType::table) return tabulate_file(options.file);
  return tabulate(power_law(options));
}

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
  if (is_power_law(eos.type)) {
    m_power_law = power_law(eos);
    m_highest_temperature = 1e300;
    const double distance = std::abs(m_power_law.cs2 - 1.0 / 3.0);
    if (m_has_bulk && transport.table.empty() && !transport.tau_bulk && distance < 1e-6) {
      throw InputError(
          "transport.zeta_over_s > 0 with dp/de = 1/3: tau_Pi = zeta/(b (1/3 - cs2)^2 (e + p)) is infinite; give "
          "transport.tau_bulk (fm), or set zeta_over_s = 0");
    }
    if (!needs_table(transport)) return;
  }
  const EosTable table = eos_table(eos);
  m_table_eos = table.grid;
  m_warnings = table.warnings;
  if (!is_power_law(eos.type)) {
    m_lowest_temperature = table.lowest_temperature;
    m_highest_temperature = table.highest_temperature;
  }
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
