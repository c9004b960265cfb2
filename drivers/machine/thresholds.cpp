#include "drivers/machine/thresholds.hpp"

#include <fmt/format.h>

#include <limits>
#include <system_error>

#include "core/base/error.hpp"
#include "drivers/json_file.hpp"
#include "drivers/machine/cache_folder.hpp"
#include "drivers/machine/fingerprint.hpp"
#include "drivers/print.hpp"
#include "io/atomic_file.hpp"

namespace ister::drivers {

std::filesystem::path thresholds_file() {
  const std::filesystem::path folder = cache_folder();
  return folder.empty() ? folder : folder / ("thresholds-" + identify_machine().fingerprint() + ".json");
}

core::Thresholds read_thresholds(const std::filesystem::path& path) {
  const nlohmann::json json = read_json(path, "a file of thresholds");
  if (!json.is_object()) throw FileError(path.string() + ": not a file of thresholds");
  core::Thresholds thresholds;
  core::Thresholds::visit(thresholds, [&](const char* name, std::int64_t& value) {
    if (!json.contains(name)) return;
    const nlohmann::json& given = json[name];
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (!given.is_number_integer() || given < 1 || given.get<std::uint64_t>() > most)
      throw FileError(fmt::format("{}: {} is {}, a positive integer is expected", path.string(), name, shown(given)));
    value = given;
  });
  return thresholds;
}

core::Thresholds machine_thresholds() {
  const std::filesystem::path path = thresholds_file();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  try {
    return read_thresholds(path);
  } catch (const FileError& error) {
    print_error("ister: warning: {}; going on with the built-in ones (ister bench tune measures them anew)\n",
                error.what());
    return {};
  }
}

void write_thresholds(const std::filesystem::path& path, const core::Thresholds& thresholds) {
  if (path.empty()) throw FileError("there is no cache for the thresholds: set XDG_CACHE_HOME or HOME");
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) throw FileError(path.string() + ": its folder cannot be made: " + error.message());
  nlohmann::ordered_json json;
  core::Thresholds::visit(thresholds, [&](const char* name, std::int64_t value) { json[name] = value; });
  io::write_text_file(path, json.dump(1) + "\n");
}

}  // namespace ister::drivers
