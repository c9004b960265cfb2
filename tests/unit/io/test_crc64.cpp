#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <vector>

#include "io/crc64.hpp"

namespace ister::tests {
namespace {

using namespace io;

/// The definition, bit by bit.
std::uint64_t by_definition(const std::vector<unsigned char>& data) {
  std::uint64_t state = ~std::uint64_t{0};
  for (const unsigned char byte : data) {
    state ^= byte;
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) != 0 ? 0xC96C5795D7870F42 : 0);
  }
  return ~state;
}

std::vector<unsigned char> random_bytes(std::size_t count) {
  std::mt19937 generator(static_cast<unsigned>(count));
  std::vector<unsigned char> data(count);
  for (auto& byte : data) byte = static_cast<unsigned char>(generator());
  return data;
}

TEST(Crc64, MatchesThePublishedCheckValue) {
  EXPECT_EQ(crc64("123456789", 9), 0x995DC9BBDF1939FAu);
  EXPECT_EQ(crc64(nullptr, 0), 0u);
}

TEST(Crc64, BothWaysMatchTheDefinitionAtEveryLength) {
  for (std::size_t length = 0; length < 700; ++length) {
    const auto data = random_bytes(length);
    const std::uint64_t expected = by_definition(data);
    ASSERT_EQ(crc64(data.data(), length), expected) << length;
    ASSERT_EQ(crc64_portable(data.data(), length), expected) << length;
  }
}

TEST(Crc64, ContinuesAndCombines) {
  const auto data = random_bytes(1000);
  const std::uint64_t whole = crc64(data.data(), data.size());
  for (const std::size_t cut : {0, 1, 7, 64, 128, 129, 500, 999, 1000}) {
    const std::uint64_t first = crc64(data.data(), cut);
    const std::uint64_t second = crc64(data.data() + cut, data.size() - cut);
    EXPECT_EQ(crc64(data.data() + cut, data.size() - cut, first), whole) << cut;
    EXPECT_EQ(crc64_combine(first, second, data.size() - cut), whole) << cut;
  }
}

TEST(Crc64, CombinesPartsOfAnyLength) {
  // Zero bytes appended one by one and in one go; lengths beyond 32 bits follow from the associative law.
  const std::uint64_t a = crc64("abc", 3);
  std::uint64_t zeros = 0;
  for (int i = 0; i < 100; ++i) zeros = crc64("", 1, zeros);
  EXPECT_EQ(crc64_combine(a, zeros, 100), [&] {
    std::uint64_t c = a;
    for (int i = 0; i < 100; ++i) c = crc64("", 1, c);
    return c;
  }());
  const std::uint64_t huge = std::uint64_t{1} << 36, b = 0x123456789abcdef0, c = 0x0fedcba987654321;
  EXPECT_EQ(crc64_combine(crc64_combine(a, b, huge), c, huge), crc64_combine(a, crc64_combine(b, c, huge), 2 * huge));
}

TEST(Crc64, SharesOfPiecesAddUpInAnyOrder) {
  const auto data = random_bytes(1000);
  std::uint64_t whole = 0;
  for (const std::array<std::size_t, 2>& piece :
       {std::array<std::size_t, 2>{700, 1000}, {0, 1}, {300, 300}, {1, 300}, {300, 700}})
    whole ^= crc64_share(crc64(data.data() + piece[0], piece[1] - piece[0]), data.size() - piece[1]);
  EXPECT_EQ(whole, crc64(data.data(), data.size()));
}

TEST(Crc64, IsWrittenAsSixteenDigits) { EXPECT_EQ(crc64_text(0xab), "00000000000000ab"); }

}  // namespace
}  // namespace ister::tests
