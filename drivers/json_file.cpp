#include "drivers/json_file.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"

namespace ister::drivers {

using Json = nlohmann::json;

Json read_json(const std::filesystem::path& path, const std::string& what) {
  constexpr std::size_t most_bytes = 100'000'000;
  constexpr int most_levels = 64;
  const std::string text = core::read_text(path, most_bytes, what);
  const auto not_too_deep = [&](int level, Json::parse_event_t, Json&) {
    if (level > most_levels)
      throw FileError(fmt::format("{}: not {}: nested deeper than {} levels", path.string(), what, most_levels));
    return true;
  };
  try {
    return Json::parse(text, not_too_deep);
  } catch (const Json::parse_error& error) {
    throw FileError(fmt::format("{}: not valid JSON, or cut off: wrong at byte {}", path.string(), error.byte));
  } catch (const Json::out_of_range&) {
    throw FileError(fmt::format("{}: not {}: a number in it is too large", path.string(), what));
  }
}

std::string shown(const Json& value) {
  return core::printable(value.dump(-1, ' ', false, Json::error_handler_t::replace), 80);
}

}  // namespace ister::drivers
