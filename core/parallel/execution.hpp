#pragma once
#include <Kokkos_Core.hpp>
#include <algorithm>
#include <cstddef>
#include <type_traits>

/// The one place that knows where kernels run and what differs between Kokkos versions.
namespace ister::core {

using Execution = Kokkos::DefaultExecutionSpace;
using HostExecution = Kokkos::DefaultHostExecutionSpace;
using Memory = Execution::memory_space;
using DeviceArray = Kokkos::View<double*, Memory>;
using ConstDeviceArray = Kokkos::View<const double*, Memory>;
using HostArray = Kokkos::View<double*, Kokkos::HostSpace>;

/// True when kernels run on the processor that runs this code, so that arrays can be used as plain pointers.
inline constexpr bool on_host = std::is_same_v<Execution, HostExecution>;

/// Defined where kernels run on a GPU: of CUDA, or, untried, of HIP. `PinnedArray`: host memory that it copies fast.
#if defined(KOKKOS_ENABLE_CUDA)
#define ISTER_GPU
using PinnedArray = Kokkos::View<double*, Kokkos::CudaHostPinnedSpace>;
#elif defined(KOKKOS_ENABLE_HIP)
#define ISTER_GPU
using PinnedArray = Kokkos::View<double*, Kokkos::HIPHostPinnedSpace>;
#else
using PinnedArray = HostArray;
static_assert(on_host, "line transforms know the GPUs of CUDA and HIP alone (core/spectral/gpu_fft.hpp)");
#endif

/// Kokkos::deep_copy from memory of one kind to memory of another, where there is a GPU: in one place, since every
/// source file that calls it compiles kernels of its own for it.
template <class ToMemory, class FromMemory>
void copy_bytes(void* to, const void* from, std::size_t bytes);

/// Kokkos::deep_copy of contiguous arrays as steps use it: on the host without the fences whose labels Kokkos
/// allocates.
template <class To, class From>
void copy(const To& to, const From& from) {
  if constexpr (on_host) {
    if (to.data() != from.data()) std::copy_n(from.data(), to.size(), to.data());
  } else {
    copy_bytes<typename To::memory_space, typename From::memory_space>(to.data(), from.data(),
                                                                       to.size() * sizeof(typename To::value_type));
  }
}
void set_zero(const DeviceArray& array);

/// Where kernels run, and where those of the host run: made once, since a newer Kokkos allocates to make one.
inline const Execution& execution() {
  static const Execution space;
  return space;
}
inline const HostExecution& host_execution() {
  static const HostExecution space;
  return space;
}

/// Returns when all kernels started so far are done, as they are on a host anyway.
inline void wait_for_kernels() {
  if constexpr (!on_host) execution().fence();
}

/// A number of the calling thread that no other running thread shares, for work arrays per thread.
class ThreadToken {
 public:
  ThreadToken() : m_value(tokens().acquire()) {}
  ~ThreadToken() { tokens().release(m_value); }
  ThreadToken(const ThreadToken&) = delete;
  ThreadToken& operator=(const ThreadToken&) = delete;
  [[nodiscard]] int value() const { return m_value; }

 private:
  using Tokens = Kokkos::Experimental::UniqueToken<HostExecution>;
  static const Tokens& tokens() {
    static const Tokens all;
    return all;
  }

  int m_value;
};

/// Calls f; the host kernels that it launches run on the calling thread alone. For measuring what threads gain.
template <class Function>
void on_one_thread(const Function& f) {
#ifdef _OPENMP
// Kokkos runs kernels serially where it finds itself in a parallel region.
#pragma omp parallel num_threads(1)
#endif
  f();
}

/// Upper bound of ThreadToken::value() + 1.
inline int thread_count() { return host_execution().concurrency(); }

}  // namespace ister::core
