#pragma once
#include <cmath>
#include <cstdint>

#include "core/base/inline.hpp"

/// Counter-based random numbers: a value is a pure function of (seed, counter), so it depends neither on the order
/// of evaluation nor on ranks and threads. The counter is what the number is for: point, component, step.
namespace ister {

/// 128 random bits.
struct RandomBits {
  std::uint32_t a, b, c, d;
};

/// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11.
ISTER_INLINE RandomBits philox(RandomBits counter, std::uint64_t key) {
  std::uint32_t k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p = std::uint64_t{0xD2511F53u} * counter.a, q = std::uint64_t{0xCD9E8D57u} * counter.c;
    counter = {static_cast<std::uint32_t>(q >> 32) ^ counter.b ^ k0, static_cast<std::uint32_t>(q),
               static_cast<std::uint32_t>(p >> 32) ^ counter.d ^ k1, static_cast<std::uint32_t>(p)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return counter;
}

/// What a random number is for; different counters give independent numbers.
struct RandomCounter {
  std::uint64_t index = 0;   ///< global index of the point or mode
  std::uint32_t stream = 0;  ///< component or purpose
  std::uint32_t step = 0;
};

ISTER_INLINE RandomBits random_bits(std::uint64_t seed, const RandomCounter& counter) {
  return philox({static_cast<std::uint32_t>(counter.index), static_cast<std::uint32_t>(counter.index >> 32),
                 counter.stream, counter.step},
                seed);
}

/// Uniform in the open interval (0, 1): the centres of 2^52 equal parts, all exact in double precision.
ISTER_INLINE double uniform_from_bits(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (std::uint64_t{high} << 20) | (low >> 12);
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

struct RandomPair {
  double first, second;
};

/// Two independent uniform numbers in (0, 1).
ISTER_INLINE RandomPair random_uniforms(std::uint64_t seed, const RandomCounter& counter) {
  const RandomBits bits = random_bits(seed, counter);
  return {uniform_from_bits(bits.a, bits.b), uniform_from_bits(bits.c, bits.d)};
}

/// Two independent standard normal numbers (Box-Muller).
ISTER_INLINE RandomPair random_normals(std::uint64_t seed, const RandomCounter& counter) {
  const RandomPair u = random_uniforms(seed, counter);
  const double radius = std::sqrt(-2.0 * std::log(u.first)), angle = 6.283185307179586476925 * u.second;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace ister
