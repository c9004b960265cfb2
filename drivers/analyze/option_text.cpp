#include "drivers/analyze/option_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "core/base/error.hpp"

namespace ister::drivers {

std::vector<double> parse_numbers(const std::string& option, const std::string& text, char separator,
                                  const std::string& expected) {
  std::vector<double> numbers;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    char* rest = nullptr;
    const double number = std::strtod(word.c_str(), &rest);
    if (word.empty() || *rest != '\0' || !std::isfinite(number))
      throw InputError(fmt::format("{} \"{}\": expected {}", option, text, expected));
    numbers.push_back(number);
    begin = end + 1;
  }
  return numbers;
}

core::Interval parse_interval(const std::string& option, const std::string& text) {
  const std::string expected = "LOWER:UPPER, such as -10:10";
  const std::vector<double> ends = parse_numbers(option, text, ':', expected);
  if (ends.size() != 2) throw InputError(fmt::format("{} \"{}\": expected {}", option, text, expected));
  return {ends[0], ends[1]};
}

}  // namespace ister::drivers
