#pragma once
#include <complex>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/kernels/correlation/correlation_setup.hpp"
#include "core/kernels/correlation/line_fft.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// Lagged correlation r[k] = sum_i conj(x_i) y_{i+k}, k = 0 .. N-1, of records of N frames; negative lags by swapping
/// x and y. Pairs that miss a frame are left out; unbiased divides by the pairs that are there, and normalised makes
/// up for the missing ones with the mean of those of the same lag. A lag without pairs is NaN in both.
/// Scalar is double or std::complex<double>. On arrays where kernels run: device::LaggedCorrelation.
///
/// The FFT engine transforms lines of M >= N points, M fast, without doubling them by zeros: with t_n = exp(i theta
/// n/M) the cyclic correlation of x t and y t, divided by t, is r[k] + exp(-i theta) r[k - M]. Real records need theta
/// = pi/2 alone (the real part is r[k]), complex ones the mean over theta = 0 and pi.
template <class Scalar>
class LaggedCorrelation {
 public:
  /// InputError where there are no frames, or a mask of another length or without any frame.
  explicit LaggedCorrelation(std::int64_t points, const CorrelationOptions& options = {});

  /// Correlates `rows` pairs of records, each array (rows, points) on the host, rows in parallel; y may be x. Allocates
  /// nothing; may be called from several threads. InputError that names row and index for values that are not finite,
  /// and for normalised the row whose record is constant.
  void apply(std::int64_t rows, const Scalar* x, const Scalar* y, Scalar* result) const;

  [[nodiscard]] std::int64_t points() const { return m_setup.points; }
  /// The one that is used: direct or fft.
  [[nodiscard]] CorrelationEngine engine() const { return m_setup.engine; }
  /// Pairs of frames of each lag.
  [[nodiscard]] const std::vector<double>& pairs() const { return m_setup.pairs; }

 private:
  struct Work;
  struct Record;

  [[nodiscard]] Work work_of(int thread) const;
  bool correlate(const Scalar* x, const Scalar* y, Scalar* result, const Work& work) const;
  bool prepare(const Scalar* values, Record& record) const;
  void correlate_directly(const Record& x, const Record& y, Scalar* result) const;
  void correlate_by_fft(const Record& x, const Record& y, Scalar* result, const Work& work) const;
  [[noreturn]] void explain(std::int64_t row, const Scalar* x, const Scalar* y) const;

  CorrelationSetup m_setup;
  std::optional<LineFft> m_fft;
  std::int64_t m_part = 0;       ///< doubles of one part of a prepared record
  std::int64_t m_work_size = 0;  ///< doubles per thread
  HostArray m_work;
};

extern template class LaggedCorrelation<double>;
extern template class LaggedCorrelation<std::complex<double>>;

}  // namespace ister::core
