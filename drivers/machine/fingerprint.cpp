#include "drivers/machine/fingerprint.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/base/content_hash.hpp"

namespace ister::drivers {
namespace {

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// The model that /proc/cpuinfo names, else the architecture.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  utsname system{};
  return uname(&system) == 0 ? system.machine : "unknown";
}

/// How many numbers a list such as "0-3,8" names.
int list_length(const std::string& list) {
  int count = 0;
  for (std::size_t start = 0; start < list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    const std::string range = list.substr(start, end - start);
    const std::size_t dash = range.find('-');
    count += dash == std::string::npos ? 1 : std::atoi(range.c_str() + dash + 1) - std::atoi(range.c_str()) + 1;
    start = end + 1;
  }
  return count;
}

std::vector<MachineIdentity::DataCache> data_caches() {
  std::vector<MachineIdentity::DataCache> caches;
  for (int index = 0;; ++index) {
    const std::filesystem::path folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index);
    const std::string type = first_line(folder / "type");
    if (type.empty()) return caches;
    if (type == "Instruction") continue;
    caches.push_back({std::atoi(first_line(folder / "level").c_str()), type,
                      std::atol(first_line(folder / "size").c_str()) * 1024,  // "32K"
                      list_length(first_line(folder / "shared_cpu_list"))});
  }
}

}  // namespace

std::string MachineIdentity::fingerprint() const {
  core::ContentHash hash;
  hash.add(processor).add(logical_processors);
  for (const DataCache& cache : caches) hash.add(cache.level).add(cache.type).add(cache.bytes).add(cache.shared_by);
  return hash.short_text();
}

MachineIdentity identify_machine() {
  return {processor_name(), static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)), data_caches()};
}

}  // namespace ister::drivers
