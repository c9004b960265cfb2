#include "physics/eos_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/base/error.hpp"
#include "physics/column_file.hpp"
#include "physics/continuation.hpp"
#include "physics/eos_type.hpp"
#include "physics/interpolation.hpp"
#include "physics/units.hpp"

namespace ister::physics {

namespace {

constexpr double log_e_low = -35.0;
constexpr double log_e_high = 15.0;
constexpr double widest_cell = 0.05;  // of HotQCD p/e to 3e-15, T to 2e-14, dp/de to 1e-12
constexpr std::size_t least_rows = 8;

using PointwiseEos = std::function<EosPoint(double log_e)>;

/// Coefficients of f on one cell, from values at both ends and between.
double* fit_cell(const std::function<double(double)>& f, int terms, double left, double right, double* coefficients) {
  std::vector<double> values;
  for (const double s : chebyshev_points(terms)) {
    // the ends exactly, so that neighbours agree there
    values.push_back(f(s == -1.0 ? left : s == 1.0 ? right : 0.5 * (left + right) + 0.5 * s * (right - left)));
  }
  const std::vector<double> fit = polynomial_through(values);
  return std::copy(fit.begin(), fit.end(), coefficients);
}

EosTable empty_table(const EosCells& cells) {
  const double inner = cells.between();
  const double step = cells.step();
  const double below = std::max(0.0, std::ceil((cells.first - log_e_low) / step));
  const double above = std::max(0.0, std::ceil((log_e_high - cells.second) / step));
  EosTable table{};
  table.grid.log_e_min = cells.first - below * step;
  table.grid.inverse_step = 1.0 / step;
  table.grid.cells = static_cast<int>(below + inner + above);
  table.grid.stride = TableEos::size;
  table.coefficients.resize(static_cast<std::size_t>(table.grid.cells) * TableEos::size);
  return table;
}

/// Fits the cells whose middle lies between the two ln e.
void fill(EosTable& table, const PointwiseEos& eos, double from, double to) {
  const double step = 1.0 / table.grid.inverse_step;
  for (int cell = 0; cell < table.grid.cells; ++cell) {
    const double left = table.grid.log_e_min + cell * step;
    const double right = table.grid.log_e_min + (cell + 1) * step;
    const double middle = 0.5 * (left + right);
    if (middle < from || middle > to) continue;
    double* coefficients = &table.coefficients[static_cast<std::size_t>(cell) * TableEos::size];
    const auto ratio = [&](double log_e) { return eos(log_e).pressure_over_energy; };
    const auto temperature = [&](double log_e) { return eos(log_e).temperature; };
    coefficients = fit_cell(ratio, TableEos::ratio_terms, left, right, coefficients);
    fit_cell(temperature, TableEos::temperature_terms, left, right, coefficients);
  }
}

/// The table's own value at an end of the data, taken from the cell inside.
EosPoint end_point(const EosTable& table, double log_e, Continuation::Direction direction) {
  const double inwards = direction == Continuation::Direction::below ? 1.0 : -1.0;
  TableEos::Position position = table.view().locate(log_e + inwards * 0.5 / table.grid.inverse_step);
  position.s = -inwards;
  return table.view().at(position);
}

constexpr double everywhere = 1e300;

/// Where d ln T/d ln e departs most from (dp/de)/(1 + p/e), which is what T ds = de asks for.
std::optional<std::string> thermodynamic_warning(const EosTable& table, double from, double to) {
  const TableEos eos = table.view();
  const double step = 1.0 / eos.inverse_step;
  double worst = 0.0;
  double where = from;
  for (double log_e = from; log_e + step <= to; log_e += step) {
    const EosPoint left = eos.at(eos.locate(log_e));
    const EosPoint middle = eos.at(eos.locate(log_e + 0.5 * step));
    const EosPoint right = eos.at(eos.locate(log_e + step));
    const double expected = middle.sound_speed_squared / (1.0 + middle.pressure_over_energy);
    const double found = std::log(right.temperature / left.temperature) / step;
    const double deviation = std::abs(found / expected - 1.0);
    if (deviation > worst) {
      worst = deviation;
      where = log_e;
    }
  }
  if (worst < 0.02) return std::nullopt;
  return fmt::format(
      "d ln T/d ln e departs by {:.1f} % from (dp/de)/(1 + p/e) at e = {:.4g} 1/fm^4: T, e and p are not "
      "thermodynamically consistent there",
      100.0 * worst, std::exp(where));
}

struct Rows {
  std::vector<double> log_e, log_p, log_t;
};

/// Checks the rows and keeps those a cell apart in ln e: closer ones would carry the file's rounding into dp/de.
Rows sound_rows(const ColumnFile& file) {
  const std::vector<double>& e = file.columns[0];
  const std::vector<double>& p = file.columns[1];
  const std::vector<double>& t = file.columns[2];
  const std::vector<double>& s = file.columns[3];
  constexpr const char* names[] = {"e", "p", "T"};
  for (std::size_t column = 0; column < 3; ++column) {
    require_positive(file, column, names[column]);
    require_increasing(file, column, names[column], least_rows);
  }
  Rows rows;
  for (std::size_t row = 0; row < e.size(); ++row) {
    const double entropy = (e[row] + p[row]) / t[row];
    if (!s.empty() && std::abs(s[row] - entropy) > 0.01 * entropy) {
      throw InputError(fmt::format("{}: s = {:.6g} 1/fm^3, but (e + p)/T = {:.6g} 1/fm^3; they may differ by 1 %",
                                   file.place(row), s[row], entropy));
    }
    if (row > 0 && p[row] - p[row - 1] >= e[row] - e[row - 1]) {
      throw InputError(
          fmt::format("{}: p rises as fast as e from the row before: dp/de must be below 1", file.place(row)));
    }
    const double log_e = std::log(e[row]);
    if (row > 0 && log_e < rows.log_e.back() + widest_cell) continue;
    rows.log_e.push_back(log_e);
    rows.log_p.push_back(std::log(p[row]));
    rows.log_t.push_back(std::log(t[row]));
  }
  rows.log_e.back() = std::log(e.back());
  rows.log_p.back() = std::log(p.back());
  rows.log_t.back() = std::log(t.back());
  if (rows.log_e.size() < least_rows) {
    throw InputError(fmt::format("{}: {} rows remain at least {} apart in ln e; at least {} are needed", file.path,
                                 rows.log_e.size(), widest_cell, least_rows));
  }
  return rows;
}

EosTable table_through(const Rows& rows, Curve (*interpolate)(const std::vector<double>&, const std::vector<double>&)) {
  const Curve log_p = interpolate(rows.log_e, rows.log_p);
  const Curve log_t = interpolate(rows.log_e, rows.log_t);
  const double first = rows.log_e.front();
  const double last = rows.log_e.back();
  EosTable table = empty_table({first, last, widest_cell});
  table.lowest_temperature = std::exp(rows.log_t.front());
  table.highest_temperature = std::exp(rows.log_t.back());
  fill(
      table,
      [&](double log_e) {
        return EosPoint{std::exp(log_p(log_e) - log_e), 0.0, std::exp(log_t(log_e))};
      },
      first, last);
  using Direction = Continuation::Direction;
  const Continuation below(first, end_point(table, first, Direction::below), Direction::below);
  const Continuation above(last, end_point(table, last, Direction::above), Direction::above);
  fill(
      table, [&](double log_e) { return below.at(log_e); }, -everywhere, first);
  fill(
      table, [&](double log_e) { return above.at(log_e); }, last, everywhere);
  return table;
}

}  // namespace

double EosCells::between() const { return std::max(1.0, std::ceil((second - first) / widest_cell - 1e-9)); }

double EosCells::boundary_from(double log_e) const { return second + std::ceil((log_e - second) / step()) * step(); }

TableEos EosTable::view() const {
  TableEos eos = grid;
  eos.coefficients = coefficients.data();
  return eos;
}

std::optional<double> first_fault(const EosTable& table) {
  const TableEos eos = table.view();
  const double step = 1.0 / eos.inverse_step;
  double last_temperature = 0.0;
  for (int i = 0; i <= 8 * eos.cells; ++i) {
    const double log_e = eos.log_e_min + 0.125 * i * step;
    const EosPoint point = eos.at(eos.locate(log_e));
    const bool sound = point.sound_speed_squared > 0.0 && point.sound_speed_squared < 1.0;
    if (!sound || !(point.temperature > last_temperature)) return log_e;
    last_temperature = point.temperature;
  }
  return std::nullopt;
}

EosTable tabulate(const PowerLawEos& eos) {
  EosTable table = empty_table({log_e_low, log_e_high, widest_cell});
  table.highest_temperature = everywhere;
  fill(
      table, [&](double log_e) { return eos.at(log_e); }, -everywhere, everywhere);
  return table;
}

EosTable tabulate_above(double log_e, double lowest_temperature, double highest_temperature, const PointwiseEos& eos) {
  return tabulate_above({log_e, log_e + widest_cell, widest_cell}, lowest_temperature, highest_temperature, eos);
}

EosTable tabulate_above(const EosCells& cells, double lowest_temperature, double highest_temperature,
                        const PointwiseEos& eos) {
  EosTable table = empty_table(cells);
  table.lowest_temperature = lowest_temperature;
  table.highest_temperature = highest_temperature;
  const double log_e = cells.first;
  const Continuation below(log_e, eos(log_e), Continuation::Direction::below);
  fill(
      table, [&](double x) { return below.at(x); }, -everywhere, log_e);
  fill(table, eos, log_e, everywhere);
  return table;
}

EosTable tabulate_file(const std::string& path) {
  const ColumnFile file = read_columns(path, {{"e", 4, "", true, "", "GeV/fm^3"},
                                              {"p", 4, "", true, "", "GeV/fm^3"},
                                              {"T", 1, "", true, "", "GeV"},
                                              {"s", 3, "", /*required=*/false, "", "1/fm^3"}});
  const Rows rows = sound_rows(file);
  EosTable table = table_through(rows, smooth_curve);
  if (first_fault(table)) {
    table = table_through(rows, monotone_curve);
    if (const auto fault = first_fault(table)) {
      const EosPoint point = table.view().at(table.view().locate(*fault));
      throw InputError(
          fmt::format("{}: dp/de = {:.4g} and T = {:.4g} 1/fm at e = {:.4g} 1/fm^4: 0 < dp/de < 1 and dT/de > 0 "
                      "must hold (table and its continuation)",
                      path, point.sound_speed_squared, point.temperature, std::exp(*fault)));
    }
    table.warnings.push_back(fmt::format(
        "{}: a smooth curve through the rows overshoots; a monotone cubic is used, whose dp/de is only continuous",
        path));
  }
  if (const auto warning = thermodynamic_warning(table, rows.log_e.front(), rows.log_e.back())) {
    table.warnings.push_back(fmt::format("{}: {}", path, *warning));
  }
  return table;
}

EosType table_eos() {
  return {
      {"table",
       {core::Option("file", std::string(), "columns e p s T, units in the header").in(core::Unit::path).required()}},
      [](const core::OptionValues& values) -> EquationOfState { return tabulate_file(values.text("file")); }};
}

}  // namespace ister::physics
