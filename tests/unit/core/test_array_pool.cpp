#include "core/grid/array_pool.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.hpp"

namespace ister::tests {
namespace {

using namespace core;

TEST(ArrayPool, ArraysAreAlignedAndStartAsZeros) {
  ArrayPool pool;
  for (const std::int64_t count : {1, 7, 8, 1000, 300000}) {
    const ArrayPool::Lease lease = pool.acquire(count);
    EXPECT_EQ(lease.size(), count);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(lease.data()) % 64, 0u);
    std::vector<double> values(static_cast<std::size_t>(count), 1.0);
    const Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryUnmanaged> host(values.data(), values.size());
    Kokkos::deep_copy(host, lease.view());
    EXPECT_EQ(std::count(values.begin(), values.end(), 0.0), count);
  }
}

TEST(ArrayPool, WhatIsLentDoesNotOverlap) {
  ArrayPool pool;
  std::vector<ArrayPool::Lease> leases;
  for (const std::int64_t count : {5, 100, 100, 3000, 100, 5, 1}) leases.push_back(pool.acquire(count));
  for (std::size_t i = 0; i < leases.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_TRUE(leases[i].data() + leases[i].size() <= leases[j].data() ||
                  leases[j].data() + leases[j].size() <= leases[i].data());
}

TEST(ArrayPool, ReturnedArraysAreReusedWithinTheirSizeClass) {
  ArrayPool pool;
  const double* first = pool.acquire(1000).data();  // returned at once
  const ArrayPool::Lease again = pool.acquire(1001);
  EXPECT_EQ(again.data(), first);
  EXPECT_EQ(pool.statistics().reused, 1);
  const ArrayPool::Lease larger = pool.acquire(2000);
  EXPECT_NE(larger.data(), first);
  EXPECT_EQ(pool.statistics().requests, 3);
  EXPECT_EQ(pool.statistics().reused, 1);
}

TEST(ArrayPool, ClassesWasteAtMostAnEighth) {
  for (const std::int64_t count : {64, 1000, 12345, 999999}) {
    ArrayPool pool;
    const ArrayPool::Lease lease = pool.acquire(count);
    const auto bytes = static_cast<double>(pool.statistics().bytes);
    EXPECT_GE(bytes, 8.0 * static_cast<double>(count));
    EXPECT_LE(bytes, 9.0 * static_cast<double>(count) + 64.0);
  }
}

TEST(ArrayPool, LeasesMoveAndReturnOnce) {
  ArrayPool pool;
  {
    ArrayPool::Lease a = pool.acquire(100), b;
    const double* data = a.data();
    b = std::move(a);
    EXPECT_EQ(b.data(), data);
    const ArrayPool::Lease c = std::move(b);
    EXPECT_EQ(c.data(), data);
    EXPECT_GT(pool.statistics().bytes_lent, 0);
  }
  EXPECT_EQ(pool.statistics().bytes_lent, 0);
  EXPECT_EQ(pool.statistics().high_water, pool.statistics().bytes);
}

TEST(ArrayPool, FrozenItServesOnlyFromWhatItHas) {
  ArrayPool pool;
  { const ArrayPool::Lease warm_up = pool.acquire(100); }
  pool.freeze();
  const ArrayPool::Lease served = pool.acquire(100);
  EXPECT_THROW(pool.acquire(100), Error);
}

TEST(ArrayPool, ACountingPoolAllocatesNothingAndCountsAlike) {
  constexpr std::int64_t enormous = std::int64_t{1} << 50;
  ArrayPool counting(ArrayPool::Mode::count);
  const ArrayPool::Lease unreal = counting.acquire(enormous);
  EXPECT_EQ(unreal.data(), nullptr);
  EXPECT_EQ(unreal.size(), enormous);
  EXPECT_EQ(counting.statistics().bytes, 8 * enormous);

  ArrayPool lending, alike(ArrayPool::Mode::count);
  for (ArrayPool* pool : {&lending, &alike}) {
    { const ArrayPool::Lease passing = pool->acquire(1000); }
    const ArrayPool::Lease again = pool->acquire(1001), other = pool->acquire(77);
  }
  EXPECT_EQ(alike.statistics().bytes, lending.statistics().bytes);
  EXPECT_EQ(alike.statistics().high_water, lending.statistics().high_water);
  EXPECT_EQ(alike.statistics().reused, lending.statistics().reused);
  EXPECT_EQ(alike.statistics().bytes_lent, 0);
}

}  // namespace
}  // namespace ister::tests
