#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/parallel/execution.hpp"

namespace ister::core {

/// Zeros in host memory, aligned and on huge pages like the arrays of a pool on the host.
HostArray make_host_array(std::int64_t count);

/// Lends arrays of doubles and takes them back for reuse, so that nothing is allocated once a program has warmed up.
/// Arrays are 64-byte aligned, start out as zeros when first made, and on the host lie on huge pages where the
/// system offers them (+20 % on passes over memory).
///
/// A pool that counts lends nothing but null pointers and allocates nothing: what takes its arrays from a pool is made
/// from such a one to learn how much memory it needs. Its makers leave alone what such a pool lends.
class ArrayPool {
  struct Block {
    DeviceArray array;
    std::int64_t size = 0;
    bool lent = false;
  };

 public:
  enum class Mode { lend, count };

  /// Exclusive use of an array until destruction. Must not outlive its pool.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept { swap(other); }
    Lease& operator=(Lease&& other) noexcept {
      swap(other);
      return *this;
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();

    [[nodiscard]] double* data() const { return m_block ? m_block->array.data() : nullptr; }
    [[nodiscard]] std::int64_t size() const { return m_size; }
    [[nodiscard]] DeviceArray view() const;

   private:
    friend class ArrayPool;
    Lease(ArrayPool* pool, Block* block, std::int64_t size) : m_pool(pool), m_block(block), m_size(size) {}
    void swap(Lease& other) noexcept;

    ArrayPool* m_pool = nullptr;
    Block* m_block = nullptr;
    std::int64_t m_size = 0;
  };

  struct Statistics {
    std::int64_t requests = 0;    ///< leases asked for
    std::int64_t reused = 0;      ///< of these, served without an allocation
    std::int64_t bytes = 0;       ///< owned now, lent or not
    std::int64_t bytes_lent = 0;  ///< lent now
    std::int64_t high_water = 0;  ///< largest bytes_lent so far
  };

  explicit ArrayPool(Mode mode = Mode::lend) : m_mode(mode) {}
  ArrayPool(const ArrayPool&) = delete;
  ArrayPool& operator=(const ArrayPool&) = delete;

  /// An array of at least `count` doubles. Reused arrays hold whatever their last user left.
  Lease acquire(std::int64_t count);

  /// From now on a request that would allocate is an internal error: called after warm-up.
  void freeze() { m_frozen = true; }
  [[nodiscard]] const Statistics& statistics() const { return m_statistics; }
  [[nodiscard]] bool counts() const { return m_mode == Mode::count; }

 private:
  std::vector<std::unique_ptr<Block>> m_blocks;
  Statistics m_statistics;
  Mode m_mode;
  bool m_frozen = false;
};

}  // namespace ister::core
