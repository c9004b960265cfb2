#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/thresholds.hpp"
#include "core/parallel/execution.hpp"

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

/// What lagged correlations of records know before they see one, wherever they are computed.
struct CorrelationSetup {
  /// InputError where there are no frames, or a mask of another length or without any frame.
  CorrelationSetup(std::int64_t points, const CorrelationOptions& options, bool complex_records);

  std::int64_t points;
  Normalisation normalisation;
  CorrelationEngine engine;       ///< direct or fft
  std::vector<double> present;    ///< 1 or 0 for each frame
  double frames = 0;              ///< that are there
  std::int64_t first = 0;         ///< of them
  std::vector<double> pairs;      ///< of frames, by lag
  std::vector<double> lag_scale;  ///< what each lag is multiplied by, 1/(sigma_x sigma_y) apart
  /// The first lag that is summed directly: 0, or for the FFT engine where so few pairs are left that their mean would
  /// show the rounding of transforms, which is that of the whole sum.
  std::int64_t direct_from = 0;

  // Of the FFT engine alone:
  std::int64_t length = 0;        ///< of its transforms
  std::vector<HostArray> twists;  ///< of each theta: re t_n, then im t_n

 private:
  void count_pairs(const CorrelationOptions& options);
};

/// The errors for a record that cannot be correlated: number `row` of x, or of y.
[[noreturn]] void refuse_value(std::int64_t row, bool of_x, std::int64_t index);
[[noreturn]] void refuse_constant(std::int64_t row, bool of_x);

}  // namespace ister::core
