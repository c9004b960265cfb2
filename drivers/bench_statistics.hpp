#pragma once
#include <vector>

/// What can be said of repeated timings of two builds: robust against the rare slow repetition of a shared machine.
namespace ister::drivers {

/// Timings of one benchmark: for each run of the executable its repetitions, in the order in which they were taken.
using Runs = std::vector<std::vector<double>>;

/// All repetitions of all runs.
std::vector<double> pooled(const Runs& runs);

/// The middle value, or the mean of the two middle ones; of at least one.
double median(std::vector<double> values);

/// One-sided bounds of a ratio, each holding with 99 % confidence.
struct RatioBounds {
  double lower, upper;
};

/// Bounds of median(next) / median(base) by the percentile bootstrap. What is drawn anew are runs, and in these blocks
/// of neighbouring repetitions, since disturbances last longer than one; where both sides have as many runs, these are
/// drawn in pairs: taken in turn, they saw the same disturbances. The same timings give the same bounds.
RatioBounds bootstrap_ratio(const Runs& base, const Runs& next);

/// Two-sided p of a rank test: both sides have the same distribution. Repetitions of a run share its luck with memory
/// and neighbours, and only runs are independent: with several on both sides the mean ranks of runs are compared by
/// Welch's t. Else Mann-Whitney's test of the repetitions, in the normal approximation with corrections for ties and
/// continuity, which for few of them errs towards large p.
double rank_test(const Runs& base, const Runs& next);

/// Holm's adjustment of p-values for their number, in the order given.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace ister::drivers
