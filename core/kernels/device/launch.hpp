#pragma once
#include <algorithm>
#include <cstdint>
#include <string>

#include "core/error.hpp"
#include "core/execution.hpp"

/// Arrays where kernels run, and kernels with one work item for each of their entries. Labels are made once by who
/// launches: Kokkos would allocate them.
namespace ister::core::device {

template <class Value>
using Values = Kokkos::View<Value*, Memory>;
/// (row, column), each row contiguous.
template <class Value>
using Rows = Kokkos::View<Value**, Kokkos::LayoutRight, Memory>;

/// Numbers of the host where kernels run.
inline DeviceArray make_array(const double* values, std::int64_t count) {
  const Kokkos::View<const double*, Kokkos::HostSpace> host(values, count);
  const DeviceArray array("numbers", count);
  Kokkos::deep_copy(array, host);
  return array;
}

/// InputError unless an array has that many rows and columns.
template <class Value>
void expect_shape(const char* name, const Rows<Value>& array, std::int64_t rows, std::int64_t columns) {
  const auto has_rows = static_cast<std::int64_t>(array.extent(0)), has = static_cast<std::int64_t>(array.extent(1));
  if (has_rows != rows || has != columns)
    throw InputError(std::string(name) + " is an array of " + std::to_string(has_rows) + " x " + std::to_string(has) +
                     " where there have to be " + std::to_string(rows) + " x " + std::to_string(columns));
}

using Items = Kokkos::RangePolicy<Execution, Kokkos::IndexType<std::int64_t>>;

template <class Functor>
struct EntryCall {
  Functor functor;
  std::int64_t columns;
  KOKKOS_FUNCTION void operator()(std::int64_t item) const { functor(item / columns, item % columns); }
};

/// Calls functor(row, column) for all of them, in parallel.
template <class Functor>
void for_each_entry(const std::string& label, std::int64_t rows, std::int64_t columns, const Functor& functor) {
  Kokkos::parallel_for(label, Items(execution(), 0, rows * columns), EntryCall<Functor>{functor, columns});
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
  Kokkos::parallel_reduce(label, Items(execution(), 0, count), LeastItem<Predicate>{predicate},
                          Kokkos::Min<std::int64_t>(least));
  return std::min(least, count);
}

}  // namespace ister::core::device
