#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace ister::drivers {

/// A JSON file. FileError for what cannot be read, is larger than such files are, no JSON, nested without end, or holds
/// numbers that no double can. `what` it should be, such as "a file of benchmarks".
nlohmann::json read_json(const std::filesystem::path& path, const std::string& what);

/// A value as messages show it: short and on one line.
std::string shown(const nlohmann::json& value);

}  // namespace ister::drivers
