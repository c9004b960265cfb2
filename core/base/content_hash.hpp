#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace ister::core {

/// 128 bits that stand for everything that entered a ContentHash.
struct Digest {
  std::uint64_t first = 0, second = 0;

  friend bool operator==(const Digest& a, const Digest& b) { return a.first == b.first && a.second == b.second; }
  friend bool operator!=(const Digest& a, const Digest& b) { return !(a == b); }
};

/// Hashes numbers and texts by their bits, each with its length, so that ("ab", "c") differs from ("a", "bc"). Two
/// different contents meet by chance in one of 2^128 cases; no defence against contents made to meet.
class ContentHash {
 public:
  ContentHash& add(std::string_view text) { return add_bytes(text.data(), text.size()); }
  template <class T>
  ContentHash& add(const T* values, std::size_t count) {
    static_assert(std::is_arithmetic_v<T>, "other types may have padding, whose bits are arbitrary");
    return add_bytes(values, count * sizeof(T));
  }
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  ContentHash& add(T value) {
    return add(&value, 1);
  }

  [[nodiscard]] Digest digest() const { return m_state; }
  /// 16 hexadecimal digits, for names of files.
  [[nodiscard]] std::string short_text() const;

 private:
  ContentHash& add_bytes(const void* data, std::size_t bytes);
  void add_word(std::uint64_t word);

  Digest m_state{0x6a09e667f3bcc908, 0xbb67ae8584caa73b};  // the fractional parts of sqrt(2) and sqrt(3)
};

}  // namespace ister::core
