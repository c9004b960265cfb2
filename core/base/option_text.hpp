#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/base/options.hpp"

/// Values and what they may be in words, written as in TOML.
namespace ister::core {

/// The shortest digits that read back to the same number: a TOML float.
std::string number_text(double value);

/// A TOML basic string.
std::string quoted(std::string_view text);

std::string list_text(const std::vector<int>& values);
std::string list_text(const std::vector<double>& values);

/// The value in TOML; empty where it is absent.
std::string value_text(const OptionValue& value);

/// "a", "b"
std::string quoted_list(const std::vector<std::string>& texts);

/// What a value of the kind of `kind` must look like, such as "a number > 0"; without its unit.
std::string kind_text(const Rule& rule, const OptionValue& kind);

/// Its unit behind a blank, as " [fm]", or nothing. `system`: "natural", "gev-fm", or empty for both.
std::string unit_text(Unit unit, const std::string& system);

}  // namespace ister::core
