#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "drivers/bench/compare.hpp"
#include "drivers/json_file.hpp"
#include "io/posix.hpp"

namespace ister::drivers {
namespace {

using Json = nlohmann::json;

/// Seconds in the unit that an entry names.
double unit_of(const Json& entry, const std::string& where) {
  const std::string unit = entry.value("time_unit", "ns");
  for (const auto& [name, seconds] : {std::pair{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1.0}})
    if (unit == name) return seconds;
  throw FileError(fmt::format("{}: time_unit is \"{}\"; known are ns, us, ms and s", where, unit));
}

/// Adds the repetitions of one file as one run.
void add_run(const std::filesystem::path& path, const Json& json, BenchResults& results) {
  const auto entries = json.find("benchmarks");
  if (!json.is_object() || entries == json.end() || !entries->is_array())
    throw FileError(path.string() + ": not a file of benchmarks: it has no list \"benchmarks\"");
  std::vector<std::pair<std::string, std::vector<double>>> run;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Json& entry = (*entries)[i];
    const std::string where = fmt::format("{}: benchmarks[{}]", path.string(), i);
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string())
      throw FileError(where + " has no name");
    if (entry.value("run_type", "iteration") != "iteration" || entry.value("error_occurred", false)) continue;
    const std::string name = entry.value("run_name", entry["name"].get<std::string>());
    const auto time = entry.find("real_time");
    if (time == entry.end() || !time->is_number() || !(time->get<double>() > 0.0))
      throw FileError(fmt::format("{} ({}): real_time is {}, a positive number is expected", where, name,
                                  time == entry.end() ? "missing" : shown(*time)));
    auto found = std::find_if(run.begin(), run.end(), [&](const auto& r) { return r.first == name; });
    if (found == run.end()) found = run.insert(run.end(), {name, {}});
    found->second.push_back(time->get<double>() * unit_of(entry, where));
  }
  if (run.empty()) throw FileError(path.string() + ": it holds no repetition of any benchmark");
  for (auto& [name, seconds] : run) {
    auto found = std::find_if(results.timings.begin(), results.timings.end(),
                              [&, wanted = &name](const auto& t) { return t.first == *wanted; });
    if (found == results.timings.end()) found = results.timings.insert(results.timings.end(), {name, {}});
    found->second.push_back(std::move(seconds));
  }
}

}  // namespace

BenchResults read_bench_results(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files = {path};
  std::error_code unknown;  // reading tells what is wrong
  if (std::filesystem::is_directory(path, unknown)) {
    files.clear();
    for (const auto& entry : io::list_folder(path))
      if (entry.extension() == ".json") files.push_back(entry);
    if (files.empty()) throw FileError(path.string() + ": the folder holds no *.json");
  }
  BenchResults results{path.string(), {}, {}};
  for (const auto& file : files) {
    const Json json = read_json(file, "a file of benchmarks");
    try {
      add_run(file, json, results);
    } catch (const Json::exception& error) {
      throw FileError(fmt::format("{}: not a file of benchmarks: {}", file.string(), error.what()));
    }
    if (file == files.front() && json.contains("context") && json["context"].is_object())
      for (const auto& [key, value] : json["context"].items())
        if (value.is_primitive()) results.context[key] = value.is_string() ? value.get<std::string>() : shown(value);
  }
  return results;
}

}  // namespace ister::drivers
