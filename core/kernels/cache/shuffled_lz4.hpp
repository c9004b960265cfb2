#pragma once
#include <cstddef>
#include <vector>

/// Lossless compression of arrays of numbers: LZ4 finds little in floating-point numbers as they stand, more once the
/// first bytes of all elements stand together, then the second ones, and so on.
namespace ister::core {

/// The compressed bytes, or nothing where they would not be fewer than `limit` (or the array exceeds LZ4's 2 GB).
std::vector<char> pack(const void* values, std::size_t element_size, std::size_t count, std::size_t limit);

/// The inverse of pack: fills `values`, which has room for `count` elements of that size. False where `packed` is not
/// what pack made of such an array.
bool unpack(const std::vector<char>& packed, std::size_t element_size, std::size_t count, void* values);

}  // namespace ister::core
