#include "drivers/bench_statistics.hpp"

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

double rank_test(const std::vector<double>& base, const std::vector<double>& next) {
  struct Ranked {
    double value;
    bool is_next;
  };
  std::vector<Ranked> all;
  for (const double value : base) all.push_back({value, false});
  for (const double value : next) all.push_back({value, true});
  std::sort(all.begin(), all.end(), [](const Ranked& a, const Ranked& b) { return a.value < b.value; });
  const auto n = static_cast<double>(base.size()), m = static_cast<double>(next.size()), total = n + m;
  double rank_sum = 0.0, ties = 0.0;
  for (std::size_t first = 0, end = 0; first < all.size(); first = end) {
    double of_next = 0.0;
    for (end = first; end < all.size() && all[end].value == all[first].value; ++end) of_next += all[end].is_next;
    const auto equal = static_cast<double>(end - first);
    rank_sum += of_next * 0.5 * static_cast<double>(first + end + 1);  // the mean of the ranks first + 1 .. end
    ties += equal * (equal * equal - 1.0);
  }
  const double u = rank_sum - m * (m + 1.0) / 2.0;
  const double variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
  if (!(variance > 0.0)) return 1.0;  // all are equal
  const double z = std::max(0.0, std::abs(u - n * m / 2.0) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
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
