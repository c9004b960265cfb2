#include "drivers/analyze/two_time_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/error.hpp"
#include "core/kernels/angles/angle_filter.hpp"
#include "drivers/analyze/option_text.hpp"

namespace ister::drivers {
namespace {

constexpr double beyond = 1e100;  // of all correlations, and their squares are still numbers
constexpr double single_precision = 1e-5;

/// The places of phi that a file of `ister analyze angles` selects.
std::set<std::int64_t> selected_places(const std::string& path, const TwoTimeLayout& layout) {
  const io::ArrayFile selection(path);
  const core::Attributes attributes = selection.attributes();
  const auto total = attributes.find("angles");
  const auto* count = total == attributes.end() ? nullptr : std::get_if<std::int64_t>(&total->second);
  if (count != nullptr && *count != layout.directions)
    throw InputError(fmt::format("--angles {}: was selected from {} angles, but {} has {}", path, *count,
                                 layout.phi_dataset, layout.directions));
  std::set<std::int64_t> places;
  for (const double index : selection.read("/index").values) {
    if (!(index >= 0.0 && index < static_cast<double>(layout.directions)) || index != std::floor(index))
      throw InputError(fmt::format("--angles {}: /index holds {}, but {} has {} values", path, index,
                                   layout.phi_dataset, layout.directions));
    places.insert(static_cast<std::int64_t>(index));
  }
  return places;
}

/// Whether each map is at an angle that was chosen.
std::vector<bool> chosen_angles(const TwoTimeLayout& layout, const std::vector<TwoTimeMap>& maps,
                                const std::vector<std::string>& texts) {
  std::vector<core::AngleRange> ranges;
  std::set<std::int64_t> places;
  for (const std::string& text : texts) {
    if (text.find_first_not_of("0123456789+-.eE:") == std::string::npos) {
      const core::Interval ends = parse_interval("--angles", text);
      ranges.emplace_back(ends.lower, ends.upper, false);
    } else {
      places.merge(selected_places(text, layout));
    }
  }
  std::vector<bool> chosen;
  for (const TwoTimeMap& map : maps)
    chosen.push_back(texts.empty() || places.count(map.phi_place) > 0 ||
                     (!ranges.empty() && core::AngleFilter(ranges).contains(map.phi)));
  return chosen;
}

/// The correlations of one angle, of all frames: a view of whichever half is filled.
class Map {
 public:
  Map(io::Array array, std::string where) : m_array(std::move(array)), m_where(std::move(where)) {
    if (m_array.extents.size() != 2 || m_array.extents[0] != m_array.extents[1])
      throw FileError(
          fmt::format("{} has the shape {}, where n x n is needed", m_where, fmt::join(m_array.extents, " x ")));
    bool upper = false, lower = false;
    for (std::size_t i = 0; i < frames(); ++i)
      for (std::size_t j = i + 1; j < frames(); ++j) {
        upper = upper || is_filled(entry(i, j));
        lower = lower || is_filled(entry(j, i));
      }
    if (upper && lower) check_symmetry();
    m_transposed = lower && !upper;
  }

  [[nodiscard]] const std::string& where() const { return m_where; }
  [[nodiscard]] std::size_t frames() const { return m_array.extents[0]; }
  [[nodiscard]] double operator()(std::int64_t t1, std::int64_t t2) const {
    const auto first = static_cast<std::size_t>(std::min(t1, t2)), last = static_cast<std::size_t>(std::max(t1, t2));
    return m_transposed ? entry(last, first) : entry(first, last);
  }
  /// Numbers of those of the frames that have no correlations with any other.
  [[nodiscard]] std::vector<std::int64_t> lost(const std::vector<std::int64_t>& all) const {
    std::vector<std::int64_t> result;
    for (const std::int64_t t : all)
      if (std::none_of(all.begin(), all.end(), [&](auto other) { return other != t && is_filled((*this)(t, other)); }))
        result.push_back(t);
    return result;
  }

 private:
  static bool is_filled(double value) { return std::isfinite(value) && value != 0.0; }
  [[nodiscard]] double entry(std::size_t row, std::size_t column) const {
    return m_array.values[row * frames() + column];
  }
  void check_symmetry() const {
    for (std::size_t i = 0; i < frames(); ++i)
      for (std::size_t j = i + 1; j < frames(); ++j) {
        const double above = entry(i, j), below = entry(j, i);
        if (is_filled(below) && !(std::abs(above - below) <= single_precision * std::max(1.0, std::abs(below))))
          throw FileError(
              fmt::format("{} is filled on both sides of its diagonal, but not symmetric: {} at ({}, {}), {} at ({}, "
                          "{})",
                          m_where, above, i, j, below, j, i));
      }
  }

