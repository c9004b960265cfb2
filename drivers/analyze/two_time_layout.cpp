#include "drivers/analyze/two_time_layout.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/error.hpp"
#include "drivers/analyze/units.hpp"

namespace ister::drivers {
namespace {

const std::string qmap = "/xpcs/qmap/", twotime = "/xpcs/twotime/";
constexpr double same_wavenumber = 0.01;  // the mean q of the pixels of a bin differs a little from bin to bin

/// How a quantity is read from the texts of its units.
struct Quantity {
  std::optional<double> (*worth)(const std::string& unit);
  const char* examples;
};
constexpr Quantity wavenumber = {inverse_angstroms_in, "1/Angstrom, A^-1, 1/nm, nm^-1, 1/fm"};
constexpr Quantity direction = {degrees_in, "deg, degrees, rad, radian"};
constexpr Quantity duration = {seconds_in, "s, ms, us, ns"};

/// A list of numbers in the units that its attribute or `declared` say; they have to agree.
std::vector<double> read_in_units(const io::ArrayFile& file, const std::string& dataset, const Quantity& quantity,
                                  const std::string& declared = {}) {
  std::vector<double> values = file.read(dataset).values;
  std::optional<double> factor;
  for (const std::string& unit : {file.units(dataset), declared}) {
    if (unit.empty()) continue;
    const std::optional<double> worth = quantity.worth(unit);
    if (!worth)
      throw InputError(fmt::format("{}: {} is in \"{}\"; its units can be {}, ...", file.path().string(), dataset, unit,
                                   quantity.examples));
    if (factor && std::abs(*factor / *worth - 1.0) > 1e-9)
      throw InputError(fmt::format("{}: {} is in \"{}\" by its attribute and in \"{}\" by {}map_units",
                                   file.path().string(), dataset, file.units(dataset), declared, qmap));
    factor = worth;
  }
  for (double& value : values) value *= factor.value_or(1.0);
  return values;
}

/// The whole number at the end of a name; 0 where there is none.
std::int64_t number_of(const std::string& name) {
  const std::size_t end = name.find_last_not_of("0123456789") + 1;
  return end < name.size() && name.size() - end < 18 ? std::stoll(name.substr(end)) : 0;
}

/// The datasets of a group in the order of their numbers.
std::vector<std::string> datasets_in(const io::ArrayFile& file, const std::string& group) {
  std::vector<std::string> names;
  for (const std::string& name : file.names())
    if (name.compare(0, group.size(), group) == 0) names.push_back(name);
  std::stable_sort(names.begin(), names.end(), [](auto& a, auto& b) { return number_of(a) < number_of(b); });
  return names;
}

/// Whole numbers from `lowest` to `highest`, each once.
std::vector<std::int64_t> read_bins(const io::ArrayFile& file, const std::string& dataset, std::int64_t lowest,
                                    std::int64_t highest, const std::string& because) {
  std::vector<std::int64_t> bins;
  std::set<double> seen;
  for (const double bin : file.read(dataset).values) {
    if (!(bin >= static_cast<double>(lowest) && bin <= static_cast<double>(highest)) || bin != std::floor(bin))
      throw FileError(
          fmt::format("{}: {} holds {}; {} {} to {}", file.path().string(), dataset, bin, because, lowest, highest));
    if (!seen.insert(bin).second)
      throw FileError(fmt::format("{}: {} holds {} twice", file.path().string(), dataset, bin));
    bins.push_back(static_cast<std::int64_t>(bin));
  }
  return bins;
}

/// The product of what there is of some datasets of one number.
std::optional<FrameStep> frame_step(const io::ArrayFile& file, const std::string& time,
                                    const std::vector<std::string>& factors) {
  if (!file.has(time)) return std::nullopt;
  const std::vector<double> seconds = read_in_units(file, time, duration);
  if (seconds.size() != 1) return std::nullopt;
  FrameStep step{seconds[0], fmt::format("{} {} s", time, seconds[0])};
  for (const std::string& name : factors) {
    const std::vector<double> factor = file.has(name) ? file.read(name).values : std::vector<double>{1.0};
    if (factor.size() != 1 || factor[0] == 1.0) continue;
    step.seconds *= factor[0];
    step.origin += fmt::format(" x {} {}", name.substr(name.rfind('/') + 1), factor[0]);
  }
  return step;
}

void check_count(const io::ArrayFile& file, std::size_t maps, const std::string& group, std::size_t bins,
                 const std::string& list) {
  if (maps != bins)
    throw FileError(
        fmt::format("{}: {} datasets in {}, but {} entries in {}", file.path().string(), maps, group, bins, list));
}

/// Which of the two dimensions of the map of bins is q; the other one is phi.
std::size_t dimension_of_q(const io::ArrayFile& file) {
  const std::vector<std::string> names = file.texts(qmap + "map_names");
  if (names.empty() || (names.size() == 2 && names[0] == "q" && names[1] == "phi")) return 0;
  if (names.size() == 2 && names[0] == "phi" && names[1] == "q") return 1;
  throw InputError(fmt::format("{}: {}map_names says that bins are in {}; the fit needs bins in q and phi",
                               file.path().string(), qmap, fmt::join(names, ", ")));
}

TwoTimeLayout nexus_layout(const io::ArrayFile& file) {
  const std::size_t of_q = dimension_of_q(file);
  std::vector<std::string> units = file.texts(qmap + "map_units");
  units.resize(2);
  TwoTimeLayout layout;
  layout.q_dataset = qmap + (of_q == 0 ? "dynamic_v_list_dim0" : "dynamic_v_list_dim1");
  layout.phi_dataset = qmap + (of_q == 0 ? "dynamic_v_list_dim1" : "dynamic_v_list_dim0");
  layout.wavenumbers = read_in_units(file, layout.q_dataset, wavenumber, units[of_q]);
  const std::vector<double> phi = read_in_units(file, layout.phi_dataset, direction, units[1 - of_q]);
  const auto count_q = static_cast<std::int64_t>(layout.wavenumbers.size());
  layout.directions = static_cast<std::int64_t>(phi.size());
  const std::int64_t grid = count_q * layout.directions, columns = of_q == 0 ? layout.directions : count_q;
  const std::string because = fmt::format("{} values of q and {} of phi have bins", count_q, layout.directions);
  std::vector<std::int64_t> places(static_cast<std::size_t>(grid));
  std::iota(places.begin(), places.end(), std::int64_t{0});
  if (file.has(qmap + "dynamic_index_mapping"))
    places = read_bins(file, qmap + "dynamic_index_mapping", 0, grid - 1, because);

  const std::vector<std::int64_t> bins =
      read_bins(file, twotime + "processed_bins", 1, static_cast<std::int64_t>(places.size()),
                places.size() == static_cast<std::size_t>(grid) ? because : "the bins with pixels are");
  const std::vector<std::string> names = datasets_in(file, twotime + "correlation_map/");
  check_count(file, names.size(), twotime + "correlation_map/", bins.size(), twotime + "processed_bins");
  for (std::size_t b = 0; b < bins.size(); ++b) {
    const std::int64_t place = places[static_cast<std::size_t>(bins[b] - 1)];
    const std::int64_t index[] = {place / columns, place % columns};
    const std::int64_t at = index[1 - of_q];
    layout.maps.push_back({names[b], index[of_q], phi[static_cast<std::size_t>(at)], at});
  }
  layout.step = frame_step(file, "/entry/instrument/detector_1/frame_time",
                           {twotime + "config/stride_frame", twotime + "config/avg_frame"});
  return layout;
}

/// Gives the maps, of which each has a wavenumber of its own, the common wavenumbers of those that are alike.
void join_wavenumbers(const std::vector<double>& q, TwoTimeLayout& layout) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < layout.maps.size(); ++k) order.push_back(k);
  const auto q_of = [&](std::size_t k) { return q[static_cast<std::size_t>(layout.maps[k].phi_place)]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return q_of(a) < q_of(b); });
  for (std::size_t start = 0, end = 0; start < order.size(); start = end) {
    double sum = 0.0;
    for (; end < order.size() && !(q_of(order[end]) > (1.0 + same_wavenumber) * q_of(order[start])); ++end) {
      layout.maps[order[end]].q_index = static_cast<std::int64_t>(layout.wavenumbers.size());
      sum += q_of(order[end]);
    }
    layout.wavenumbers.push_back(sum / static_cast<double>(end - start));
  }
}

