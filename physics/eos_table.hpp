#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "physics/eos.hpp"

namespace ister::physics {

/// A TableEos with the memory it reads and where it comes from. The grid covers ln e [1/fm^4] from below -35 to
/// above 15; a boundary between cells stands wherever a derivative of p(e) jumps.
struct EosTable {
  TableEos grid;                     ///< without its coefficients
  std::vector<double> coefficients;  ///< TableEos::size per cell
  double lowest_temperature;         ///< [1/fm] of the data or fit; below and above it is continued
  double highest_temperature;
  std::vector<std::string> warnings;

  [[nodiscard]] TableEos view() const;
};

[[nodiscard]] EosTable tabulate(const PowerLawEos& eos);

/// The stretches of ln e that a table has a polynomial for.
struct EosCells {
  double first;        ///< a boundary between cells
  double second;       ///< another one
  double widest_cell;  ///< equal cells, no wider than this

  /// Into how many of them the stretch between the two boundaries is cut.
  [[nodiscard]] double between() const;
  [[nodiscard]] double step() const { return (second - first) / between(); }
  /// The first boundary from an ln e on.
  [[nodiscard]] double boundary_from(double log_e) const;
};

/// p/e and T of a function of ln e [e in 1/fm^4], which gives the exact dp/de where the table begins: at `log_e`, the
/// one of `lowest_temperature` [1/fm]. Continued below; above, the function holds, known up to `highest_temperature`.
[[nodiscard]] EosTable tabulate_above(double log_e, double lowest_temperature, double highest_temperature,
                                      const std::function<EosPoint(double log_e)>& eos);

/// The same, beginning at cells.first; a derivative may jump wherever cells meet.
[[nodiscard]] EosTable tabulate_above(const EosCells& cells, double lowest_temperature, double highest_temperature,
                                      const std::function<EosPoint(double log_e)>& eos);

/// The first ln e at which a table is no fluid: where 0 < dp/de < 1 or dT/de > 0 fails.
[[nodiscard]] std::optional<double> first_fault(const EosTable& table);

/// The fit of HotQCD from 110 MeV up, its continuation below.
[[nodiscard]] EosTable tabulate_hotqcd();

/// Columns e, p, T and, optional, s of a text file (see read_columns; natural units where the header names none),
/// interpolated in logarithms: by a smooth curve, or by a monotone cubic where the smooth one leaves 0 < dp/de < 1.
/// s := (e + p)/T; a column s more than 1 % off is an InputError, as are rows that no fluid can have.
[[nodiscard]] EosTable tabulate_file(const std::string& path);

}  // namespace ister::physics
