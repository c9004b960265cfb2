#include "drivers/analyze/fit_sigma.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "core/base/error.hpp"
#include "drivers/analyze/fit_parameters.hpp"

namespace ister::drivers {
namespace {

void check(const std::vector<std::string>& texts, double value, const std::string& where) {
  if (!(value > 0.0) || !std::isnormal(value * value))
    throw InputError(fmt::format("--sigma {}: {}{} has to be a positive number", fmt::join(texts, " "), value, where));
}

/// Where the used angle a stands among `count` of them, which are those used or all.
std::size_t place(const TwoTimeData& data, std::size_t a, std::size_t count) {
  return count == data.angles.size() ? a : data.angle_places[a];
}

std::vector<double> of_entries(const std::vector<std::string>& texts, const io::Array& all, const TwoTimeData& data,
                               bool diagonal) {
  const std::size_t angles = all.extents[0], n = data.all_frames;
  if ((angles != data.angles.size() && angles != data.all_angles) || all.extents[1] != n || all.extents[2] != n)
    throw InputError(fmt::format("--sigma: {} has the shape {}, where {} x {} x {} is needed", texts.front(),
                                 fmt::join(all.extents, " x "), data.angles.size(), n, n));
  std::vector<double> values;
  for (std::size_t a = 0; a < data.angles.size(); ++a)
    for (const std::int64_t i : data.frames)
      for (const std::int64_t j : data.frames) {
        values.push_back(
            all.values[(place(data, a, angles) * n + static_cast<std::size_t>(i)) * n + static_cast<std::size_t>(j)]);
        if (i < j || (i == j && diagonal))
          check(texts, values.back(), fmt::format(" at angle {}, frames ({}, {})", a, i, j));
      }
  return values;
}

}  // namespace

std::vector<double> fit_sigma(const std::vector<std::string>& texts, const io::ArrayFile& file, const TwoTimeData& data,
                              bool diagonal) {
  io::Array all;
  if (texts.size() == 1 && texts.front().front() == '/') {
    all = file.read(texts.front());
    if (all.extents.size() == 3) return of_entries(texts, all, data, diagonal);
  } else {
    for (const std::string& text : texts) all.values.push_back(finite_number(text, "--sigma"));
  }
  const std::size_t count = all.values.size(), angles = data.angles.size();
  if (count != 1 && count != angles && count != data.all_angles)
    throw InputError(
        fmt::format("--sigma: {} values of sigma; there can be 1, or one for each of the {} angles", count, angles));
  std::vector<double> values;
  for (std::size_t a = 0; a < (count == 1 ? 1 : angles); ++a)
    values.push_back(all.values[count == 1 ? 0 : place(data, a, count)]);
  for (const double value : values) check(texts, value, "");
  return values;
}

}  // namespace ister::drivers
