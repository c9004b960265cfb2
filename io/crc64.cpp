#include "io/crc64.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Bits are reflected throughout: bit i of a word is the coefficient of x^(63-i) of a polynomial over GF(2).
namespace ister::io {
namespace {

constexpr std::uint64_t polynomial = 0xC96C5795D7870F42;  // without x^64
constexpr std::uint64_t one = std::uint64_t{1} << 63;

constexpr std::uint64_t times_x(std::uint64_t a) { return (a >> 1) ^ ((a & 1) != 0 ? polynomial : 0); }

constexpr std::uint64_t x_to_the(int n) {
  std::uint64_t power = one;
  for (int i = 0; i < n; ++i) power = times_x(power);
  return power;
}

constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  for (; a != 0; a <<= 1, b = times_x(b)) {
    if ((a & one) != 0) product ^= b;
  }
  return product;
}

/// tables[k][v]: byte v followed by k zero bytes.
constexpr auto tables = [] {
  std::array<std::array<std::uint64_t, 256>, 8> t{};
  for (std::uint64_t v = 0; v < 256; ++v) {
    t[0][v] = v;
    for (int bit = 0; bit < 8; ++bit) t[0][v] = times_x(t[0][v]);
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t v = 0; v < 256; ++v) t[k][v] = (t[k - 1][v] >> 8) ^ t[0][t[k - 1][v] & 0xFF];
  }
  return t;
}();

/// The remainder register after `bytes` more bytes, eight at a time (slicing-by-8).
std::uint64_t update_by_tables(const unsigned char* data, std::size_t bytes, std::uint64_t state) {
  for (; bytes >= 8; bytes -= 8, data += 8) {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    word ^= state;
    state = tables[7][word & 0xFF] ^ tables[6][(word >> 8) & 0xFF] ^ tables[5][(word >> 16) & 0xFF] ^
            tables[4][(word >> 24) & 0xFF] ^ tables[3][(word >> 32) & 0xFF] ^ tables[2][(word >> 40) & 0xFF] ^
            tables[1][(word >> 48) & 0xFF] ^ tables[0][word >> 56];
  }
  for (; bytes > 0; --bytes, ++data) state = (state >> 8) ^ tables[0][(state ^ *data) & 0xFF];
  return state;
}

#if defined(__x86_64__)
constexpr std::size_t fold_bytes = 64;

/// Carry-less multiplication folds 64 bytes onto the next 64: with S = low x^64 + high, S x^512 is congruent to
/// low (x^576 mod P) + high (x^512 mod P). A product of two reflected words carries one factor x of its own.
/// (Gopal et al., "Fast CRC computation for generic polynomials using PCLMULQDQ", Intel 2009.)
__attribute__((target("pclmul,sse4.1"))) std::uint64_t update_by_folding(const unsigned char* data, std::size_t blocks,
                                                                         std::uint64_t state) {
  constexpr std::uint64_t for_low = x_to_the(575), for_high = x_to_the(511);
  const __m128i factors = _mm_set_epi64x(static_cast<long long>(for_high), static_cast<long long>(for_low));
  const auto load = [&](int lane) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + lane); };
  const auto fold = [&](__m128i s) __attribute__((target("pclmul,sse4.1"))) {
    return _mm_xor_si128(_mm_clmulepi64_si128(s, factors, 0x00), _mm_clmulepi64_si128(s, factors, 0x11));
  };
  __m128i s0 = _mm_xor_si128(load(0), _mm_cvtsi64_si128(static_cast<long long>(state)));
  __m128i s1 = load(1), s2 = load(2), s3 = load(3);
  for (std::size_t block = 1; block < blocks; ++block) {
    data += fold_bytes;
    s0 = _mm_xor_si128(fold(s0), load(0));
    s1 = _mm_xor_si128(fold(s1), load(1));
    s2 = _mm_xor_si128(fold(s2), load(2));
    s3 = _mm_xor_si128(fold(s3), load(3));
  }
  const __m128i rest[] = {s0, s1, s2, s3};
  return update_by_tables(reinterpret_cast<const unsigned char*>(rest), fold_bytes, 0);
}

const bool can_fold = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
#endif

}  // namespace

std::uint64_t crc64_portable(const void* data, std::size_t bytes, std::uint64_t crc) {
  return ~update_by_tables(static_cast<const unsigned char*>(data), bytes, ~crc);
}

std::uint64_t crc64(const void* data, std::size_t bytes, std::uint64_t crc) {
#if defined(__x86_64__)
  if (can_fold && bytes >= 2 * fold_bytes) {
    const std::size_t blocks = bytes / fold_bytes, folded = blocks * fold_bytes;
    const auto* begin = static_cast<const unsigned char*>(data);
    return ~update_by_tables(begin + folded, bytes - folded, update_by_folding(begin, blocks, ~crc));
  }
#endif
  return crc64_portable(data, bytes, crc);
}

std::uint64_t crc64_combine(std::uint64_t crc_a, std::uint64_t crc_b, std::uint64_t bytes_b) {
  std::uint64_t shift = one, power = x_to_the(8);  // shift becomes x^(8 bytes_b)
  for (; bytes_b != 0; bytes_b >>= 1, power = multiply(power, power)) {
    if ((bytes_b & 1) != 0) shift = multiply(shift, power);
  }
  return multiply(crc_a, shift) ^ crc_b;
}

std::string crc64_text(std::uint64_t crc) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(crc));
  return text;
}

}  // namespace ister::io
