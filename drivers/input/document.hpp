#pragma once
#include <toml++/toml.h>

#include <string>

namespace ister::drivers {

/// The text of an input file as TOML: UTF-8 with or without a byte order mark, lines that end with LF or CR LF. Throws
/// InputError, naming `source`, the place, the line and where it can what would be right.
toml::table parse_document(const std::string& text, const std::string& source);

/// Number of the first line too long to be meant (above 4096 characters), 0 for none. Keys of many thousand parts would
/// exhaust the stack.
std::size_t overlong_line(const std::string& text);

/// One line of printable characters, cut where it is long.
std::string shortened(std::string text, std::size_t longest = 60);

/// Whether a text holds control characters, those of Latin-1 in UTF-8 included.
bool has_control_characters(const std::string& text);

}  // namespace ister::drivers