/// The bins that datasets without a list belong to: their numbers, or their order where these do not ascend.
std::vector<std::int64_t> own_numbers(const std::vector<std::string>& names) {
  std::vector<std::int64_t> bins;
  bool ascending = true;
  for (const std::string& name : names) {
    ascending = ascending && (bins.empty() || number_of(name) > bins.back());
    bins.push_back(number_of(name));
  }
  if (!ascending || bins.empty() || bins.front() == 0)
    for (std::size_t b = 0; b < bins.size(); ++b) bins[b] = ascending ? bins[b] + 1 : static_cast<std::int64_t>(b) + 1;
  return bins;
}

/// A list of q holds NaN for bins without pixels. Some programs have counted these, some have not: the bins become
/// those of the list where only one of the two is possible.
void skip_empty_bins(const io::ArrayFile& file, const std::string& list, const std::vector<double>& q,
                     std::vector<std::int64_t>& bins) {
  std::vector<std::int64_t> filled;
  for (std::size_t k = 0; k < q.size(); ++k)
    if (std::isfinite(q[k])) filled.push_back(static_cast<std::int64_t>(k) + 1);
  bool counted = true, left_out = true, same = true;
  for (const std::int64_t bin : bins) {
    const auto at = static_cast<std::size_t>(bin - 1);
    counted = counted && std::isfinite(q[at]);
    left_out = left_out && at < filled.size();
    same = same && left_out && filled[at] == bin;
  }
  if (counted == left_out && !same)
    throw InputError(
        fmt::format("{}: {} has bins without pixels, and it cannot be told whether the numbers of bins "
                    "count them: {}",
                    file.path().string(), list, fmt::join(bins, ", ")));
  if (!counted)
    for (std::int64_t& bin : bins) bin = filled[static_cast<std::size_t>(bin - 1)];
}

