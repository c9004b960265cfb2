#pragma once
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ister::drivers {

/// Lets an option of an enumeration take its values by name; another name is an error that lists them.
template <class Enumeration>
CLI::Validator choice(const std::vector<std::pair<std::string, Enumeration>>& values) {
  return CLI::Validator(
      [values](std::string& text) -> std::string {
        std::vector<std::string> names;
        for (const auto& [name, value] : values) {
          if (name == text) {
            text = std::to_string(static_cast<int>(value));
            return "";
          }
          names.push_back(name);
        }
        return fmt::format("\"{}\" is not one of {}", text, fmt::join(names, ", "));
      },
      "");
}

}  // namespace ister::drivers
