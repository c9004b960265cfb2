#include "core/parallel/execution.hpp"

namespace ister::core {

void set_zero(const DeviceArray& array) {
  if constexpr (on_host)
    std::fill_n(array.data(), array.size(), 0.0);
  else
    Kokkos::deep_copy(array, 0.0);
}

#ifdef ISTER_GPU
template <class Byte, class Space>
using Bytes = Kokkos::View<Byte*, Space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

template <class ToMemory, class FromMemory>
void copy_bytes(void* to, const void* from, std::size_t bytes) {
  Kokkos::deep_copy(Bytes<char, ToMemory>(static_cast<char*>(to), bytes),
                    Bytes<const char, FromMemory>(static_cast<const char*>(from), bytes));
}

using PinnedMemory = PinnedArray::memory_space;
template void copy_bytes<Memory, Memory>(void*, const void*, std::size_t);
template void copy_bytes<Memory, Kokkos::HostSpace>(void*, const void*, std::size_t);
template void copy_bytes<Kokkos::HostSpace, Memory>(void*, const void*, std::size_t);
template void copy_bytes<Memory, PinnedMemory>(void*, const void*, std::size_t);
template void copy_bytes<PinnedMemory, Memory>(void*, const void*, std::size_t);
#endif

}  // namespace ister::core
