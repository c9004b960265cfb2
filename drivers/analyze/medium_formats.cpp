#include "drivers/analyze/medium_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/damaged_file.hpp"
#include "core/base/error.hpp"
#include "io/group_attributes.hpp"
#include "io/series_file.hpp"
#include "physics/units.hpp"
#include "solvers/observers/medium.hpp"

namespace ister::drivers {
namespace {

namespace units = physics::units;

/// Of positions and times, in units of their spacing.
constexpr double rounding = 1e-5;

template <class T>
const T& attribute(const core::Series& series, const std::string& name, const std::filesystem::path& path) {
  const auto found = series.attributes.find(name);
  const T* value = found == series.attributes.end() ? nullptr : std::get_if<T>(&found->second);
  if (value == nullptr) throw DamagedFile(fmt::format("{}: /medium does not say its {}", path.string(), name));
  return *value;
}

bool is_positive(double number) { return std::isfinite(number) && number > 0.0; }

/// The fields that are there, on the grid that is said.
void check_layout(const Medium& medium, const std::vector<std::int64_t>& points, const std::filesystem::path& path) {
  std::vector<std::size_t> extents{solvers::medium_fields().size()};
  for (auto count = points.rbegin(); count != points.rend(); ++count)
    extents.push_back(static_cast<std::size_t>(*count));
  const std::string fields = fmt::format("{}", fmt::join(solvers::medium_fields(), " "));
  if (extents != medium.series.extents || attribute<std::string>(medium.series, "fields", path) != fields)
    throw DamagedFile(path.string() + ": /medium does not hold the fields and points that it speaks of");
}

void check_times(const Medium& medium, const std::filesystem::path& path) {
  const std::vector<double>& times = medium.series.times;
  if (times.empty()) throw InputError(path.string() + ": /medium holds no times yet");
  for (std::size_t i = 0; i < times.size(); ++i)
    if (std::abs(times[i] - medium.start - static_cast<double>(i) * medium.every) > rounding * medium.every)
      throw InputError(
          fmt::format("{}: time {:.9g} fm is not {} times observers.medium.every_time = {:g} after the "
                      "first one: other codes take times that are evenly spaced",
                      path.string(), times[i], i, medium.every));
}

/// u^tau of a point.
double gamma(double ux, double uy, double uz) { return std::sqrt(1.0 + ux * ux + uy * uy + uz * uz); }

void append(std::string& bytes, std::initializer_list<double> values) {
  for (const double value : values) {
    const auto number = static_cast<float>(value);
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
}

/// Of readers that take the grid from the header: x = -|xmin| + ix dx, eta = (ieta - neta/2) deta.
void check_music_grid(const Medium& medium) {
  for (int d = 0; d < 2; ++d)
    if (medium.nodes[d].first > 0.0)
      throw InputError(
          fmt::format("--to music: the grid begins at {} = {:g} fm, but readers of this format take it to "
                      "begin at or below 0",
                      "xy"[d], medium.nodes[d].first));
  const core::Nodes& eta = medium.nodes[2];
  if (medium.dimensions == 3 && std::abs(eta.first + 0.5 * eta.count * eta.step) > rounding * eta.step)
    throw InputError(
        fmt::format("--to music: {} points of eta from {:g} on, {:g} apart, but readers of this format take them to "
                    "begin at -{} times that: observers.medium.every must divide grid.points along eta, and the box "
                    "be symmetric",
                    eta.count, eta.first, eta.step, 0.5 * eta.count));
}

/// The number of steps from the origin to the first point.
std::int64_t steps_from_origin(const core::Nodes& nodes, char axis) {
  const double steps = nodes.first / nodes.step;
  if (!(std::abs(steps - std::round(steps)) <= rounding && std::abs(steps) < 1e9))
    throw InputError(
        fmt::format("--to hydroinfo: points {:g} fm apart from {} = {:g} fm on do not meet {} = 0, as this "
                    "format wants: take a box that is symmetric about the origin",
                    nodes.step, axis, nodes.first, axis));
  return std::llround(steps);
}

/// A field as this format has it, [x][y].
io::Array transposed_field(const Medium& medium, const std::vector<double>& values) {
  const auto nx = static_cast<std::size_t>(medium.nodes[0].count), ny = static_cast<std::size_t>(medium.nodes[1].count);
  return io::transposed({{ny, nx}, values});
}

/// e, s, P, Temp, Vx, Vy of a time.
void add_frame(const Medium& medium, std::size_t row, const std::string& name, std::vector<io::NamedArray>& arrays) {
  const std::size_t points = medium.points();
  const auto add = [&](const char* dataset, const auto& value) {
    std::vector<double> values(points);
    for (std::size_t i = 0; i < points; ++i) values[i] = value(i);
    arrays.push_back({name + "/" + dataset, transposed_field(medium, values)});
  };
  const double *e = medium.field(row, "energy_density"), *s = medium.field(row, "entropy_density"),
               *p = medium.field(row, "pressure"), *t = medium.field(row, "temperature"), *ux = medium.field(row, "ux"),
               *uy = medium.field(row, "uy"), *uz = medium.field(row, "uz");
  if (std::any_of(uz, uz + points, [](double u) { return std::abs(u) > 1e-9; }))
    throw InputError("--to hydroinfo: the matter flows along eta, which this format cannot say");
  add("e", [&](std::size_t i) { return units::natural_to_gev_per_fm3(e[i]); });
  add("s", [&](std::size_t i) { return s[i]; });
  add("P", [&](std::size_t i) { return units::natural_to_gev_per_fm3(p[i]); });
  add("Temp", [&](std::size_t i) { return units::inverse_fm_to_gev(t[i]); });
  add("Vx", [&](std::size_t i) { return ux[i] / gamma(ux[i], uy[i], uz[i]); });
  add("Vy", [&](std::size_t i) { return uy[i] / gamma(ux[i], uy[i], uz[i]); });
}

}  // namespace

std::size_t Medium::points() const {
  std::size_t count = 1;
  for (const core::Nodes& direction : nodes) count *= static_cast<std::size_t>(direction.count);
  return count;
}

const double* Medium::field(std::size_t row, const char* name) const {
  const std::vector<std::string>& names = solvers::medium_fields();
  const auto f = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  return series.values.data() + (row * names.size() + f) * points();
}

Medium read_medium(const std::filesystem::path& path) {
  Medium medium;
  medium.series = io::read_series(path, "medium", "values");
  const auto& points = attribute<std::vector<std::int64_t>>(medium.series, "points", path);
  const auto& first = attribute<std::vector<double>>(medium.series, "first", path);
  const auto& spacing = attribute<std::vector<double>>(medium.series, "spacing", path);
  medium.every = attribute<double>(medium.series, "every_time", path);
  check_layout(medium, points, path);
  const bool fits = first.size() == points.size() && spacing.size() == points.size() && is_positive(medium.every);
  if (!fits || !std::all_of(spacing.begin(), spacing.end(), is_positive))
    throw DamagedFile(path.string() + ": points, first, spacing and every_time of /medium do not make a grid");
  if (points.size() < 2 || points.size() > 3 || attribute<std::string>(medium.series, "geometry", path) != "milne")
    throw InputError(path.string() + ": the medium must be that of a run with x and y in Milne coordinates");
  medium.dimensions = static_cast<int>(points.size());
  for (std::size_t d = 0; d < points.size(); ++d) medium.nodes[d] = {static_cast<int>(points[d]), first[d], spacing[d]};
  medium.start = medium.series.times.empty() ? 0.0 : medium.series.times.front();
  check_times(medium, path);
  return medium;
}

io::FileContent as_music(const Medium& medium, double energy_cut, const std::filesystem::path& path) {
  check_music_grid(medium);
  const auto& [x, y, eta] = medium.nodes;
  const double deta = medium.dimensions == 3 ? eta.step : 1.0;
  std::string bytes;
  append(bytes, {medium.start, medium.every, double(x.count), x.step, x.first, double(y.count), y.step, y.first,
                 double(eta.count), deta, eta.first, 0, 0, 0, 0, 11});
  for (std::size_t row = 0; row < medium.series.rows(); ++row) {
    const double *e = medium.field(row, "energy_density"), *p = medium.field(row, "pressure"),
                 *t = medium.field(row, "temperature"), *c = medium.field(row, "sound_speed_squared"),
                 *ux = medium.field(row, "ux"), *uy = medium.field(row, "uy"), *uz = medium.field(row, "uz");
    std::size_t i = 0;
    for (int iz = 0; iz < eta.count; ++iz) {
      const double cosh = std::cosh(eta.at(iz)), sinh = std::sinh(eta.at(iz));
      for (int iy = 0; iy < y.count; ++iy)
        for (int ix = 0; ix < x.count; ++ix, ++i) {
          const double energy = units::natural_to_gev_per_fm3(e[i]);
          if (energy < energy_cut) continue;
          const double u_z = uz[i] * cosh + gamma(ux[i], uy[i], uz[i]) * sinh;
          append(bytes, {double(row), double(ix), double(iy), double(iz), energy, units::natural_to_gev_per_fm3(p[i]),
                         units::inverse_fm_to_gev(t[i]), c[i], ux[i], uy[i], u_z});
        }
    }
  }
  return {path, std::move(bytes)};
}

io::FileContent as_hydroinfo(const Medium& medium, const std::filesystem::path& path) {
  if (medium.dimensions == 3)
    throw InputError("--to hydroinfo takes boost-invariant runs, in x and y; --to music those with eta as well");
  std::map<std::string, core::Attributes> groups;
  core::Attributes& event = groups["Event"];
  for (int d = 0; d < 2; ++d) {
    const std::string axis(1, "XY"[d]);
    const std::int64_t low = steps_from_origin(medium.nodes[d], "xy"[d]);
    event[axis + "L"] = low;
    event[axis + "H"] = low + medium.nodes[d].count - 1;
    event["D" + axis] = medium.nodes[d].step;
  }
  event["Tau0"] = medium.start;
  event["dTau"] = medium.every;
  event["OutputViscousFlag"] = std::int64_t{0};
  std::vector<io::NamedArray> arrays;
  for (std::size_t row = 0; row < medium.series.rows(); ++row) {
    const std::string frame = fmt::format("Event/Frame_{:04d}", row);
    add_frame(medium, row, frame, arrays);
    groups[frame]["Time"] = medium.start + static_cast<double>(row) * medium.every;
  }
  return io::hdf5_content(path, arrays, {}, groups);
}

}  // namespace ister::drivers
