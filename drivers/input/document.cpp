#include "drivers/input/document.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"

namespace ister::drivers {
namespace {

/// UTF-16 or UTF-32, by its byte order mark or by the zeros between the letters of its first words.
bool is_wide(std::string_view text) {
  const std::string_view mark = text.substr(0, 2);
  if (mark == "\xff\xfe" || mark == "\xfe\xff") return true;
  const auto zeros_from = [&](std::size_t i) {
    return text[i] == '\0' && text[i + 2] == '\0' && text[1 - i] != '\0' && text[3 - i] != '\0';
  };
  return text.size() >= 4 && (zeros_from(0) || zeros_from(1));
}

/// What would be right, for the mistakes that people make, by what the parser says of them.
std::string hint(std::string_view description) {
  static constexpr std::pair<std::string_view, std::string_view> hints[] = {
      {"value type", "a string needs quotes"},
      {"boolean", "true and false are written small"},
      {"floating-point", "numbers are written like 5.0, 0.5 or 1.5e-3"},
      {"integer", "numbers are written like 5.0, 0.5 or 1.5e-3"},
      {"comment or whitespace", "one value a key, without a unit, its decimals after a point"},
      {"escape sequence", "in single quotes a backslash stands for itself"},
      {"inline table", "a table in braces stands on one line"},
      {"redefine existing table", "all keys of a section stand together"},
      {"saw ':'", "a key and its value are joined by ="},
      {"utf-8", "save the file as UTF-8"},
      {"after '\\r'", "lines end with LF or CR LF"},
  };
  const auto* const found = std::find_if(std::begin(hints), std::end(hints), [&](const auto& entry) {
    return description.find(entry.first) != std::string_view::npos;
  });
  return found == std::end(hints) ? "" : "; " + std::string(found->second);
}

std::string line_of(const std::string& text, std::size_t number) {
  std::size_t begin = 0;
  for (std::size_t line = 1; line < number && begin < text.size(); ++line)
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

}  // namespace

std::string shortened(std::string text, std::size_t longest) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text.size() <= longest ? text : text.substr(0, longest - 3) + "...";
}

bool has_control_characters(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (c < 0x20 || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0)) return true;
  }
  return false;
}

std::size_t overlong_line(const std::string& text) {
  constexpr std::size_t longest = 4096;
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > longest) return number;
    begin = end + 1;
  }
  return 0;
}

toml::table parse_document(const std::string& text, const std::string& source) {
  if (is_wide(text)) throw InputError(source + ": not valid TOML: UTF-16 or UTF-32 text; save the file as UTF-8");
  if (const std::size_t line = overlong_line(text); line > 0)
    throw InputError(source + ":" + std::to_string(line) + ": longer than 4096 characters");
  try {
    return toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    const std::string line = shortened(line_of(text, at.line));
    throw InputError(source + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                     ": not valid TOML: " + shortened(std::string(error.description()), 200) +
                     (line.empty() ? "" : ", in: " + line) + hint(error.description()));
  }
}

}  // namespace ister::drivers
