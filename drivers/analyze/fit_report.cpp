#include "drivers/analyze/fit_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdio>

#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

constexpr std::size_t parameter_count = core::homodyne_parameters;
constexpr double far_from_one = 1.5;  // chi-squared per degree of freedom, or its inverse: sigma is 20 % off
constexpr std::array<const char*, parameter_count> units = {
    "Angstrom^2/s^(1+alpha)", "", "Angstrom^2/s", "1/s^(1+beta)", "", "1/s", "degrees"};

io::Array column(const std::vector<core::HomodyneScaling>& scalings, double core::HomodyneScaling::*member) {
  std::vector<double> values;
  values.reserve(scalings.size());
  for (const core::HomodyneScaling& s : scalings) values.push_back(s.*member);
  return io::Array(values);
}

/// The roots of the diagonal.
std::vector<double> errors_of(const std::vector<double>& covariance) {
  std::vector<double> errors;
  for (std::size_t k = 0; k < parameter_count; ++k) errors.push_back(std::sqrt(covariance[k * (parameter_count + 1)]));
  return errors;
}

io::NamedArray scalar(const std::string& name, double value) { return {name, {{}, {value}}}; }

}  // namespace

std::string FitReport::verdict() const {
  if (!sigma_known) return "none";
  const double ratio = reduced_chi_squared(), scatter = std::sqrt(2.0 / static_cast<double>(degrees_of_freedom));
  const bool far = ratio > far_from_one || ratio < 1.0 / far_from_one;
  return far && std::abs(ratio - 1.0) > 5.0 * scatter ? "bad" : "good";
}

void FitReport::judge() {
  if (verdict() == "bad")
    warnings.push_back(
        fmt::format("chi-squared is {:.3g} per degree of freedom, where 1 is expected: {}", reduced_chi_squared(),
                    reduced_chi_squared() > 1.0
                        ? "the model does not describe the data, or --sigma is too small, and so are the errors "
                          "that take the entries as independent"
                        : "--sigma is larger than the scatter of the data, and so are the errors that take "
                          "the entries as independent"));
  for (std::size_t k = 0; k < parameter_count; ++k)
    if (result.at_bound[k])
      warnings.push_back(
          fmt::format("{} is at its bound {:.7g}, so that it has no error", parameters[k].name, result.values[k]));
  if (!result.determined)
    warnings.emplace_back("the data do not tell all free parameters apart; fix those that are not determined");
}

void FitReport::print_parameter(std::size_t k) const {
  const double error = errors_of(result.covariance)[k];
  std::string text = parameters[k].fixed     ? "(fixed)"
                     : result.at_bound[k]    ? "(at its bound)"
                     : !std::isfinite(error) ? "(not determined)"
                     : jackknife.blocks == 0
                         ? fmt::format("+- {:.3g}", error)
                         : fmt::format("+- {:<9.3g} (+- {:.3g})", errors_of(jackknife.covariance)[k], error);
  print_out("  {:<9} {:>14.7g} {:<28} {}\n", parameters[k].name, result.values[k], text, units[k]);
}

void FitReport::print(const core::Homodyne& model) const {
  print_out("q = {:.6g} 1/Angstrom, {} angles, {} frames, {} points\n", model.setup().q, model.angles(), model.frames(),
            model.points());
  if (jackknife.blocks > 0)
    print_out("errors by jackknife over {} blocks of frames (and if all entries were independent)\n", jackknife.blocks);
  for (std::size_t k = 0; k < parameter_count; ++k) print_parameter(k);
  for (std::size_t a = 0; a < scalings.size(); ++a)
    print_out("  phi {:>8.3f}  contrast {:.6g}  offset {:.6g}\n", model.setup().angles[a], scalings[a].contrast,
              scalings[a].offset);
  print_out("  chi-squared {:.6g} for {} degrees of freedom\n", result.chi_squared, degrees_of_freedom);
  for (const std::string& warning : warnings) print_error("ister: warning: {}\n", warning);
}

std::vector<io::NamedArray> FitReport::arrays(const core::Homodyne& model) const {
  const std::vector<std::int64_t>& frames = model.setup().frames;
  std::vector<io::NamedArray> arrays = {{"parameters", io::Array(result.values)},
                                        {"errors", io::Array(errors_of(result.covariance))},
                                        {"covariance", {{parameter_count, parameter_count}, result.covariance}},
                                        {"phi", io::Array(model.setup().angles)},
                                        {"frames", io::Array(std::vector<double>(frames.begin(), frames.end()))},
                                        {"contrast", column(scalings, &core::HomodyneScaling::contrast)},
                                        {"offset", column(scalings, &core::HomodyneScaling::offset)},
                                        {"chi_squared_of_angle", column(scalings, &core::HomodyneScaling::chi_squared)},
                                        scalar("chi_squared", result.chi_squared),
                                        scalar("degrees_of_freedom", static_cast<double>(degrees_of_freedom)),
                                        scalar("reduced_chi_squared", reduced_chi_squared())};
  if (jackknife.blocks == 0) return arrays;
  arrays.push_back({"errors_jackknife", io::Array(errors_of(jackknife.covariance))});
  arrays.push_back({"covariance_jackknife", {{parameter_count, parameter_count}, jackknife.covariance}});
  arrays.push_back(
      {"jackknife_estimates", {{static_cast<std::size_t>(jackknife.blocks), parameter_count}, jackknife.estimates}});
  return arrays;
}

core::Attributes FitReport::attributes() const {
  return {{"jackknife_blocks", jackknife.blocks},
          {"verdict_chi_squared", verdict()},
          {"warnings", fmt::format("{}", fmt::join(warnings, "\n"))}};
}

std::vector<io::NamedArray> FitReport::row() const {
  std::vector<io::NamedArray> row;
  for (std::size_t k = 0; k < parameter_count; ++k) {
    row.push_back(scalar(parameters[k].name, result.values[k]));
    row.push_back(scalar(parameters[k].name + "_error", errors_of(result.covariance)[k]));
    if (jackknife.blocks > 0)
      row.push_back(scalar(parameters[k].name + "_error_jackknife", errors_of(jackknife.covariance)[k]));
  }
  row.push_back({"contrast", {{1, scalings.size()}, column(scalings, &core::HomodyneScaling::contrast).values}});
  row.push_back({"offset", {{1, scalings.size()}, column(scalings, &core::HomodyneScaling::offset).values}});
  row.push_back(scalar("chi_squared", result.chi_squared));
  row.push_back(scalar("degrees_of_freedom", static_cast<double>(degrees_of_freedom)));
  return row;
}

}  // namespace ister::drivers
