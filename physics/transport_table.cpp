#include "physics/transport_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>

#include "core/base/error.hpp"
#include "physics/column_file.hpp"
#include "physics/interpolation.hpp"
#include "physics/units.hpp"

namespace ister::physics {

namespace {

/// In the order of TabulatedTransport: eta/s, zeta/s, the two stiffnesses, then the second-order coefficients.
using Coefficients = std::array<double, TabulatedTransport::functions>;
using PointwiseTransport = std::function<Coefficients(const EosPoint&)>;

constexpr double phi7_coefficient = 9.0 / 70.0;

/// eta/s or zeta/s as a function of T [1/fm]; rows in MeV unless the header says otherwise.
Curve viscosity_curve(const std::string& path, const std::string& name, const std::string& alias) {
  const ColumnFile file =
      read_columns(path, {{"T", 1, "MeV"}, {name, 0, "", /*required=*/true, alias}}, /*header_optional=*/true);
  require_positive(file, 0, "T");
  require_increasing(file, 0, "T", 3);
  for (std::size_t row = 0; row < file.lines.size(); ++row) {
    if (file.columns[1][row] < 0.0) {
      throw InputError(fmt::format("{}: {} = {:g} must not be negative", file.place(row), name, file.columns[1][row]));
    }
  }
  return monotone_curve(file.columns[0], file.columns[1]);
}

/// The model with eta/s and zeta/s replaced, point by point, where the options name tables.
PointwiseTransport from_viscosity_tables(const TransportOptions& options) {
  const ModelTransport model = model_transport(options);
  Curve eta = [model](double t) { return model.eta_over_s(t); };
  Curve zeta = [model](double t) { return 1.0 / model.inverse_zeta_over_s(t); };
  if (options.eta_over_s.type == ShearViscosityModel::Type::table) {
    eta = viscosity_curve(options.eta_over_s.file, "eta/s", "eta_over_s");
  }
  if (options.zeta_over_s.type == BulkViscosityModel::Type::table) {
    zeta = viscosity_curve(options.zeta_over_s.file, "zeta/s", "zeta_over_s");
  }
  return [model, eta, zeta](const EosPoint& eos) {
    ModelTransport here = model;
    here.eta_over_s_at_kink = eta(eos.temperature);
    here.slope_below_kink = here.slope_above_kink = 0.0;
    here.zeta_over_s_at_peak = zeta(eos.temperature);
    here.inverse_width_below_peak = here.inverse_width_above_peak = 0.0;
    const TransportPoint point = here.at(eos, 0);
    return Coefficients{here.eta_over_s_at_kink, here.zeta_over_s_at_peak, point.shear_stiffness,
                        point.bulk_stiffness,    point.delta_pipi,         point.tau_pipi,
                        point.lambda_pibulk,     point.delta_bulkbulk,     point.lambda_bulkpi};
  };
}

/// beta_pi = eta/tau_pi and beta_Pi = zeta/tau_Pi enter as ratios to w = e + p, which vary little; with
/// tau T = tau_relaxation_T for both, eta/s = tau_relaxation_T beta_pi/w.
PointwiseTransport from_coefficient_table(const EosTable& table, const TransportOptions& options) {
  const std::vector<std::string> names{"beta_pi", "beta_Pi", "dpipi", "tpipi", "lpiPi", "dPiPi", "lPipi"};
  std::vector<Column> wanted{{"T", 1}};
  for (const std::string& name : names) wanted.push_back({name, name.rfind("beta", 0) == 0 ? 4 : 0});
  ColumnFile file = read_columns(options.table, wanted);
  require_positive(file, 0, "T");
  require_increasing(file, 0, "T", 8);
  std::vector<double> log_t;
  for (std::size_t row = 0; row < file.lines.size(); ++row) {
    const double temperature = file.columns[0][row];
    log_t.push_back(std::log(temperature));
    const double log_e = table.view().log_e_of_temperature(temperature);
    const EosPoint eos = table.view().at(table.view().locate(log_e));
    const double enthalpy = std::exp(log_e) * (1.0 + eos.pressure_over_energy);
    for (const std::size_t beta : {1, 2}) {
      if (file.columns[beta][row] < 0.0) {
        throw InputError(fmt::format("{}: {} must not be negative", file.place(row), wanted[beta].name));
      }
      file.columns[beta][row] /= enthalpy;
    }
  }
  std::vector<Curve> curves;
  for (std::size_t column = 1; column < file.columns.size(); ++column) {
    curves.push_back(smooth_curve(log_t, file.columns[column]));
  }
  return [curves, tau_t = options.tau_relaxation_T](const EosPoint& eos) {
    const double at = std::log(eos.temperature);
    const double shear_stiffness = curves[0](at);
    const double bulk_stiffness = curves[1](at);
    return Coefficients{tau_t * shear_stiffness, tau_t * bulk_stiffness, shear_stiffness, bulk_stiffness, curves[2](at),
                        curves[3](at),           curves[4](at),          curves[5](at),   curves[6](at)};
  };
}

void require(bool condition, const char* key, double value, const char* allowed) {
  if (!condition) throw InputError(fmt::format("transport.{} = {:g}: {}", key, value, allowed));
}

}  // namespace

ModelTransport model_transport(const TransportOptions& options) {
  const ShearViscosityModel& eta = options.eta_over_s;
  const BulkViscosityModel& zeta = options.zeta_over_s;
  require(eta.value >= 0.0 && std::isfinite(eta.value), "eta_over_s", eta.value, "must not be negative");
  require(zeta.value >= 0.0 && std::isfinite(zeta.value), "zeta_over_s", zeta.value, "must not be negative");
  require(options.tau_pi_coefficient > 0.0, "tau_pi_coefficient", options.tau_pi_coefficient, "must be positive");
  require(options.tau_bulk_coefficient > 0.0, "tau_bulk_coefficient", options.tau_bulk_coefficient, "must be positive");
  require(options.tau_bulk.value_or(1.0) > 0.0, "tau_bulk", options.tau_bulk.value_or(1.0), "must be positive");
  require(options.tau_relaxation_T > 0.0, "tau_relaxation_T", options.tau_relaxation_T, "must be positive");
  ModelTransport model{};
  model.eta_over_s_at_kink = eta.value;
  if (eta.type == ShearViscosityModel::Type::kink) {
    model.kink_temperature = units::mev_to_inverse_fm(eta.kink_temperature_mev);
    model.slope_below_kink = eta.slope_low_per_gev * units::hbar_c_gev_fm;
    model.slope_above_kink = eta.slope_high_per_gev * units::hbar_c_gev_fm;
  }
  model.zeta_over_s_at_peak = zeta.value;
  if (zeta.type == BulkViscosityModel::Type::peak) {
    require(zeta.width_mev > 0.0, "zeta_over_s.width", zeta.width_mev, "must be positive");
    require(std::abs(zeta.skew) < 1.0, "zeta_over_s.skew", zeta.skew, "must lie between -1 and 1");
    model.peak_temperature = units::mev_to_inverse_fm(zeta.peak_temperature_mev);
    const double width = units::mev_to_inverse_fm(zeta.width_mev);
    model.inverse_width_below_peak = 1.0 / (width * (1.0 - zeta.skew));
    model.inverse_width_above_peak = 1.0 / (width * (1.0 + zeta.skew));
  }
  model.tau_pi_coefficient = options.tau_pi_coefficient;
  model.delta_pipi = options.delta_pipi;
  model.tau_pipi = options.tau_pipi;
  model.lambda_pibulk = options.lambda_pibulk;
  model.phi7 = options.phi7 ? phi7_coefficient : 0.0;
  model.tau_bulk_coefficient = options.tau_bulk_coefficient;
  model.inverse_tau_bulk = options.tau_bulk ? 1.0 / *options.tau_bulk : 0.0;
  model.delta_bulkbulk = options.delta_bulkbulk;
  model.lambda_bulkpi = options.lambda_bulkpi.value_or(8.0 / 15.0);
  model.lambda_bulkpi_per_cs2 = options.lambda_bulkpi ? 0.0 : -8.0 / 5.0;
  return model;
}

std::vector<double> tabulate_transport(const EosTable& eos, const TransportOptions& options) {
  const PointwiseTransport transport =
      options.table.empty() ? from_viscosity_tables(options) : from_coefficient_table(eos, options);
  constexpr int terms = TabulatedTransport::terms;
  constexpr int stride = TableEos::size + TabulatedTransport::size;
  const std::vector<double> points = chebyshev_points(terms);
  std::vector<double> table(static_cast<std::size_t>(eos.grid.cells) * stride);
  for (int cell = 0; cell < eos.grid.cells; ++cell) {
    const auto source = eos.coefficients.begin() + static_cast<std::ptrdiff_t>(cell) * TableEos::size;
    auto target = std::copy_n(source, TableEos::size, table.begin() + static_cast<std::ptrdiff_t>(cell) * stride);
    std::vector<std::vector<double>> values(TabulatedTransport::functions);
    for (const double s : points) {
      const Coefficients here = transport(eos.view().at({cell * TableEos::size, s}));
      for (std::size_t f = 0; f < here.size(); ++f) values[f].push_back(here[f]);
    }
    for (const std::vector<double>& function : values) {
      const std::vector<double> fit = polynomial_through(function);
      target = std::copy(fit.begin(), fit.end(), target);
    }
  }
  return table;
}

}  // namespace ister::physics
