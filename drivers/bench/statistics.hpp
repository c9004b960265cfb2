#pragma once
#include <cstddef>
#include <utility>
#include <vector>

/// What can be said of repeated timings of two builds: robust against the rare slow repetition of a shared machine.
namespace ister::drivers {

/// Timings of one benchmark: for each run of the executable its repetitions, in the order in which they were taken.
using Runs = std::vector<std::vector<double>>;

/// All repetitions of all runs.
std::vector<double> pooled(const Runs& runs);

/// The middle value, or the mean of the two middle ones; of at least one.
double median(std::vector<double> values);

/// One-sided bounds of a ratio, each holding with the same confidence.
struct RatioBounds {
  double lower, upper;
};

/// Bounds of median(next) / median(base) by the percentile bootstrap, each wrong with the probability `risk` (0.001 or
/// more). What is drawn anew are runs, and in these blocks of neighbouring repetitions, since disturbances last longer
/// than one; where both sides have as many runs, these are drawn in pairs: taken in turn, they saw the same
/// disturbances. The same timings give the same bounds.
RatioBounds bootstrap_ratio(const Runs& base, const Runs& next, double risk);

/// What a rank test takes as independent: the median of each run, since repetitions of a run share its luck with memory
/// and neighbours. Where each side has a single run, its repetitions: then the test tells of these two runs only.
std::pair<std::vector<double>, std::vector<double>> independent_values(const Runs& base, const Runs& next);

/// Two-sided p of the rank-sum test: both sides have the same distribution. Exact, ties included, for up to 60 values;
/// beyond in the normal approximation with corrections for ties and continuity.
double rank_test(const std::vector<double>& base, const std::vector<double>& next);

/// The least p that the rank-sum test can give for so many values.
double least_p(std::size_t base, std::size_t next);

/// Holm's adjustment of p-values for their number, in the order given.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace ister::drivers