  io::Array m_array;
  std::string m_where;
  bool m_transposed = false;
};

/// Appends the values of a map at the frames used.
void append(const Map& map, bool diagonal, TwoTimeData& data) {
  double lowest = beyond, highest = -beyond;
  for (std::size_t i = 0; i < data.frames.size(); ++i)
    for (std::size_t j = 0; j < data.frames.size(); ++j) {
      const double value = map(data.frames[i], data.frames[j]);
      data.values.push_back(value);
      if (j < i || (i == j && !diagonal)) continue;
      if (!(std::abs(value) < beyond))
        throw InputError(
            fmt::format("{} is {} at frames ({}, {}), which is no correlation; --exclude leaves frames "
                        "out",
                        map.where(), value, data.frames[i], data.frames[j]));
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
  if (lowest == highest)
    throw InputError(fmt::format("{} is {} at all pairs of frames: there is nothing to fit", map.where(), lowest));
}

/// The maps of a wavenumber.
std::vector<TwoTimeMap> maps_of(const std::string& path, const TwoTimeLayout& layout, std::int64_t q_index) {
  std::vector<TwoTimeMap> maps;
  std::map<std::int64_t, double> known;
  for (const TwoTimeMap& map : layout.maps) {
    if (map.q_index == q_index) maps.push_back(map);
    known[map.q_index] = layout.wavenumbers[static_cast<std::size_t>(map.q_index)];
  }
  if (!maps.empty()) return maps;
  std::string text;
  for (const auto& [k, q] : known) text += fmt::format("{}{} (q = {} 1/Angstrom)", text.empty() ? "" : ", ", k, q);
  throw InputError(fmt::format("{}: no correlations with --q-index {}; there are some for {}", path, q_index, text));
}

}  // namespace

TwoTimeData read_two_time(const io::ArrayFile& file, const TwoTimeLayout& layout, const TwoTimeChoice& choice) {
  const std::string path = file.path().string();
  const std::vector<TwoTimeMap> of_q = maps_of(path, layout, choice.q_index);
  TwoTimeData data;
  data.q = layout.wavenumbers[static_cast<std::size_t>(choice.q_index)];
  if (!(data.q >= 1e-12 && data.q <= 1e6))
    throw InputError(fmt::format("{}: {}[{}] is {} 1/Angstrom; it has to be within 1e-12 to 1e6", path,
                                 layout.q_dataset, choice.q_index, data.q));
  for (const TwoTimeMap& map : of_q)
    if (!std::isfinite(map.phi)) throw InputError(fmt::format("{}: {} holds {}", path, layout.phi_dataset, map.phi));

  data.all_angles = of_q.size();
  const std::vector<bool> chosen = chosen_angles(layout, of_q, choice.angles);
  std::vector<Map> maps;
  for (std::size_t k = 0; k < of_q.size(); ++k) {
    if (!chosen[k]) continue;
    data.angles.push_back(of_q[k].phi);
    data.angle_places.push_back(k);
    maps.emplace_back(file.read(of_q[k].dataset), path + ": " + of_q[k].dataset);
    if (maps.back().frames() != maps.front().frames())
      throw FileError(fmt::format("{} has {} frames, {} has {}", maps.back().where(), maps.back().frames(),
                                  of_q[data.angle_places.front()].dataset, maps.front().frames()));
  }
  if (maps.empty()) {
    std::vector<double> known;
    for (const TwoTimeMap& map : of_q) known.push_back(map.phi);
    throw InputError(fmt::format("{}: --angles {} holds none of the angles, which are {} degrees", path,
                                 fmt::join(choice.angles, " "), fmt::join(known, ", ")));
  }

  data.all_frames = maps.front().frames();
  data.frames = choice.frames.of(file, static_cast<std::int64_t>(data.all_frames));
  const std::size_t wanted = data.frames.size();
  std::set<std::int64_t> lost;
  for (const Map& map : maps)
    for (const std::int64_t frame : map.lost(data.frames)) lost.insert(frame);
  data.lost.assign(lost.begin(), lost.end());
  data.frames.erase(
      std::remove_if(data.frames.begin(), data.frames.end(), [&](auto frame) { return lost.count(frame) > 0; }),
      data.frames.end());
  if (data.frames.size() < 3)
    throw InputError(fmt::format(
        "{}: {} has {} frames, of which {} were chosen (--stride {}) and {} of these have no "
        "correlations; at least 3 are needed",
        path, of_q[data.angle_places.front()].dataset, data.all_frames, wanted, choice.frames.stride, lost.size()));
  for (const Map& map : maps) append(map, choice.diagonal, data);
  return data;
}

}  // namespace ister::drivers
