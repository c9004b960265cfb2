#pragma once
#include "core/parallel/execution.hpp"
#ifdef ISTER_GPU
#if defined(KOKKOS_ENABLE_CUDA)
#include <cufft.h>
#define ISTER_GPU_FFT(name) cufft##name
#define ISTER_GPU_FFT_CODE(name) CUFFT_##name
#else
#include <hipfft/hipfft.h>
#define ISTER_GPU_FFT(name) hipfft##name
#define ISTER_GPU_FFT_CODE(name) HIPFFT_##name
#endif

#include <memory>

#include "core/grid/array_pool.hpp"

// cuFFT and hipFFT, whose interfaces differ in how names begin; the latter is untried.
namespace ister::core {

/// A plan whose work area comes from the pool, on the stream of Kokkos' kernels.
class GpuPlan {
 public:
  enum class Type { complex, forward, backward };  ///< complex to complex, real to complex, complex to real
  /// Point i of line l lies at i * stride + l * distance, in numbers of the array's own type.
  struct Lines {
    long long stride, distance;
  };
  GpuPlan() = default;
  GpuPlan(ArrayPool& pool, Type type, int points, std::int64_t lines, const Lines& in, const Lines& out);

  /// Complex to complex: sum x_n exp(sign 2 pi i m n/points), sign -1 or 1; out may be in.
  void execute(const double* in, double* out, int sign) const;
  /// Real to complex and back; the second overwrites its input.
  void execute_forward(const double* in, double* out) const;
  void execute_backward(double* in, double* out) const;

 private:
  using Handle = ISTER_GPU_FFT(Handle);
  struct Destroy {
    void operator()(const Handle* handle) const;
  };
  ArrayPool::Lease m_work;
  std::unique_ptr<Handle, Destroy> m_handle;
};

}  // namespace ister::core
#endif
