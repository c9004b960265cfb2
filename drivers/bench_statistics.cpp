#include "drivers/bench_statistics.hpp"

#include <gsl/gsl_cdf.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>

namespace ister::drivers {
namespace {

/// The middle value, for which `values` is put into another order.
double median_in_place(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return values.size() % 2 == 1 ? *middle : 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// Uniform in 0 .. count - 1, the same with every standard library.
std::size_t draw(std::mt19937_64& random, std::size_t count) {
  return static_cast<std::size_t>(((random() >> 32) * count) >> 32);
}

/// As many repetitions as the run has, in blocks of neighbours that may go around its end.
void draw_blocks(std::mt19937_64& random, const std::vector<double>& run, std::vector<double>& drawn) {
  const auto block = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(run.size()))));
  for (std::size_t done = 0; done < run.size();) {
    const std::size_t first = draw(random, run.size());
    for (std::size_t i = 0; i < block && done < run.size(); ++i, ++done) drawn.push_back(run[(first + i) % run.size()]);
  }
}

double median_of_drawn(std::mt19937_64& random, const Runs& runs, const std::vector<std::size_t>& chosen,
                       std::vector<double>& scratch) {
  scratch.clear();
  for (const std::size_t run : chosen) draw_blocks(random, runs[run], scratch);
  return median_in_place(scratch);
}

void choose(std::mt19937_64& random, std::size_t count, std::vector<std::size_t>& chosen) {
  chosen.resize(count);
  for (std::size_t& run : chosen) run = draw(random, count);
}

/// From 1 on; those of equal values are their mean.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> found(values.size());
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t i = first; i < end; ++i) found[order[i]] = 0.5 * static_cast<double>(first + end + 1);
  }
  return found;
}

/// Of the ranks of all values, the first ones of one side.
double mann_whitney(const std::vector<double>& rank, std::size_t of_first_side) {
  const auto total = static_cast<double>(rank.size()), n = static_cast<double>(of_first_side), m = total - n;
  const double mean = 0.5 * (total + 1.0);
  double excess = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < rank.size(); ++i) {
    if (i < of_first_side) excess += rank[i] - mean;
    squares += (rank[i] - mean) * (rank[i] - mean);
  }
  if (!(squares > 0.0)) return 1.0;  // all are equal
  const double z = std::max(0.0, std::abs(excess) - 0.5) / std::sqrt(n * m / (total * (total - 1.0)) * squares);
  return std::erfc(z / std::sqrt(2.0));
}

/// Of each run; `rank` holds those of its repetitions, run after run.
std::vector<double> mean_ranks(const Runs& runs, const double* rank) {
  std::vector<double> means;
  for (const auto& run : runs) {
    means.push_back(std::accumulate(rank, rank + run.size(), 0.0) / static_cast<double>(run.size()));
    rank += run.size();
  }
  return means;
}

struct Sample {
  double mean = 0.0, error = 0.0, freedom;  ///< error: squared, of the mean
  explicit Sample(const std::vector<double>& values) : freedom(static_cast<double>(values.size()) - 1.0) {
    for (const double value : values) mean += value / (freedom + 1.0);
    for (const double value : values) error += (value - mean) * (value - mean) / (freedom * (freedom + 1.0));
  }
};

/// Two-sided p of Welch's t-test: both sides have the same mean.
double welch(const Sample& a, const Sample& b) {
  const double error = a.error + b.error;
  if (!(error > 0.0)) return a.mean == b.mean ? 1.0 : 0.0;
  const double freedom = error * error / (a.error * a.error / a.freedom + b.error * b.error / b.freedom);
  return 2.0 * gsl_cdf_tdist_Q(std::abs(a.mean - b.mean) / std::sqrt(error), freedom);
}

}  // namespace

std::vector<double> pooled(const Runs& runs) {
  std::vector<double> all;
  for (const auto& run : runs) all.insert(all.end(), run.begin(), run.end());
  return all;
}

double median(std::vector<double> values) { return median_in_place(values); }

RatioBounds bootstrap_ratio(const Runs& base, const Runs& next) {
  constexpr std::size_t draws = 2000;
  std::mt19937_64 random(1);
  std::vector<double> ratios, scratch;
  std::vector<std::size_t> base_runs, next_runs;
  for (std::size_t i = 0; i < draws; ++i) {
    choose(random, base.size(), base_runs);
    if (next.size() == base.size())
      next_runs = base_runs;
    else
      choose(random, next.size(), next_runs);
    const double denominator = median_of_drawn(random, base, base_runs, scratch);
    ratios.push_back(median_of_drawn(random, next, next_runs, scratch) / denominator);
  }
  std::sort(ratios.begin(), ratios.end());
  return {ratios[draws / 100], ratios[draws - 1 - draws / 100]};
}

double rank_test(const Runs& base, const Runs& next) {
  const std::vector<double> before = pooled(base), after = pooled(next);
  std::vector<double> all = before;
  all.insert(all.end(), after.begin(), after.end());
  const std::vector<double> rank = ranks(all);
  if (base.size() < 2 || next.size() < 2) return mann_whitney(rank, before.size());
  return welch(Sample(mean_ranks(base, rank.data())), Sample(mean_ranks(next, rank.data() + before.size())));
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

}  // namespace ister::drivers
