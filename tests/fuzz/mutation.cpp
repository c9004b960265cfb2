#include "tests/fuzz/mutation.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace ister::fuzz {
namespace {

using Texts = std::vector<std::string>;

const Texts extreme_numbers{"0",     "-0",  "-1",   "1e400", "-1e400",      "1e-400",     "5e-324",
                            "1e308", "nan", "-nan", "inf",   "-inf",        "2147483648", "9223372036854775808",
                            "0x7f",  "1D3", "1_0",  "1.",    "0.1e+000009", "00:00:60",   "18446744073709551616"};
const Texts pieces{"\"",     "'",    "[",       "]",
                   "{",      "}",    "#",       "=",
                   ".",      ",",    ":",       "\\",
                   "\n",     "\r\n", "\t",      " ",
                   "\"\"\"", "--",   "-",       "\xef\xbb\xbf",
                   "\xc3",   "\xff", "\x1b[2J", std::string(1, '\0'),
                   "%s%n",   "../"};

bool in_word(unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-' || c == '/'; }

/// An integer of 1, 2, 4 or 8 bytes that lies at some limit.
std::string extreme_bytes(std::uint64_t choice) {
  static constexpr std::int64_t values[]{0, 1, -1, -2, 0x7f, 0x80, 0x7fff, 0x7fffffff, 0x10000, 0x7fffffffffffffff};
  const std::int64_t value = values[choice % std::size(values)];
  std::string bytes(std::size_t{1} << (choice / 16 % 4), '\0');
  std::memcpy(bytes.data(), &value, bytes.size());
  return bytes;
}

}  // namespace

Mutator::Mutator(const std::vector<std::string>& texts, std::size_t longest, std::uint64_t seed)
    : m_inputs(1), m_words(pieces), m_longest(longest), m_random(seed) {
  for (const std::string& text : texts) collect_words(text);
  m_words.insert(m_words.end(), extreme_numbers.begin(), extreme_numbers.end());
}

void Mutator::collect_words(const std::string& text) {
  for (auto end = text.begin(); end != text.end();) {
    const auto begin = std::find_if(end, text.end(), in_word);
    end = std::find_if_not(begin, text.end(), in_word);
    std::string word(begin, end);
    if (word.size() > 1 && word.size() < 64) m_words.push_back(std::move(word));
  }
  std::sort(m_words.begin(), m_words.end());
  m_words.erase(std::unique(m_words.begin(), m_words.end()), m_words.end());
}

std::string Mutator::next() {
  std::string text = any(m_inputs);
  for (std::size_t changes = std::size_t{1} << below(5); changes > 0; --changes) change(text);
  if (text.size() > m_longest) text.resize(m_longest);
  return text;
}

void Mutator::change(std::string& text) {
  const std::size_t at = below(text.size() + 1), length = below(std::min<std::size_t>(text.size() - at, 64) + 1);
  switch (below(8)) {
    case 0:
    case 1:
      return change_bytes(text);
    case 2:
      return change_lines(text);
    case 3:
      return change_number(text);
    case 4:
      return put(text, any(m_words));
    case 5:
      return put(text, text.substr(at, length));
    case 6: {  // the rest of another one
      const std::string& other = any(m_inputs);
      text = text.substr(0, at) + other.substr(below(other.size() + 1));
      return;
    }
    default:
      text.erase(at, below(16) == 0 ? std::string::npos : length);
  }
}

/// Into the text or over what is there.
void Mutator::put(std::string& text, const std::string& piece) {
  text.replace(below(text.size() + 1), below(2) * piece.size(), piece);
}

void Mutator::change_bytes(std::string& text) {
  if (text.empty()) return;
  char& byte = any(text);
  switch (below(3)) {
    case 0:
      byte = static_cast<char>(byte ^ (1 << below(8)));
      return;
    case 1:
      byte = static_cast<char>(m_random());
      return;
    default: {
      const std::string bytes = extreme_bytes(m_random());
      text.replace(below(text.size()), bytes.size(), bytes);
    }
  }
}

/// Drops a line, or copies it to another place.
void Mutator::change_lines(std::string& text) {
  const std::size_t middle = below(text.size() + 1), begin = text.rfind('\n', middle) + 1;
  if (begin > text.size()) return;
  const std::string line = text.substr(begin, text.find('\n', begin) - begin) + '\n';
  if (below(2) == 0) {
    text.erase(begin, line.size());
  } else {
    const std::size_t target = text.find('\n', below(text.size() + 1));
    text.insert(target == std::string::npos ? text.size() : target + 1, line);
  }
}

void Mutator::change_number(std::string& text) {
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  const auto begin =
      std::find_if(text.begin() + static_cast<std::ptrdiff_t>(below(text.size() + 1)), text.end(), is_digit);
  const auto end =
      std::find_if_not(begin, text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '.'; });
  text.replace(begin, end, any(extreme_numbers));
}

}  // namespace ister::fuzz
