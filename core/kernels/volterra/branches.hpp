#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/volterra/volterra.hpp"

// What is needed to set up any engine of Volterra. Every kernel is a sum of branches, products of samples each followed
// by a linear filter, so that an engine that filters branches honours every kernel.
namespace ister::core {

/// A filter of w[n] = x[n]^power, or of w[n] = x[n] x[n-lag] for lag > 0, which stands for the lag-th secondary
/// diagonals of h2: sum_i 2 h2[i][i+lag] w[n-i].
struct VolterraBranch {
  int power = 1;
  std::int64_t lag = 0;
  std::vector<double> taps;
};

/// The branches of a kernel that are not zero, powers first, ascending.
std::vector<VolterraBranch> branches_of(const VolterraKernel& kernel);

/// The engine that a Volterra of these arguments uses, never `automatic`. InputError as its constructor.
VolterraEngine chosen_engine(const VolterraKernel& kernel, std::int64_t channels, std::int64_t block,
                             VolterraEngine engine, const Thresholds& thresholds);

}  // namespace ister::core
