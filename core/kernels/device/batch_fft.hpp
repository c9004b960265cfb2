#pragma once
#include <memory>

#include "core/parallel/execution.hpp"

namespace ister::core::device {

using ComplexArray = Kokkos::View<Kokkos::complex<double>*, Memory>;

/// Complex transforms of many lines of one length at once, each contiguous and one after the other, in the memory of
/// Execution: through cuFFT on its stream, or through FFTW on all threads.
class BatchFft {
 public:
  /// `length` a multiple of 4. On the host plans are measured.
  BatchFft(std::int64_t length, std::int64_t lines);
  ~BatchFft();
  BatchFft(BatchFft&&) noexcept;
  BatchFft& operator=(BatchFft&&) noexcept;

  [[nodiscard]] std::int64_t length() const { return m_length; }
  [[nodiscard]] std::int64_t lines() const { return m_lines; }

  /// X_m = sum x_n exp(-2 pi i m n/length) of all lines, lines() x length(). The arrays differ; `in` is overwritten.
  void forward(const ComplexArray& in, const ComplexArray& out) const;
  /// length times the inverse of forward.
  void backward(const ComplexArray& in, const ComplexArray& out) const;

 private:
  struct Plans;
  std::int64_t m_length, m_lines;
  std::unique_ptr<Plans> m_plans;
};

}  // namespace ister::core::device
