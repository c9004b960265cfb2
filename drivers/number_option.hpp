#pragma once
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <string>
#include <type_traits>

// What options of numbers accept. The checks of CLI11 let NaN through.
namespace ister::drivers {

/// Numbers for which `allowed` holds, `expected` in words; never NaN or infinities.
template <class Allowed>
CLI::Validator number_that_is(const std::string& expected, const Allowed& allowed) {
  return CLI::Validator(
      [=](std::string& text) -> std::string {
        char* rest = nullptr;
        const double number = std::strtod(text.c_str(), &rest);
        if (!text.empty() && *rest == '\0' && std::isfinite(number) && allowed(number)) return "";
        return fmt::format("\"{}\" where {} is expected", text, expected);
      },
      "");
}

/// Both ends included.
template <class Number>
CLI::Validator between(Number lower, Number upper) {
  const std::string range = fmt::format("{} to {}", lower, upper);
  const char* kind = std::is_integral_v<Number> ? "a whole number from " : "a number from ";
  return number_that_is(kind + range,
                        [=](double x) {
                          return x >= static_cast<double>(lower) && x <= static_cast<double>(upper) &&
                                 (!std::is_integral_v<Number> || x == std::floor(x));
                        })
      .description(range);
}

/// Above 0, and such that products with what files hold stay finite.
inline CLI::Validator positive() {
  return number_that_is("a positive number up to 1e30", [](double x) { return x > 0 && x <= 1e30; });
}

/// 0 or positive.
inline CLI::Validator not_negative() {
  return number_that_is("a number from 0 to 1e30", [](double x) { return x >= 0 && x <= 1e30; });
}

}  // namespace ister::drivers
