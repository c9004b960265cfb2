#pragma once
#include <functional>
#include <vector>

#include "core/kernels/homodyne/fit.hpp"
#include "core/kernels/homodyne/starts.hpp"

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

/// Errors from the scatter of fits that each leave out one block of frames.
struct HomodyneJackknife {
  std::int64_t blocks = 0;
  std::vector<double> estimates;  ///< [block][parameter], the parameters without the block
  /// Of all parameters, row by row: (blocks - 1)/blocks sum (p - <p>)(p - <p>)^T; infinite on the diagonal where that
  /// of the fit is.
  std::vector<double> covariance;
};

/// For how many frames |g1|^2 stays above 1/e, at the angle where it does so longest and in the mean over the record,
/// of which no more than the end is seen.
double correlated_frames(const HomodyneSetup& setup, std::int64_t frames, const HomodyneParameters& parameters);

/// The delete-one jackknife over `blocks` equal blocks of successive frames, from the end of a fit. Two-time
/// correlations of a finite number of speckles share the intensities of their frames: their errors are correlated, and
/// those of a fit that takes them as independent far too small. Blocks are to be at least twice as long as frames are
/// correlated: as long as that, errors come out 20 % too small, and half as long 45 %. InputError for fewer than 2
/// blocks, or fewer than 3 frames beside one.
HomodyneJackknife homodyne_jackknife(const HomodyneData& data, const std::vector<FitParameter>& parameters,
                                     const FitResult& best, std::int64_t blocks, const FitProgress& progress);

/// Multiplies the covariance by `variance`, then withdraws errors that tell nothing: an error as wide as all values
/// that the bounds, or the period of phi0, leave becomes infinite, and so do those of the other parameters of the same
/// rate, which are valleys of chi-squared together; the result is then not determined.
void scale_errors(FitResult& result, const std::vector<FitParameter>& parameters, double variance);

}  // namespace ister::core
