#include "core/grid/array_pool.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <type_traits>
#include <utility>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

constexpr std::int64_t bytes_of(std::int64_t count) { return count * static_cast<std::int64_t>(sizeof(double)); }

/// Requests are rounded up to size classes an eighth of a power of two apart, so that nearly equal ones share.
std::int64_t size_class(std::int64_t count) {
  std::int64_t step = 8;
  while (step * 16 <= count) step *= 2;
  return (count + step - 1) / step * step;
}

void ask_for_huge_pages([[maybe_unused]] double* data, [[maybe_unused]] std::int64_t count) {
#if defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t page = std::uintptr_t{1} << 21;
  const auto start = reinterpret_cast<std::uintptr_t>(data),
             bytes = sizeof(double) * static_cast<std::uintptr_t>(count);
  const std::uintptr_t skipped = (page - start % page) % page;
  // Only advice: a kernel without huge pages is slower, not wrong.
  if (skipped + page <= bytes)
    madvise(reinterpret_cast<char*>(data) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE);
#endif
}

template <class Array>
Array make_zeros(std::int64_t size) {
  Array array(Kokkos::ViewAllocateWithoutInitializing("pool"), static_cast<std::size_t>(size));
  if constexpr (std::is_same_v<Array, HostArray>) ask_for_huge_pages(array.data(), size);
  Kokkos::deep_copy(array, 0.0);
  return array;
}

}  // namespace

HostArray make_host_array(std::int64_t count) { return make_zeros<HostArray>(count); }

ArrayPool::Lease::~Lease() {
  if (m_block == nullptr) return;
  m_block->lent = false;
  m_pool->m_statistics.bytes_lent -= bytes_of(m_block->size);
}

void ArrayPool::Lease::swap(Lease& other) noexcept {
  std::swap(m_pool, other.m_pool);
  std::swap(m_block, other.m_block);
  std::swap(m_size, other.m_size);
}

DeviceArray ArrayPool::Lease::view() const { return DeviceArray(data(), static_cast<std::size_t>(m_size)); }

ArrayPool::Lease ArrayPool::acquire(std::int64_t count) {
  ISTER_REQUIRE(count >= 0);
  const std::int64_t size = size_class(std::max<std::int64_t>(count, 1));
  ++m_statistics.requests;
  Block* found = nullptr;
  for (const auto& block : m_blocks)
    if (!block->lent && block->size == size) found = block.get();
  if (found != nullptr) {
    ++m_statistics.reused;
  } else {
    ISTER_REQUIRE(!m_frozen);
    auto block = std::make_unique<Block>();
    if (!counts()) block->array = make_zeros<DeviceArray>(size);
    block->size = size;
    m_statistics.bytes += bytes_of(size);
    found = block.get();
    m_blocks.push_back(std::move(block));
  }
  found->lent = true;
  m_statistics.bytes_lent += bytes_of(size);
  m_statistics.high_water = std::max(m_statistics.high_water, m_statistics.bytes_lent);
  return Lease(this, found, count);
}

}  // namespace ister::core
