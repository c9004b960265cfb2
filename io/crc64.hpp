#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace ister::io {

/// CRC-64/XZ (ECMA-182 polynomial, reflected, initial value and final xor all ones) of `bytes` bytes.
/// `crc` continues from the checksum of the bytes before: crc64(b, n, crc64(a, m)) is the checksum of a followed by b.
std::uint64_t crc64(const void* data, std::size_t bytes, std::uint64_t crc = 0);

/// The same without instructions that not every machine has. Public so that both ways can be tested.
std::uint64_t crc64_portable(const void* data, std::size_t bytes, std::uint64_t crc = 0);

/// The checksum of a followed by b, from those of a and of b and the length of b in bytes.
std::uint64_t crc64_combine(std::uint64_t crc_a, std::uint64_t crc_b, std::uint64_t bytes_b);

/// What a piece of a longer text adds to the checksum of the whole, given how many bytes come after it: the exclusive
/// or of the shares of all pieces, in any order, is that checksum.
inline std::uint64_t crc64_share(std::uint64_t crc, std::uint64_t bytes_after) {
  return crc64_combine(crc, 0, bytes_after);
}

/// How checksums are written in files: 16 lower-case hexadecimal digits.
std::string crc64_text(std::uint64_t crc);

}  // namespace ister::io
