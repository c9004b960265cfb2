#include "drivers/analyze/two_time_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.hpp"

namespace ister::drivers {
namespace {

const std::string wavenumbers = "/xpcs/qmap/dynamic_v_list_dim0", directions = "/xpcs/qmap/dynamic_v_list_dim1";
const std::string maps = "/xpcs/twotime/correlation_map/";
constexpr double beyond = 1e100;  // of all correlations, and their squares are still numbers

/// Appends H + H^T with the diagonal halved, every stride-th row and column.
void append(const io::Array& half, const std::string& where, std::int64_t stride, bool diagonal, TwoTimeData& data) {
  if (half.extents.size() != 2 || half.extents[0] != half.extents[1])
    throw FileError(fmt::format("{} has the shape {}, where n x n is needed", where, fmt::join(half.extents, " x ")));
  const std::size_t n = half.extents[0], step = static_cast<std::size_t>(stride);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (half.values[i * n + j] != 0.0)
        throw FileError(
            fmt::format("{} is filled below its diagonal at ({}, {}): only the upper half can be", where, i, j));
  const auto frames = static_cast<std::int64_t>((n + step - 1) / step);
  if (frames < 3)
    throw InputError(fmt::format("{} has {} frames, which --stride {} thins to {}; at least 3 are needed", where, n,
                                 stride, frames));
  if (data.frames != 0 && data.frames != frames)
    throw FileError(fmt::format("{} has {} frames, others have another number", where, n));
  data.frames = frames;
  double lowest = beyond, highest = -beyond;
  for (std::size_t i = 0; i < n; i += step)
    for (std::size_t j = 0; j < n; j += step) {
      const double value = half.values[std::min(i, j) * n + std::max(i, j)];
      data.values.push_back(value);
      if (j < i || (i == j && !diagonal)) continue;
      if (!(std::abs(value) < beyond))
        throw InputError(fmt::format("{} is {} at frames ({}, {}), which is no correlation", where, value, i, j));
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
  if (lowest == highest)
    throw InputError(fmt::format("{} is {} at all pairs of frames: there is nothing to fit", where, lowest));
}

struct Unit {
  const char* name;
  double value;
};

/// A list of numbers in the first of some units. Those that do not say theirs are in it.
std::vector<double> read_in_units(const io::ArrayFile& file, const std::string& dataset,
                                  const std::vector<Unit>& known) {
  std::vector<double> values = file.read(dataset).values;
  const std::string units = file.units(dataset);
  const auto unit =
      std::find_if(known.begin(), known.end(), [&](const Unit& u) { return units.empty() || units == u.name; });
  if (unit == known.end()) {
    std::vector<std::string> names;
    for (const Unit& u : known) names.emplace_back(u.name);
    throw InputError(fmt::format("{}: {} is in \"{}\"; its units can be {}", file.path().string(), dataset, units,
                                 fmt::join(names, ", ")));
  }
  for (double& value : values) value *= unit->value;
  return values;
}

}  // namespace

TwoTimeData read_two_time(const io::ArrayFile& file, std::int64_t q_index, std::int64_t stride, bool diagonal) {
  const std::string path = file.path().string();
  const std::vector<double> q =
      read_in_units(file, wavenumbers, {{"1/Angstrom", 1.0}, {"1/angstrom", 1.0}, {"1/nm", 0.1}, {"1/fm", 1e5}});
  const std::vector<double> phi =
      read_in_units(file, directions, {{"degrees", 1.0}, {"degree", 1.0}, {"rad", 180.0 / M_PI}});
  const std::vector<double> bins = file.read("/xpcs/twotime/processed_bins").values;
  std::vector<std::string> names;
  for (const std::string& name : file.names())
    if (name.compare(0, maps.size(), maps) == 0) names.push_back(name);
  if (names.size() != bins.size())
    throw FileError(fmt::format("{}: {} datasets in {}, but {} entries in /xpcs/twotime/processed_bins", path,
                                names.size(), maps, bins.size()));
  TwoTimeData data;
  std::set<std::int64_t> present, seen;
  for (std::size_t b = 0; b < bins.size(); ++b) {
    const auto bin = static_cast<std::int64_t>(std::llround(bins[b])) - 1;
    const auto angles = static_cast<std::int64_t>(phi.size());
    if (static_cast<double>(bin + 1) != bins[b] || bin < 0 || bin >= static_cast<std::int64_t>(q.size()) * angles)
      throw FileError(
          fmt::format("{}: /xpcs/twotime/processed_bins holds {}; {} values of q and {} of phi have bins 1 to {}", path,
                      bins[b], q.size(), angles, static_cast<std::int64_t>(q.size()) * angles));
    if (!seen.insert(bin).second)
      throw FileError(fmt::format("{}: /xpcs/twotime/processed_bins holds {} twice", path, bins[b]));
    present.insert(bin / angles);
    if (bin / angles != q_index) continue;
    data.angles.push_back(phi[static_cast<std::size_t>(bin % angles)]);
    append(file.read(names[b]), path + ": " + names[b], stride, diagonal, data);
  }
  if (data.angles.empty()) {
    std::string known;
    for (const std::int64_t k : present)
      known += fmt::format("{}{} (q = {} 1/Angstrom)", known.empty() ? "" : ", ", k, q[static_cast<std::size_t>(k)]);
    throw InputError(fmt::format("{}: no correlations with --q-index {}; there are some for {}", path, q_index, known));
  }
  data.q = q[static_cast<std::size_t>(q_index)];
  if (!(data.q >= 1e-12 && data.q <= 1e6))
    throw InputError(fmt::format("{}: {}[{}] is {} 1/Angstrom; it has to be within 1e-12 to 1e6", path, wavenumbers,
                                 q_index, data.q));
  for (const double angle : data.angles)
    if (!std::isfinite(angle)) throw InputError(fmt::format("{}: {} holds {}", path, directions, angle));
  return data;
}

}  // namespace ister::drivers
