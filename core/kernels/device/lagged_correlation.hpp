#pragma once
#include <optional>
#include <vector>

#include "core/kernels/correlation/correlation_setup.hpp"
#include "core/kernels/device/batch_fft.hpp"
#include "core/kernels/device/records.hpp"

namespace ister::core::device {

/// core::LaggedCorrelation of many rows at once on arrays where kernels run, by the same formulas: the direct engine
/// has one work item for each row and lag, the FFT engine transforms all rows together. Scalar is double or
/// Kokkos::complex<double>.
template <class Scalar>
class LaggedCorrelation {
 public:
  /// For up to `rows` records of `points` frames. InputError where there are no frames or rows, or a mask of another
  /// length or without any frame.
  LaggedCorrelation(std::int64_t points, std::int64_t rows, const CorrelationOptions& options = {});

  /// Correlates pairs of records, arrays (row, frame); y may be x. Allocates nothing; one call at a time. InputError
  /// for arrays of other shapes or with more rows than there is room for, one that names row and index for values that
  /// are not finite, and for normalised one that names the row whose record is constant.
  void apply(const Rows<const Scalar>& x, const Rows<const Scalar>& y, const Rows<Scalar>& result) const;

  [[nodiscard]] std::int64_t points() const { return m_setup.points; }
  /// The one that is used: direct or fft.
  [[nodiscard]] CorrelationEngine engine() const { return m_setup.engine; }
  /// Pairs of frames of each lag.
  [[nodiscard]] const std::vector<double>& pairs() const { return m_setup.pairs; }

 private:
  CorrelationSetup m_setup;
  std::int64_t m_rows;
  DeviceArray m_present, m_lag_scale;
  std::optional<Moments<Scalar>> m_x, m_y;  ///< where normalised

  // Of the FFT engine alone:
  std::optional<BatchFft> m_fft;
  ComplexArray m_line, m_x_k, m_y_k;  ///< (row, point)
  std::vector<DeviceArray> m_twists;  ///< as in CorrelationSetup
};

extern template class LaggedCorrelation<double>;
extern template class LaggedCorrelation<Kokkos::complex<double>>;

}  // namespace ister::core::device