TwoTimeLayout older_layout(const io::ArrayFile& file) {
  const auto either = [&](const char* name, const char* other) { return std::string(file.has(name) ? name : other); };
  TwoTimeLayout layout;
  layout.q_dataset = either("/xpcs/dqval", "/xpcs/dqlist");
  layout.phi_dataset = either("/xpcs/dphival", "/xpcs/dphilist");
  const std::vector<double> q = read_in_units(file, layout.q_dataset, wavenumber);
  const std::vector<double> phi = read_in_units(file, layout.phi_dataset, direction);
  const auto count_q = static_cast<std::int64_t>(q.size()), count_phi = static_cast<std::int64_t>(phi.size());
  layout.directions = count_phi;

  const std::string group = "/exchange/C2T_all/", list = "/xpcs/qphi_bin_to_process";
  const std::vector<std::string> names = datasets_in(file, group);
  std::vector<std::int64_t> bins;
  if (file.has(list)) {
    bins = read_bins(file, list, 1, std::max(count_q, count_q * count_phi),
                     fmt::format("{} values of q and {} of phi have bins", count_q, count_phi));
    check_count(file, names.size(), group, bins.size(), list);
  } else {
    bins = own_numbers(names);
  }
  const bool listed =
      count_q == count_phi && std::all_of(bins.begin(), bins.end(), [&](auto b) { return b <= count_q; });
  for (std::size_t b = 0; b < bins.size(); ++b)
    if (bins[b] > (listed ? count_q : count_q * count_phi))
      throw FileError(fmt::format("{}: {} is bin {}, but there are {} values of q and {} of phi", file.path().string(),
                                  names[b], bins[b], count_q, count_phi));
  if (listed) skip_empty_bins(file, layout.q_dataset, q, bins);
  for (std::size_t b = 0; b < bins.size(); ++b) {
    const std::int64_t place = bins[b] - 1, at = listed ? place : place % count_phi;
    layout.maps.push_back({names[b], listed ? 0 : place / count_phi, phi[static_cast<std::size_t>(at)], at});
  }
  if (listed)
    join_wavenumbers(q, layout);
  else
    layout.wavenumbers = q;
  layout.step =
      frame_step(file, "/measurement/instrument/detector/exposure_period", {"/xpcs/stride_frames", "/xpcs/avg_frames"});
  return layout;
}

}  // namespace

TwoTimeLayout two_time_layout(const io::ArrayFile& file) {
  const bool older = !file.has(qmap + "dynamic_v_list_dim0") && !datasets_in(file, "/exchange/C2T_all/").empty();
  return older ? older_layout(file) : nexus_layout(file);
}

}  // namespace ister::drivers
