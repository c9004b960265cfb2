#include "core/kernels/cache/shuffled_lz4.hpp"

#include <lz4.h>

namespace ister::core {

std::vector<char> pack(const void* values, std::size_t element_size, std::size_t count, std::size_t limit) {
  const std::size_t bytes = element_size * count;
  if (bytes == 0 || limit == 0 || bytes > LZ4_MAX_INPUT_SIZE) return {};
  const char* from = static_cast<const char*>(values);
  std::vector<char> shuffled(bytes);
  for (std::size_t b = 0; b < element_size; ++b)
    for (std::size_t i = 0; i < count; ++i) shuffled[b * count + i] = from[i * element_size + b];
  std::vector<char> packed(limit - 1);  // LZ4 gives up where that is not enough
  const int size =
      LZ4_compress_default(shuffled.data(), packed.data(), static_cast<int>(bytes), static_cast<int>(packed.size()));
  return {packed.data(), packed.data() + size};
}

bool unpack(const std::vector<char>& packed, std::size_t element_size, std::size_t count, void* values) {
  const std::size_t bytes = element_size * count;
  std::vector<char> shuffled(bytes);
  if (LZ4_decompress_safe(packed.data(), shuffled.data(), static_cast<int>(packed.size()), static_cast<int>(bytes)) !=
      static_cast<int>(bytes))
    return false;
  char* to = static_cast<char*>(values);
  for (std::size_t b = 0; b < element_size; ++b)
    for (std::size_t i = 0; i < count; ++i) to[i * element_size + b] = shuffled[b * count + i];
  return true;
}

}  // namespace ister::core
