#include "core/spectral/device_fft.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#include <algorithm>
#include <string>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

void check(cufftResult result, const char* call) {
  if (result != CUFFT_SUCCESS)
    throw Error(ExitCode::internal, std::string(call) + " failed with cuFFT's error " + std::to_string(result));
}

cufftDoubleComplex* as_complex(double* p) { return reinterpret_cast<cufftDoubleComplex*>(p); }
// cuFFT's interface is not const-correct; transforms between two arrays do not write the first, unless it is complex
// and the second real.
double* writable(const double* p) { return const_cast<double*>(p); }

/// Multiplies a spectrum of lines by their symbol. Modes are neighbours in memory (rows), or lines are (columns).
template <bool modes_are_neighbours>
struct MultiplySpectrum {
  cufftDoubleComplex* values;
  const double* factor;
  bool imaginary;
  std::int64_t neighbours;  ///< modes of a row, or columns

  KOKKOS_FUNCTION void operator()(std::int64_t i) const {
    const double f = factor[modes_are_neighbours ? i % neighbours : i / neighbours];
    const cufftDoubleComplex z = values[i];
    values[i].x = imaginary ? -f * z.y : f * z.x;
    values[i].y = imaginary ? f * z.x : f * z.y;
  }
};

template <bool modes_are_neighbours>
void multiply(const DeviceSymbol& symbol, double* values, std::int64_t neighbours, std::int64_t count) {
  static const std::string label = "symbol";
  Kokkos::parallel_for(
      label, Kokkos::RangePolicy<Execution>(0, neighbours * count),
      MultiplySpectrum<modes_are_neighbours>{as_complex(values), symbol.factor(), symbol.imaginary(), neighbours});
}

}  // namespace

void DeviceSymbol::load(const LineSymbol& symbol) {
  if (symbol.imaginary == m_loaded.imaginary && symbol.factor == m_loaded.factor) return;
  ISTER_REQUIRE(static_cast<std::int64_t>(symbol.factor.size()) == m_factor.size());
  m_loaded = symbol;
  Kokkos::deep_copy(m_factor.view(), HostArray(m_loaded.factor.data(), m_loaded.factor.size()));
}

DevicePlan::DevicePlan(ArrayPool& pool, cufftType type, int points, std::int64_t lines, const Lines& in,
                       const Lines& out) {
  cufftHandle handle = 0;
  check(cufftCreate(&handle), "cufftCreate");
  m_handle.reset(new cufftHandle(handle));
  check(cufftSetAutoAllocation(handle, 0), "cufftSetAutoAllocation");
  check(cufftSetStream(handle, Execution().cuda_stream()), "cufftSetStream");
  // Strides count only where these are given; of a 1-D transform they are not used otherwise.
  long long size = points, embedded = points;
  std::size_t work_bytes = 0;
  check(cufftMakePlanMany64(handle, 1, &size, &embedded, in.stride, in.distance, &embedded, out.stride, out.distance,
                            type, lines, &work_bytes),
        "cufftMakePlanMany64");
  m_work = pool.acquire(static_cast<std::int64_t>(work_bytes / sizeof(double) + 1));
  if (!pool.counts()) check(cufftSetWorkArea(handle, m_work.data()), "cufftSetWorkArea");
}

void DevicePlan::Destroy::operator()(const cufftHandle* handle) const {
  cufftDestroy(*handle);
  delete handle;
}

void DevicePlan::execute(const double* in, double* out, int sign) const {
  check(cufftExecZ2Z(*m_handle, as_complex(writable(in)), as_complex(out), sign), "cufftExecZ2Z");
}

void DevicePlan::execute_forward(const double* in, double* out) const {
  check(cufftExecD2Z(*m_handle, writable(in), as_complex(out)), "cufftExecD2Z");
}

void DevicePlan::execute_backward(double* in, double* out) const {
  check(cufftExecZ2D(*m_handle, as_complex(in), out), "cufftExecZ2D");
}

DeviceColumns::DeviceColumns(ArrayPool& pool, int points, std::int64_t width) : m_points(points), m_columns(width / 2) {
  if (m_columns > 0) m_plan = DevicePlan(pool, CUFFT_Z2Z, points, m_columns, {m_columns, 1}, {m_columns, 1});
}

void DeviceColumns::apply(const DeviceSymbol& symbol, const double* in, double* out) const {
  if (m_columns == 0) return;
  m_plan.execute(in, out, CUFFT_FORWARD);
  multiply<false>(symbol, out, m_columns, m_points);
  m_plan.execute(out, out, CUFFT_INVERSE);
}

DeviceRows::DeviceRows(ArrayPool& pool, int points, std::int64_t rows, std::int64_t pitch)
    : m_modes(points / 2 + 1), m_rows(rows) {
  if (rows == 0) return;
  m_forward = DevicePlan(pool, CUFFT_D2Z, points, rows, {1, pitch}, {1, m_modes});
  m_backward = DevicePlan(pool, CUFFT_Z2D, points, rows, {1, m_modes}, {1, pitch});
  m_spectrum = pool.acquire(2 * m_modes * rows);
}

void DeviceRows::apply(const DeviceSymbol& symbol, const double* in, double* out) const {
  if (m_rows == 0) return;
  m_forward.execute_forward(in, m_spectrum.data());
  multiply<true>(symbol, m_spectrum.data(), m_modes, m_rows);
  m_backward.execute_backward(m_spectrum.data(), out);
}

}  // namespace ister::core
#endif
