#pragma once
#include <algorithm>
#include <cstdint>
#include <string>

#include "core/kernels/device/arrays.hpp"

/// Kernels with one work item for each entry of an array. Labels are made once by who launches: Kokkos would allocate
/// them.
namespace ister::core::device {

using Items = Kokkos::RangePolicy<Execution, Kokkos::IndexType<std::int64_t>>;
inline Items items(std::int64_t count) { return {execution(), 0, count}; }

template <class Functor>
struct EntryCall {
  Functor functor;
  std::int64_t columns;
  KOKKOS_FUNCTION void operator()(std::int64_t item) const { functor(item / columns, item % columns); }
};

/// Calls functor(row, column) for all of them, in parallel.
template <class Functor>
void for_each_entry(const std::string& label, std::int64_t rows, std::int64_t columns, const Functor& functor) {
  Kokkos::parallel_for(label, items(rows * columns), EntryCall<Functor>{functor, columns});
}

template <class Predicate>
struct LeastItem {
  Predicate predicate;
  KOKKOS_FUNCTION void operator()(std::int64_t item, std::int64_t& least) const {
    if (item < least && predicate(item)) least = item;
  }
};

/// The least item of 0 .. count - 1 of which the predicate is true, or `count`. Waits for the answer.
template <class Predicate>
std::int64_t first_where(const std::string& label, std::int64_t count, const Predicate& predicate) {
  std::int64_t least = count;
  Kokkos::parallel_reduce(label, items(count), LeastItem<Predicate>{predicate}, Kokkos::Min<std::int64_t>(least));
  return std::min(least, count);
}

}  // namespace ister::core::device
