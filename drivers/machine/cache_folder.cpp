#include "drivers/machine/cache_folder.hpp"

#include <cstdlib>
#include <string>

namespace ister::drivers {

std::filesystem::path cache_folder() {
  const auto value = [](const char* name) -> std::string {
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
  };
  if (const std::string cache = value("XDG_CACHE_HOME"); !cache.empty()) return std::filesystem::path(cache) / "ister";
  if (const std::string home = value("HOME"); !home.empty()) return std::filesystem::path(home) / ".cache" / "ister";
  return {};
}

}  // namespace ister::drivers
