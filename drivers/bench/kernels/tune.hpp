#pragma once
#include <cstdint>
#include <utility>
#include <vector>

/// `ister bench tune`: the sizes from which on one algorithm is faster than another.
namespace ister::drivers {

/// From which size on the second algorithm should be taken, so that the product of the times over all `sizes`
/// (ascending) is least: one outlier does not decide. `seconds`: of the first and the second algorithm at each size.
/// 1 where the second is always the better choice, twice the largest size where it never is.
std::int64_t best_threshold(const std::vector<std::int64_t>& sizes,
                            const std::vector<std::pair<double, double>>& seconds);

}  // namespace ister::drivers
