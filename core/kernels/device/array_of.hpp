#pragma once
#include <vector>

#include "core/execution.hpp"

namespace ister::core::device {

/// The values in an array of its own in the memory of Execution.
template <class Value>
Kokkos::View<Value*, Memory> array_of(const std::vector<Value>& values) {
  const Kokkos::View<Value*, Memory> array(Kokkos::view_alloc(Kokkos::WithoutInitializing, "values"), values.size());
  Kokkos::deep_copy(array, Kokkos::View<const Value*, Kokkos::HostSpace>(values.data(), values.size()));
  return array;
}

}  // namespace ister::core::device
