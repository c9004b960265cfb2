#include "core/kernels/correlation/correlation_setup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/correlation/correlation.hpp"
#include "core/spectral/line_transform.hpp"

namespace ister::core {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// t_n = exp(i theta n/length), n = 0 .. points - 1.
HostArray make_twist(double theta, std::int64_t points, std::int64_t length) {
  const HostArray twist = make_host_array(2 * points);
  for (std::int64_t n = 0; n < points; ++n) {
    const double phase = theta * static_cast<double>(n) / static_cast<double>(length);
    twist.data()[n] = std::cos(phase);
    twist.data()[points + n] = std::sin(phase);
  }
  return twist;
}

std::string name(std::int64_t row, bool of_x) { return "record " + std::to_string(row) + " of " + (of_x ? "x" : "y"); }

}  // namespace

CorrelationSetup::CorrelationSetup(std::int64_t record_points, const CorrelationOptions& options, bool complex_records)
    : points(record_points), normalisation(options.normalisation), engine(options.engine) {
  if (points < 1) throw InputError("a record without any frame has no correlation");
  if (!options.present.empty() && static_cast<std::int64_t>(options.present.size()) != points)
    throw InputError("the mask is for " + std::to_string(options.present.size()) + " frames, but the records have " +
                     std::to_string(points));
  present.assign(static_cast<std::size_t>(points), 1.0);
  for (std::size_t i = 0; i < options.present.size(); ++i) present[i] = options.present[i] ? 1.0 : 0.0;
  for (const double here : present) frames += here;
  first = std::find(present.begin(), present.end(), 1.0) - present.begin();
  if (frames == 0) throw InputError("the mask leaves no frame");
  count_pairs(options);

  if (engine == CorrelationEngine::automatic)
    engine = points >= options.thresholds.correlation_fft_from ? CorrelationEngine::fft : CorrelationEngine::direct;
  if (engine == CorrelationEngine::direct) return;
  const double pi = std::acos(-1.0);
  direct_from = points - points / 512;
  length = fast_length(points, 4);
  for (const double theta : complex_records ? std::vector<double>{0.0, pi} : std::vector<double>{pi / 2})
    twists.push_back(make_twist(theta, points, length));
}

void CorrelationSetup::count_pairs(const CorrelationOptions& options) {
  for (std::int64_t k = 0; k < points; ++k) pairs.push_back(static_cast<double>(points - k));
  if (frames < static_cast<double>(points)) {
    CorrelationOptions count;
    count.engine = options.engine;
    count.thresholds = options.thresholds;
    LaggedCorrelation<double>(points, count).apply(1, present.data(), present.data(), pairs.data());
    for (double& number : pairs) number = std::round(number);
  }
  for (std::int64_t k = 0; k < points; ++k) {
    double scale = 1.0;
    if (normalisation != Normalisation::raw) scale = pairs[k] > 0 ? 1.0 / pairs[k] : no_value;
    if (normalisation == Normalisation::normalised)
      scale *= static_cast<double>(points - k) / static_cast<double>(points);
    lag_scale.push_back(scale);
  }
}

void refuse_value(std::int64_t row, bool of_x, std::int64_t index) {
  throw InputError(name(row, of_x) + " is not finite at index " + std::to_string(index));
}

void refuse_constant(std::int64_t row, bool of_x) {
  throw InputError(name(row, of_x) + " is constant: a normalised correlation has no meaning there");
}

}  // namespace ister::core
