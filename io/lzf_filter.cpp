#include "io/lzf_filter.hpp"

#include <hdf5.h>
#include <lzf.h>

#include <cstddef>

namespace ister::io::hdf5 {
namespace {

constexpr H5Z_filter_t lzf_filter = 32000;     // registered for h5py
constexpr std::size_t largest_expansion = 89;  // three bytes stand for 264 at most

/// HDF5's interface of a filter, of which only the way back is there: the chunk's size is its third value.
std::size_t decompress(unsigned flags, std::size_t count, const unsigned values[], std::size_t bytes, std::size_t* room,
                       void** buffer) {
  if ((flags & H5Z_FLAG_REVERSE) == 0) return 0;
  const std::size_t size = count > 2 && values[2] > 0 ? values[2] : largest_expansion * bytes;
  void* const chunk = H5allocate_memory(size, false);
  const unsigned written =
      chunk == nullptr ? 0 : lzf_decompress(*buffer, static_cast<unsigned>(bytes), chunk, static_cast<unsigned>(size));
  if (written == 0) {
    H5free_memory(chunk);
    return 0;
  }
  H5free_memory(*buffer);
  *buffer = chunk;
  *room = size;
  return written;
}

}  // namespace

void register_lzf_filter() {
  static constexpr H5Z_class2_t description = {H5Z_CLASS_T_VERS, lzf_filter, 0, 1, "lzf", nullptr, nullptr, decompress};
  H5Zregister(&description);
}

}  // namespace ister::io::hdf5
