#include <algorithm>
#include <regex>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/input_file.hpp"

namespace ister::core {
namespace {

/// Length of the UTF-8 character that begins here; 0 where none does, or a control character.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return (first >= 0x20 && first != 0x7f) || first == '\n' || first == '\t' ? 1 : 0;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool control = first == 0xc2 && byte(1) < 0xa0;
  return control ? 0 : length;
}

}  // namespace

std::string printable(const std::string& text, std::size_t most) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(std::string_view(text).substr(i));
    if (result.size() + length > most) return result + "...";
    result += length == 0 ? "?" : text.substr(i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::string number_hint(const std::string& word) {
  using std::regex_match;
  static const std::string digits = R"([+-]?(\d+\.?\d*|\.\d+))";
  static const std::regex fortran(digits + "[dD][+-]?\\d+"), without_letter(digits + "[+-]\\d+"),
      decimal_comma(R"([+-]?\d+,\d+([eE][+-]?\d+)?)");
  if (word.size() > 60) return "";
  if (regex_match(word, fortran)) return " (an exponent as Fortran writes it: put E in place of D)";
  if (regex_match(word, without_letter)) return " (an exponent without its letter: put E before it)";
  if (regex_match(word, decimal_comma)) return " (numbers have a decimal point, and blanks between)";
  return word.find(',') != std::string::npos ? " (blanks separate numbers, not commas)" : "";
}

std::string foreign_format(const std::string& begin) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, const char*> known[] = {
      {"\x1f\x8b"sv, "compressed by gzip: unpack it with gunzip first"},
      {"BZh"sv, "compressed by bzip2: unpack it with bunzip2 first"},
      {"\xfd"
       "7zXZ"sv,
       "compressed by xz: unpack it with unxz first"},
      {"\x28\xb5\x2f\xfd"sv, "compressed by zstd: unpack it with unzstd first"},
      {"PK\x03\x04"sv, "a zip archive, as spreadsheets and numpy.savez write: unpack it, or save as text"},
      {"\x93NUMPY"sv, "an array of NumPy: write it as text with numpy.savetxt, or to HDF5 with h5py"},
      {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file, where text is expected"},
      {"\xff\xfe"sv, "text in UTF-16: save it as UTF-8"},
      {"\xfe\xff"sv, "text in UTF-16: save it as UTF-8"},
      {"\x7f"
       "ELF"sv,
       "a program"},
  };
  for (const auto& [signature, what] : known)
    if (std::string_view(begin).substr(0, signature.size()) == signature) return what;
  if (begin.find('\0') < 4096) return "binary, where text is expected";
  return "";
}

}  // namespace ister::core
