#include "core/spectral/gpu_fft.hpp"
#ifdef ISTER_GPU
#include <string>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

using Real = ISTER_GPU_FFT(DoubleReal);
using Complex = ISTER_GPU_FFT(DoubleComplex);

void check(ISTER_GPU_FFT(Result) result, const char* call) {
  if (result != ISTER_GPU_FFT_CODE(SUCCESS))
    throw Error(ExitCode::internal,
                std::string(call) + " of the GPU's Fourier transforms failed with error " + std::to_string(result));
}

Complex* as_complex(double* p) { return reinterpret_cast<Complex*>(p); }
// The interface is not const-correct; transforms between two arrays do not write the first, unless it is complex and
// the second real.
Real* writable(const double* p) { return const_cast<Real*>(p); }

ISTER_GPU_FFT(Type) type_of(GpuPlan::Type type) {
  return type == GpuPlan::Type::complex   ? ISTER_GPU_FFT_CODE(Z2Z)
         : type == GpuPlan::Type::forward ? ISTER_GPU_FFT_CODE(D2Z)
                                          : ISTER_GPU_FFT_CODE(Z2D);
}

auto stream_of_kernels() {
#if defined(KOKKOS_ENABLE_CUDA)
  return execution().cuda_stream();
#else
  return execution().hip_stream();
#endif
}

}  // namespace

GpuPlan::GpuPlan(ArrayPool& pool, Type type, int points, std::int64_t lines, const Lines& in, const Lines& out) {
  Handle handle{};
  check(ISTER_GPU_FFT(Create)(&handle), "Create");
  m_handle.reset(new Handle(handle));
  check(ISTER_GPU_FFT(SetAutoAllocation)(handle, 0), "SetAutoAllocation");
  check(ISTER_GPU_FFT(SetStream)(handle, stream_of_kernels()), "SetStream");
  // Strides count only where these are given; of a 1-D transform they are not used otherwise.
  long long size = points, embedded = points;
  std::size_t work_bytes = 0;
  check(ISTER_GPU_FFT(MakePlanMany64)(handle, 1, &size, &embedded, in.stride, in.distance, &embedded, out.stride,
                                      out.distance, type_of(type), lines, &work_bytes),
        "MakePlanMany64");
  m_work = pool.acquire(static_cast<std::int64_t>(work_bytes / sizeof(double) + 1));
  if (!pool.counts()) check(ISTER_GPU_FFT(SetWorkArea)(handle, m_work.data()), "SetWorkArea");
}

void GpuPlan::Destroy::operator()(const Handle* handle) const {
  (void)ISTER_GPU_FFT(Destroy)(*handle);
  delete handle;
}

void GpuPlan::execute(const double* in, double* out, int sign) const {
  check(ISTER_GPU_FFT(ExecZ2Z)(*m_handle, as_complex(writable(in)), as_complex(out), sign), "ExecZ2Z");
}

void GpuPlan::execute_forward(const double* in, double* out) const {
  check(ISTER_GPU_FFT(ExecD2Z)(*m_handle, writable(in), as_complex(out)), "ExecD2Z");
}

void GpuPlan::execute_backward(double* in, double* out) const {
  check(ISTER_GPU_FFT(ExecZ2D)(*m_handle, as_complex(in), out), "ExecZ2D");
}

}  // namespace ister::core
#endif
