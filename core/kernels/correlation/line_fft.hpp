#pragma once
#include <complex>
#include <cstdint>

#include "core/spectral/line_transform.hpp"

namespace ister::core {

/// Complex transforms of single lines for the kernels of this folder, planned once and run on any thread. They work on
/// the host also where other kernels run on a GPU: records come from files and probes, which are on the host.
/// Lines where kernels run: device::BatchFft.
class LineFft {
 public:
  /// Plans are measured, on one thread.
  explicit LineFft(std::int64_t length);

  [[nodiscard]] std::int64_t length() const { return m_length; }

  /// X_m = sum x_n exp(-2 pi i m n/length). Both lines 64-byte aligned, and different; `in` is overwritten.
  void forward(std::complex<double>* in, std::complex<double>* out) const { execute(m_forward, in, out); }
  /// length times the inverse of forward.
  void backward(std::complex<double>* in, std::complex<double>* out) const { execute(m_backward, in, out); }

 private:
  static void execute(const Plan& plan, std::complex<double>* in, std::complex<double>* out) {
    fftw_execute_dft(plan.get(), reinterpret_cast<fftw_complex*>(in), reinterpret_cast<fftw_complex*>(out));
  }

  std::int64_t m_length;
  Plan m_forward, m_backward;
};

}  // namespace ister::core
