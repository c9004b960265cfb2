#include "core/base/content_hash.hpp"

#include <algorithm>
#include <cstring>

namespace ister::core {
namespace {

/// A bijection of 64-bit words in which every bit of the result depends on every bit of x: the finaliser of SplitMix64
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::uint64_t rotate(std::uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

}  // namespace

void ContentHash::add_word(std::uint64_t word) {
  const std::uint64_t bits = scramble(word);
  m_state.first = (rotate(m_state.first, 27) ^ bits) * 0x9e3779b97f4a7c15;  // odd factors: no state is lost
  m_state.second = (rotate(m_state.second, 31) + bits) * 0xd1b54a32d192ed03;
}

ContentHash& ContentHash::add_bytes(const void* data, std::size_t bytes) {
  add_word(bytes);
  const char* from = static_cast<const char*>(data);
  for (std::size_t done = 0; done < bytes; done += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + done, std::min(bytes - done, sizeof word));
    add_word(word);
  }
  return *this;
}

std::string ContentHash::short_text() const {
  std::string text(16, '0');
  std::uint64_t bits = scramble(m_state.first) ^ m_state.second;
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, bits >>= 4) *digit = "0123456789abcdef"[bits & 15];
  return text;
}

}  // namespace ister::core
