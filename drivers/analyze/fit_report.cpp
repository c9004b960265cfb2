#include "drivers/analyze/fit_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

constexpr std::size_t parameter_count = core::homodyne_parameters;
constexpr std::array<const char*, parameter_count> units = {
    "Angstrom^2/s^(1+alpha)", "", "Angstrom^2/s", "1/s^(1+beta)", "", "1/s", "degrees"};

io::Array column(const std::vector<core::HomodyneScaling>& scalings, double core::HomodyneScaling::*member) {
  std::vector<double> values;
  values.reserve(scalings.size());
  for (const core::HomodyneScaling& s : scalings) values.push_back(s.*member);
  return io::Array(values);
}

io::NamedArray scalar(const std::string& name, double value) { return {name, {{}, {value}}}; }

}  // namespace

double FitReport::error(std::size_t parameter) const {
  return std::sqrt(result.covariance[parameter * (parameter_count + 1)]);
}

void FitReport::print(const core::Homodyne& model) const {
  print_out("q = {:.6g} 1/Angstrom, {} angles, {} points\n", model.setup().q, model.angles(), model.points());
  for (std::size_t k = 0; k < parameter_count; ++k)
    print_out("  {:<9} {:>14.7g} {:<22} {}\n", parameters[k].name, result.values[k],
              parameters[k].fixed       ? "(fixed)"
              : result.at_bound[k]      ? "(at its bound)"
              : std::isfinite(error(k)) ? fmt::format("+- {:.3g}", error(k))
                                        : "(not determined)",
              units[k]);
  for (std::size_t a = 0; a < scalings.size(); ++a)
    print_out("  phi {:>8.3f}  contrast {:.6g}  offset {:.6g}\n", model.setup().angles[a], scalings[a].contrast,
              scalings[a].offset);
  print_out("  chi-squared {:.6g} for {} degrees of freedom\n", result.chi_squared, degrees_of_freedom);
  for (std::size_t k = 0; k < parameter_count; ++k)
    if (result.at_bound[k])
      print_error("ister: warning: {} is at its bound {:.7g}, so that it has no error\n", parameters[k].name,
                  result.values[k]);
  if (!result.determined)
    print_error("ister: warning: the data do not tell all free parameters apart; fix those that are not determined\n");
}

std::vector<io::NamedArray> FitReport::arrays(const core::Homodyne& model) const {
  std::vector<double> errors;
  for (std::size_t k = 0; k < parameter_count; ++k) errors.push_back(error(k));
  return {{"parameters", io::Array(result.values)},
          {"errors", io::Array(errors)},
          {"covariance", {{parameter_count, parameter_count}, result.covariance}},
          {"phi", io::Array(model.setup().angles)},
          {"contrast", column(scalings, &core::HomodyneScaling::contrast)},
          {"offset", column(scalings, &core::HomodyneScaling::offset)},
          {"chi_squared_of_angle", column(scalings, &core::HomodyneScaling::chi_squared)},
          scalar("chi_squared", result.chi_squared),
          scalar("degrees_of_freedom", static_cast<double>(degrees_of_freedom))};
}

std::vector<io::NamedArray> FitReport::row() const {
  std::vector<io::NamedArray> row;
  for (std::size_t k = 0; k < parameter_count; ++k) {
    row.push_back(scalar(parameters[k].name, result.values[k]));
    row.push_back(scalar(parameters[k].name + "_error", error(k)));
  }
  row.push_back({"contrast", {{1, scalings.size()}, column(scalings, &core::HomodyneScaling::contrast).values}});
  row.push_back({"offset", {{1, scalings.size()}, column(scalings, &core::HomodyneScaling::offset).values}});
  row.push_back(scalar("chi_squared", result.chi_squared));
  row.push_back(scalar("degrees_of_freedom", static_cast<double>(degrees_of_freedom)));
  return row;
}

}  // namespace ister::drivers
