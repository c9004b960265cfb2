#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/parallel/execution.hpp"

/// Arrays in the memory of Execution.
namespace ister::core::device {

template <class Value>
using Values = Kokkos::View<Value*, Memory>;
/// (row, column), each row contiguous.
template <class Value>
using Rows = Kokkos::View<Value**, Kokkos::LayoutRight, Memory>;

/// The values of the host in an array of their own.
template <class Value>
Values<Value> array_of(const Value* values, std::int64_t count) {
  const Values<Value> array(Kokkos::view_alloc(Kokkos::WithoutInitializing, "values"), static_cast<std::size_t>(count));
  Kokkos::deep_copy(array, Kokkos::View<const Value*, Kokkos::HostSpace>(values, array.size()));
  return array;
}
template <class Value>
Values<Value> array_of(const std::vector<Value>& values) {
  return array_of(values.data(), static_cast<std::int64_t>(values.size()));
}

/// InputError unless an array has that many rows and columns.
template <class Value>
void expect_shape(const char* name, const Rows<Value>& array, std::int64_t rows, std::int64_t columns) {
  const auto has_rows = static_cast<std::int64_t>(array.extent(0)), has = static_cast<std::int64_t>(array.extent(1));
  if (has_rows != rows || has != columns)
    throw InputError(std::string(name) + " is an array of " + std::to_string(has_rows) + " x " + std::to_string(has) +
                     " where there have to be " + std::to_string(rows) + " x " + std::to_string(columns));
}

}  // namespace ister::core::device
