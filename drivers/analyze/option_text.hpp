#pragma once
#include <string>
#include <vector>

#include "core/kernels/angles/interval.hpp"

namespace ister::drivers {

/// Reads "LOWER:UPPER", two numbers, as options of analyses take them. InputError that names the option otherwise.
core::Interval parse_interval(const std::string& option, const std::string& text);

/// Reads numbers that are separated by a character, such as "1.5,-2". InputError that names the option otherwise.
std::vector<double> parse_numbers(const std::string& option, const std::string& text, char separator,
                                  const std::string& expected);

}  // namespace ister::drivers
