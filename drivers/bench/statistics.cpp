#include "drivers/bench/statistics.hpp"

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

/// The part of all choices of the first side among these ranks whose sum is as far from the middle, or farther.
double exact_rank_sum(const std::vector<double>& rank, std::size_t of_first_side) {
  const std::size_t total = rank.size(), most = total * (total + 1);  // sums of twice the ranks
  std::vector<std::vector<double>> choices(of_first_side + 1, std::vector<double>(most + 1, 0.0));  // of so many ranks
  choices[0][0] = 1.0;
  std::size_t observed = 0;
  for (std::size_t i = 0; i < total; ++i) {
    const auto twice = static_cast<std::size_t>(std::lround(2.0 * rank[i]));
    if (i < of_first_side) observed += twice;
    for (std::size_t n = std::min(i + 1, of_first_side); n > 0; --n)
      for (std::size_t sum = most; sum >= twice; --sum) choices[n][sum] += choices[n - 1][sum - twice];
  }
  const double middle = static_cast<double>(of_first_side) * static_cast<double>(total + 1);
  const double away = std::abs(static_cast<double>(observed) - middle);
  double all = 0.0, extreme = 0.0;
  for (std::size_t sum = 0; sum <= most; ++sum) {
    all += choices[of_first_side][sum];
    if (std::abs(static_cast<double>(sum) - middle) >= away) extreme += choices[of_first_side][sum];
  }
  return extreme / all;
}

}  // namespace

std::vector<double> pooled(const Runs& runs) {
  std::vector<double> all;
  for (const auto& run : runs) all.insert(all.end(), run.begin(), run.end());
  return all;
}

double median(std::vector<double> values) { return median_in_place(values); }

RatioBounds bootstrap_ratio(const Runs& base, const Runs& next, double risk) {
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
  const auto outside = static_cast<std::size_t>(risk * draws);
  return {ratios[outside], ratios[draws - 1 - outside]};
}

std::pair<std::vector<double>, std::vector<double>> independent_values(const Runs& base, const Runs& next) {
  if (base.size() == 1 && next.size() == 1) return {base.front(), next.front()};
  const auto medians = [](const Runs& runs) {
    std::vector<double> values;
    for (const auto& run : runs) values.push_back(median(run));
    return values;
  };
  return {medians(base), medians(next)};
}

double rank_test(const std::vector<double>& base, const std::vector<double>& next) {
  constexpr std::size_t most_exact = 60;
  std::vector<double> all = base;
  all.insert(all.end(), next.begin(), next.end());
  return (all.size() <= most_exact ? exact_rank_sum : mann_whitney)(ranks(all), base.size());
}

double least_p(std::size_t base, std::size_t next) {
  double choices = 1.0;
  for (std::size_t i = 1; i <= base; ++i) choices *= static_cast<double>(next + i) / static_cast<double>(i);
  return std::min(1.0, 2.0 / choices);
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
