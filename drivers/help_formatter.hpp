#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace ister::drivers {

/// `text` with line breaks in place of spaces, so that lines have at most `width` columns; what has no space stays
/// whole.
inline std::string wrapped(std::string text, std::size_t width) {
  std::size_t begin = 0, space = std::string::npos;  // of the line
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      begin = i + 1;
      space = std::string::npos;
    } else if (text[i] == ' ') {
      space = i;
    } else if (i - begin >= width && space != std::string::npos) {
      text[space] = '\n';
      begin = space + 1;
      space = std::string::npos;
    }
  }
  return text;
}

/// Help that fits into 116 columns.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(Formatter::make_option_desc(option), columns - column_width_);
  }
  std::string make_footer(const CLI::App* app) const override { return wrapped(Formatter::make_footer(app), columns); }

 private:
  static constexpr std::size_t columns = 116;
};

}  // namespace ister::drivers
