#pragma once
#include <complex>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/execution.hpp"
#include "core/kernels/line_fft.hpp"
#include "core/kernels/thresholds.hpp"

namespace ister::core {

/// What a lagged correlation is divided by.
enum class Normalisation {
  raw,        ///< nothing: the sum over all pairs of frames
  unbiased,   ///< the number of pairs, N - k
  normalised  ///< N sigma_x sigma_y, means removed before; mean and variance are those of the whole record
};

enum class CorrelationEngine { automatic, direct, fft };

struct CorrelationOptions {
  Normalisation normalisation = Normalisation::raw;
  CorrelationEngine engine = CorrelationEngine::automatic;
  /// One entry per frame, false where it is missing (its values are not looked at); empty: all are there.
  std::vector<bool> present;
  Thresholds thresholds;
};

/// Lagged correlation r[k] = sum_i conj(x_i) y_{i+k}, k = 0 .. N-1, of records of N frames; negative lags by swapping
/// x and y. Pairs that miss a frame are left out; unbiased divides by the pairs that are there, and normalised makes
/// up for the missing ones with the mean of those of the same lag. A lag without pairs is NaN in both.
/// Scalar is double or std::complex<double>.
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

  [[nodiscard]] std::int64_t points() const { return m_points; }
  /// The one that is used: direct or fft.
  [[nodiscard]] CorrelationEngine engine() const { return m_fft ? CorrelationEngine::fft : CorrelationEngine::direct; }
  /// Pairs of frames of each lag.
  [[nodiscard]] const std::vector<double>& pairs() const { return m_pairs; }

 private:
  struct Work;
  struct Record;

  [[nodiscard]] Work work_of(int thread) const;
  bool correlate(const Scalar* x, const Scalar* y, Scalar* result, const Work& work) const;
  bool prepare(const Scalar* values, Record& record) const;
  void correlate_directly(const Record& x, const Record& y, Scalar* result) const;
  void correlate_by_fft(const Record& x, const Record& y, Scalar* result, const Work& work) const;
  [[noreturn]] void explain(std::int64_t row, const Scalar* x, const Scalar* y) const;
  void count_pairs(const CorrelationOptions& options);

  std::int64_t m_points;
  Normalisation m_normalisation;
  std::vector<double> m_present;    ///< 1 or 0 for each frame
  double m_frames = 0;              ///< that are there
  std::int64_t m_first = 0;         ///< of them
  std::vector<double> m_pairs;      ///< by lag
  std::vector<double> m_lag_scale;  ///< what each lag is multiplied by, 1/(sigma_x sigma_y) apart
  std::optional<LineFft> m_fft;
  std::vector<HostArray> m_twists;  ///< of each theta: re t_n, then im t_n
  std::int64_t m_part = 0;          ///< doubles of one part of a prepared record
  std::int64_t m_work_size = 0;     ///< doubles per thread
  HostArray m_work;
};

extern template class LaggedCorrelation<double>;
extern template class LaggedCorrelation<std::complex<double>>;

}  // namespace ister::core
