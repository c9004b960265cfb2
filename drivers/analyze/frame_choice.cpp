#include "drivers/analyze/frame_choice.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/base/error.hpp"

namespace ister::drivers {
namespace {

/// The whole number that a text is, `absent` where it is empty.
std::int64_t frame_number(const char* option, const std::string& whole, const std::string& text, std::int64_t absent) {
  if (text.empty()) return absent;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(fmt::format("{}: \"{}\" has to be a frame or a range of frames A:B", option, whole));
  return number;
}

/// Sets the entries of the frames to `value`.
void mark(const char* option, const std::vector<std::string>& ranges, char value, std::vector<char>& used) {
  const auto frames = static_cast<std::int64_t>(used.size());
  for (const std::string& text : ranges) {
    const std::size_t colon = text.find(':');
    const bool one = colon == std::string::npos;
    const std::int64_t first = frame_number(option, text, text.substr(0, colon), one ? -1 : 0);
    const std::int64_t end = one ? first + 1 : frame_number(option, text, text.substr(colon + 1), frames);
    if (first < 0 || first >= end || end > frames)
      throw InputError(fmt::format("{}: \"{}\" is no range of the {} frames 0 to {} (A:B ends before B)", option, text,
                                   frames, frames - 1));
    std::fill(used.begin() + first, used.begin() + end, value);
  }
}

}  // namespace

std::vector<std::int64_t> FrameChoice::of(const io::ArrayFile& file, std::int64_t frames) const {
  std::vector<char> used(static_cast<std::size_t>(frames), only.empty() ? 1 : 0);
  mark("--frames", only, 1, used);
  for (std::size_t i = 0, count = 0; i < used.size(); ++i)
    if (used[i] != 0 && count++ % static_cast<std::size_t>(stride) != 0) used[i] = 0;
  mark("--exclude", excluded, 0, used);
  if (!mask.empty()) {
    const std::vector<double> values = file.read(mask).values;
    if (values.size() != used.size())
      throw InputError(fmt::format("{}: --mask {} has {} numbers, but there are {} frames", file.path().string(), mask,
                                   values.size(), frames));
    for (std::size_t i = 0; i < used.size(); ++i)
      if (values[i] == 0.0) used[i] = 0;
  }
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i] != 0) chosen.push_back(static_cast<std::int64_t>(i));
  return chosen;
}

}  // namespace ister::drivers
