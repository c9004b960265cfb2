#include "drivers/analyze/probe_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "drivers/analyze/choice.hpp"
#include "drivers/analyze/option_text.hpp"
#include "drivers/analyze/state_fields.hpp"
#include "drivers/analyze/work_progress.hpp"

namespace ister::drivers {
namespace {

bool same(const core::Grid& a, const core::Grid& b) {
  return a.dimensions == b.dimensions && a.points == b.points && a.lower == b.lower && a.upper == b.upper;
}

}  // namespace

double ProbeSeries::spacing() const { return (times.back() - times.front()) / static_cast<double>(times.size() - 1); }

bool ProbeSeries::is_uniform() const {
  for (std::size_t i = 1; i < times.size(); ++i)
    if (std::abs(times[i] - times[i - 1] - spacing()) > 1e-6 * spacing()) return false;
  return true;
}

void ProbeOptions::add_to(CLI::App& app) {
  app.add_option("RUN", sources, "the folder of a run, or some of its state files")->required();
  app.add_option("--field", field, "the field to look at")->type_name("NAME")->capture_default_str();
  app.add_option(
         "--probe", probes,
         "where, in fm (eta: a number); several for several probes. Default: at 1/8, 3/8, 5/8 and 7/8 of the box "
         "along x, in its middle otherwise")
      ->type_name("X[,Y[,Z]]");
  app.add_option("--interpolation", interpolation,
                 "between grid points: spectral (exact for resolved fields) or cubic (for fields with fronts)")
      ->type_name("spectral|cubic")
      ->transform(choice<core::GridInterpolation>(
          {{"spectral", core::GridInterpolation::spectral}, {"cubic", core::GridInterpolation::cubic}}))
      ->default_str("spectral");
}

std::vector<std::array<double, 3>> ProbeOptions::positions(const core::Grid& grid) const {
  std::vector<std::array<double, 3>> points;
  const auto at = [&](std::size_t d, double fraction) {
    return grid.lower[d] + fraction * (grid.upper[d] - grid.lower[d]);
  };
  if (probes.empty())
    for (const double x : {0.125, 0.375, 0.625, 0.875}) points.push_back({at(0, x), at(1, 0.5), at(2, 0.5)});
  for (const std::string& text : probes) {
    const std::string expected = fmt::format("{} coordinates, such as {}", grid.dimensions,
                                             std::string("1.5,-2,0.25")
                                                 .substr(0, grid.dimensions == 1   ? 3
                                                            : grid.dimensions == 2 ? 6
                                                                                   : 11));
    const std::vector<double> numbers = parse_numbers("--probe", text, ',', expected);
    if (static_cast<int>(numbers.size()) != grid.dimensions)
      throw InputError(fmt::format("--probe \"{}\": expected {}", text, expected));
    std::array<double, 3> point{};
    for (std::size_t d = 0; d < numbers.size(); ++d) {
      if (!(numbers[d] >= grid.lower[d] && numbers[d] <= grid.upper[d]))
        throw InputError(fmt::format("--probe \"{}\": {} is outside the box, {} to {}", text, numbers[d], grid.lower[d],
                                     grid.upper[d]));
      point[d] = numbers[d];
    }
    points.push_back(point);
  }
  return points;
}

ProbeSeries ProbeOptions::read() const {
  const std::vector<std::filesystem::path> states = states_of(sources);
  ProbeSeries series;
  core::Grid grid;
  std::vector<core::PointProbe> readers;
  WorkProgress progress("probes: states read", static_cast<std::int64_t>(states.size()));
  for (const auto& path : states) {
    const io::FieldFile file(MPI_COMM_SELF, path, {io::state_format});
    const core::Grid own = grid_of(file);
    if (series.times.empty()) {
      grid = own;
      series.dimensions = grid.dimensions;
      series.positions = positions(grid);
      series.values.resize(series.positions.size());
      for (const auto& position : series.positions) readers.emplace_back(grid, position, interpolation);
    }
    if (!same(own, grid)) throw InputError(path.string() + ": its grid is not that of " + states.front().string());
    const auto time = time_of(file);
    if (!series.times.empty() && !(time > series.times.back()))
      throw InputError(fmt::format("{}: its time {} is not after that of the state before, {}", path.string(), time,
                                   series.times.back()));
    series.times.push_back(time);
    const std::vector<double> values = read_field(file, field, core::Decomposition(grid, 1, 0));
    for (std::size_t p = 0; p < readers.size(); ++p) series.values[p].push_back(readers[p].read(values.data()));
    progress.update(static_cast<std::int64_t>(series.times.size()));
  }
  return series;
}

}  // namespace ister::drivers
