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

/// How checksums are written in files: 16 lower-case hexadecimal digits.
std::string crc64_text(std::uint64_t crc);

}  // namespace ister::io
