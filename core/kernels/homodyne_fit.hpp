#pragma once
#include <functional>
#include <vector>

#include "core/kernels/fit.hpp"
#include "core/kernels/homodyne_starts.hpp"

namespace ister::core {

/// What a Homodyne is made of.
struct HomodyneData {
  HomodyneSetup setup;
  std::int64_t frames = 0;
  std::vector<double> observed, sigma;
};

/// Is told the number of evaluations and the latest chi-squared.
using FitProgress = std::function<void(int evaluations, double chi_squared)>;

/// Fits the model, which is made of `data`, within the bounds of the parameters (in the order of homodyne_names). Those
/// that are `open` are searched: fits from homodyne_starts on few frames, spread over the record and at its begin, then
/// the best of them on all frames, those of higher chi-squared dropped on the way. Without any, the one fit starts at
/// the parameters. A phi0 that was searched without bounds is given within -90 to 90 degrees: the model has the period
/// 180.
FitResult fit_homodyne(const HomodyneData& data, Homodyne& model, const std::vector<FitParameter>& parameters,
                       const HomodyneOpen& open, const FitProgress& progress);

/// Multiplies the covariance by `variance`, then withdraws errors that tell nothing: an error as wide as all values
/// that the bounds, or the period of phi0, leave becomes infinite, and so do those of the other parameters of the same
/// rate, which are valleys of chi-squared together; the result is then not determined.
void scale_errors(FitResult& result, const std::vector<FitParameter>& parameters, double variance);

}  // namespace ister::core
