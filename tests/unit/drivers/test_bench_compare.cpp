#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>

#include "core/base/error.hpp"
#include "drivers/bench/compare.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

/// How two builds are compared: the runs of both in turn, which may then see a larger drift than one run of each.
struct Plan {
  int runs, repetitions;
  double drift;       ///< by which the speed wanders about; it remembers where it was for some fifty repetitions
  double burden = 0;  ///< by which every other run, at random, is slower as a whole
};

/// Timings as a shared machine gives them: its speed drifts, every run has its own luck with memory, and repetitions
/// are skewed, with now and then one that is slower by much.
class SharedMachine {
 public:
  SharedMachine(unsigned seed, const Plan& plan) : m_random(seed), m_kick(0.2 * plan.drift), m_burden(plan.burden) {}

  /// One run of a build: so many repetitions of each benchmark, which take 1 s, 1.1 s, ... times the build's factor.
  void add_run(BenchResults& results, const std::vector<double>& factors, int repetitions) {
    results.timings.resize(factors.size());
    std::vector<double> luck;
    const double burden = m_burden > 0 && m_uniform(m_random) < 0.5 ? 1.0 + m_burden : 1.0;
    for (std::size_t b = 0; b < factors.size(); ++b) {
      results.timings[b].first = "benchmark " + std::to_string(b);
      results.timings[b].second.emplace_back();
      luck.push_back(burden * (1.0 + 0.005 * m_normal(m_random)));
    }
    for (int r = 0; r < repetitions; ++r)
      for (std::size_t b = 0; b < factors.size(); ++b) {
        m_drift = 0.98 * m_drift + m_kick * m_normal(m_random);
        const double seconds = (1.0 + 0.1 * static_cast<double>(b)) * factors[b] * luck[b] * (1.0 + m_drift) * noise();
        results.timings[b].second.back().push_back(seconds);
      }
  }

 private:
  double noise() {
    double slowed = std::exp(0.04 * std::abs(m_normal(m_random)));
    if (m_uniform(m_random) < 0.05) slowed *= 1.0 + 0.1 * std::pow(m_uniform(m_random), -0.7);  // Pareto
    return slowed;
  }

  std::mt19937_64 m_random;
  std::normal_distribution<double> m_normal;
  std::uniform_real_distribution<double> m_uniform;
  double m_kick, m_burden, m_drift = 0.0;
};

const std::vector<Plan> plans = {{8, 10, 0.02}, {1, 40, 0.01}};

/// The first of some benchmarks takes `factor` times as long in the second build.
std::vector<BenchComparison> trial(unsigned seed, double factor, const Plan& plan) {
  SharedMachine machine(seed, plan);
  BenchResults base, next;
  for (int run = 0; run < plan.runs; ++run) {
    machine.add_run(base, {1.0, 1.0, 1.0, 1.0}, plan.repetitions);
    machine.add_run(next, {factor, 1.0, 1.0, 1.0}, plan.repetitions);
  }
  return compare(base, next);
}

bool any_slower(const std::vector<BenchComparison>& comparisons, std::size_t first = 0) {
  return std::any_of(comparisons.begin() + static_cast<std::ptrdiff_t>(first), comparisons.end(),
                     [](const auto& c) { return c.slower(); });
}

TEST(BenchCompare, FindsASlowDownOfTenPercentAndNothingElse) {
  for (const Plan& plan : plans) {
    int found = 0, alarms = 0;
    for (unsigned seed = 0; seed < 100; ++seed) {
      const auto comparisons = trial(seed, 1.1, plan);
      found += comparisons.front().slower();
      alarms += any_slower(comparisons, 1);
    }
    EXPECT_GE(found, 95) << plan.runs;
    EXPECT_LE(alarms, 1) << plan.runs;
  }
}

TEST(BenchCompare, ABuildComparedWithItselfRaisesNoAlarm) {
  for (const Plan& plan : plans) {
    int alarms = 0;
    for (unsigned seed = 100; seed < 200; ++seed) alarms += any_slower(trial(seed, 1.0, plan));
    EXPECT_LE(alarms, 1) << plan.runs;
  }
}

TEST(BenchCompare, RunsThatAreSlowAsAWholeRaiseNoAlarm) {
  for (const int runs : {5, 10}) {
    int alarms = 0;
    for (unsigned seed = 0; seed < 100; ++seed) alarms += any_slower(trial(seed, 1.0, {runs, 8, 0.02, 0.4}));
    EXPECT_LE(alarms, 1) << runs;
  }
}

/// Three runs of each build cannot show anything, and it says so, however much slower one is.
TEST(BenchCompare, FewRunsDoNotDecide) {
  for (const double factor : {1.0, 1.54}) {
    for (const auto& c : trial(3, factor, {3, 20, 0.01})) {
      EXPECT_TRUE(c.undecided()) << c.name;
      EXPECT_FALSE(c.slower());
      EXPECT_EQ(c.runs_needed, 6u);  // 2/C(12,6) of four benchmarks is below 0.01, 2/C(10,5) is not
    }
    EXPECT_FALSE(trial(3, factor, {6, 20, 0.01}).front().undecided());
  }
  EXPECT_TRUE(trial(3, 1.54, {6, 20, 0.01}).front().slower());
}

TEST(BenchCompare, CriteriaCanBeSet) {
  SharedMachine machine(1, {8, 10, 0.0});
  BenchResults base, next;
  for (int run = 0; run < 4; ++run) {
    machine.add_run(base, {1.0}, 10);
    machine.add_run(next, {1.2}, 10);
  }
  EXPECT_TRUE(compare(base, next).front().undecided());
  EXPECT_TRUE(compare(base, next, {1.03, 0.05}).front().slower());
  EXPECT_FALSE(compare(base, next, {1.3, 0.05}).front().slower());
}

TEST(BenchCompare, SpeedUpsAreToldApart) {
  int found = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto comparisons = trial(seed, 1.0 / 1.1, plans.front());
    found += comparisons.front().faster();
    EXPECT_FALSE(any_slower(comparisons));
  }
  EXPECT_GE(found, 19);
}

TEST(BenchCompare, SmallSlowDownsAreTolerated) {
  for (unsigned seed = 0; seed < 20; ++seed) EXPECT_FALSE(any_slower(trial(seed, 1.02, plans.front()))) << seed;
}

TEST(BenchStatistics, Median) {
  EXPECT_EQ(median({3.0}), 3.0);
  EXPECT_EQ(median({4.0, 1.0}), 2.5);
  EXPECT_EQ(median({9.0, 1.0, 2.0}), 2.0);
  EXPECT_EQ(median({9.0, 1.0, 3.0, 2.0}), 2.5);
}

/// Against the count of all choices of eight ranks of sixteen, ties as mean ranks, by itertools.
TEST(BenchStatistics, RankTest) {
  const std::vector<double> a = {1.1, 2.0, 2.0, 3.5, 4.0, 5.2, 2.2, 1.9}, b = {2.0, 3.0, 4.1, 5.0, 6.3, 7.7, 2.9, 3.3};
  EXPECT_NEAR(rank_test(a, b), 0.1034965034965035, 1e-12);
  EXPECT_NEAR(rank_test(b, a), 0.1034965034965035, 1e-12);
  EXPECT_DOUBLE_EQ(rank_test({1, 2, 3}, {4, 5, 6}), 2.0 / 20.0);
  EXPECT_DOUBLE_EQ(rank_test({1, 2, 3, 4}, {5, 6, 7}), 2.0 / 35.0);
  EXPECT_DOUBLE_EQ(rank_test({2, 2, 2}, {2, 2}), 1.0);
  EXPECT_DOUBLE_EQ(rank_test({1}, {2}), 1.0);
}

/// Beyond sixty values against scipy.stats.mannwhitneyu(..., method="asymptotic"); near it the two ways agree.
TEST(BenchStatistics, RankTestOfMany) {
  std::vector<double> a, b;
  for (int i = 0; i < 40; ++i) a.push_back(i % 17 + 0.1 * i);
  for (int i = 0; i < 30; ++i) b.push_back(i % 13 + 0.2 * i);
  EXPECT_NEAR(rank_test(a, b), 0.5810289003816359, 1e-12);
}

TEST(BenchStatistics, TheLeastPThatSoManyRunsCanGive) {
  for (const std::size_t n : {1u, 3u, 5u, 8u}) {
    std::vector<double> before, after;
    for (std::size_t i = 0; i < n; ++i) {
      before.push_back(static_cast<double>(i));
      after.push_back(100.0 + static_cast<double>(i));
    }
    EXPECT_NEAR(least_p(n, n), rank_test(before, after), 1e-15) << n;
  }
}

TEST(BenchStatistics, OnlyRunsAreIndependent) {
  const auto [one, other] = independent_values({{1, 2, 3}}, {{4, 5}});
  EXPECT_EQ(one, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(other, (std::vector<double>{4, 5}));
  const auto [base, next] = independent_values({{1, 2, 9}, {3}}, {{4, 6}});
  EXPECT_EQ(base, (std::vector<double>{2, 3}));
  EXPECT_EQ(next, (std::vector<double>{5}));
}

/// Its p is a p: among equal distributions, at most a part p of the tests gives less than p.
TEST(BenchStatistics, RankTestErrsRarely) {
  std::mt19937_64 random(5);
  std::exponential_distribution<double> value;
  int below = 0;
  constexpr int trials = 5000;
  for (int t = 0; t < trials; ++t) {
    std::vector<double> a(12), b(15);
    for (double& x : a) x = value(random);
    for (double& x : b) x = value(random);
    below += rank_test(a, b) < 0.01;
  }
  EXPECT_NEAR(below, 0.01 * trials, 25);
}

/// Also where the repetitions of a run are much alike.
TEST(BenchStatistics, RankTestOfRunsErrsRarely) {
  std::mt19937_64 random(6);
  std::exponential_distribution<double> value;
  int below = 0;
  constexpr int trials = 4000;
  const auto measure = [&] {
    Runs runs(10);
    for (auto& run : runs) {
      const double luck = value(random);
      for (int r = 0; r < 8; ++r) run.push_back(1.0 + luck + 0.1 * value(random));
    }
    return runs;
  };
  for (int t = 0; t < trials; ++t) {
    const auto [base, next] = independent_values(measure(), measure());
    below += rank_test(base, next) < 0.01;
  }
  EXPECT_LT(below, 0.015 * trials);
}

TEST(BenchStatistics, Holm) {
  const std::vector<double> adjusted = holm({0.02, 0.001, 0.5, 0.015});
  const std::vector<double> wanted = {0.045, 0.004, 0.5, 0.045};
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(adjusted[i], wanted[i], 1e-15) << i;
  EXPECT_EQ(holm({0.6, 0.7}), (std::vector<double>{1.0, 1.0}));
  EXPECT_TRUE(holm({}).empty());
}

/// For log-normal timings the exact bounds are known: medians are asymptotically normal.
TEST(BenchStatistics, BootstrapBoundsCoverTheTruth) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  int above = 0, below = 0;
  constexpr int trials = 400;
  double width = 0.0;
  for (int t = 0; t < trials; ++t) {
    Runs base(1), next(1);
    for (int i = 0; i < 60; ++i) base[0].push_back(std::exp(0.05 * normal(random)));
    for (int i = 0; i < 60; ++i) next[0].push_back(2.0 * std::exp(0.05 * normal(random)));
    const RatioBounds bounds = bootstrap_ratio(base, next, 0.01);
    above += bounds.lower > 2.0;
    below += bounds.upper < 2.0;
    width += std::log(bounds.upper / bounds.lower) / trials;
  }
  EXPECT_LE(above, 12);  // 1 % of 400 are 4
  EXPECT_LE(below, 12);
  EXPECT_NEAR(width, 2 * 2.326 * 0.05 * std::sqrt(2 * 1.5708 / 60), 0.01);
}

TEST(BenchStatistics, BootstrapOfRunsInPairsForgetsWhatTheyShare) {
  const Runs base = {{1.0, 1.0, 1.0}, {2.0, 2.0, 2.0}, {3.0, 3.0, 3.0}};
  Runs next = base;
  for (auto& run : next)
    for (double& seconds : run) seconds *= 1.5;
  const RatioBounds paired = bootstrap_ratio(base, next, 0.01);
  EXPECT_DOUBLE_EQ(paired.lower, 1.5);
  EXPECT_DOUBLE_EQ(paired.upper, 1.5);
  next.push_back({3.0});
  EXPECT_LT(bootstrap_ratio(base, next, 0.01).lower, 1.0) << "runs that cannot be paired";
}

class BenchFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::ofstream(m_folder.path() / name) << text;
    return m_folder.path() / name;
  }
  std::string refusal(const std::string& text) {
    try {
      read_bench_results(write("file.json", text));
    } catch (const FileError& error) {
      EXPECT_NE(std::string(error.what()).find("file.json"), std::string::npos);
      return error.what();
    }
    return "";
  }
  tests::ScratchFolder m_folder;
};

TEST_F(BenchFile, RepetitionsAreReadWithTheirUnits) {
  const auto results =
      read_bench_results(write("a.json", R"({"context": {"threads": 2, "processor": "P"}, "benchmarks": [
    {"name": "x", "run_name": "x", "run_type": "iteration", "real_time": 5, "time_unit": "us"},
    {"name": "y/8", "real_time": 2.0, "time_unit": "ms"},
    {"name": "x", "run_type": "iteration", "real_time": 7, "time_unit": "us"},
    {"name": "z", "run_type": "iteration", "error_occurred": true, "real_time": 0},
    {"name": "x_median", "run_name": "x", "run_type": "aggregate", "real_time": 6, "time_unit": "us"}]})"));
  ASSERT_EQ(results.timings.size(), 2u);
  EXPECT_EQ(results.timings[1].first, "y/8");
  ASSERT_EQ(*results.find("x"), (Runs{{5 * 1e-6, 7 * 1e-6}}));
  EXPECT_EQ(results.find("z"), nullptr);
  EXPECT_EQ(results.context.at("threads"), "2");
  EXPECT_EQ(results.context.at("processor"), "P");
}

TEST_F(BenchFile, AFolderHoldsTheRunsOfABuild) {
  const std::string one = R"({"benchmarks": [{"name": "x", "real_time": 1, "time_unit": "s"}]})";
  write("1.json", one);
  write("2.json", R"({"benchmarks": [{"name": "x", "real_time": 2, "time_unit": "s"}]})");
  write("other.txt", "ignored");
  EXPECT_EQ(*read_bench_results(m_folder.path()).find("x"), (Runs{{1.0}, {2.0}}));
}

TEST_F(BenchFile, WhatIsWrongIsSaid) {
  EXPECT_THROW(read_bench_results(m_folder.path() / "nothing.json"), FileError);
  EXPECT_THROW(read_bench_results(m_folder.path()), FileError);  // an empty folder
  EXPECT_NE(refusal("").find("not valid JSON"), std::string::npos);
  EXPECT_NE(refusal(R"({"benchmarks": [{"name")").find("byte 24"), std::string::npos);
  for (const char* foreign : {"[]", "{}", "3", R"({"benchmarks": 3})"})
    EXPECT_NE(refusal(foreign).find("not a file of benchmarks"), std::string::npos) << foreign;
  EXPECT_NE(refusal(R"({"benchmarks": []})").find("no repetition"), std::string::npos);
  EXPECT_NE(refusal(R"({"benchmarks": [7]})").find("benchmarks[0] has no name"), std::string::npos);
  for (const char* time : {"-1", "0", "null", "\"fast\""})
    EXPECT_NE(refusal(R"({"benchmarks": [{"name": "x", "real_time": )" + std::string(time) + "}]}").find("positive"),
              std::string::npos)
        << time;
  EXPECT_NE(refusal(R"({"benchmarks": [{"name": "x"}]})").find("missing"), std::string::npos);
  EXPECT_NE(refusal(R"({"benchmarks": [{"name": "x", "real_time": 1, "time_unit": "h"}]})").find("\"h\""),
            std::string::npos);
  EXPECT_NE(refusal(R"({"benchmarks": [{"name": "x", "real_time": 1, "time_unit": 3}]})"), "");
}

BenchResults results(const std::string& where, const std::string& machine, const std::vector<std::string>& names) {
  BenchResults r{where, {{"machine_fingerprint", machine}, {"processor", "of " + machine}, {"threads", "1"}}, {}};
  for (const std::string& name : names) r.timings.push_back({name, {Runs::value_type(20, 1e-3)}});
  return r;
}

bool any_has(const std::vector<std::string>& notes, const std::string& text) {
  return std::any_of(notes.begin(), notes.end(), [&](const auto& n) { return n.find(text) != std::string::npos; });
}

TEST(BenchReportNotes, SayWhatToKnow) {
  const BenchResults base = results("base.json", "m1", {"x", "y"});
  EXPECT_EQ(comparison_notes(base, base).size(), 1u);
  BenchResults next = results("new.json", "m2", {"y", "z"});
  next.context["threads"] = "2";
  const auto notes = comparison_notes(base, next);
  EXPECT_EQ(notes.size(), 5u);
  EXPECT_TRUE(any_has(notes, "different machines (base.json: of m1, new.json: of m2)"));
  EXPECT_TRUE(any_has(notes, "Different threads: 1 in base.json, 2 in new.json"));
  EXPECT_TRUE(any_has(notes, "Only in base.json: x."));
  EXPECT_TRUE(any_has(notes, "Only in new.json: z."));
  EXPECT_TRUE(any_has(notes, "One run of each build"));
  const std::string report = comparison_report(base, next, compare(base, next));
  EXPECT_NE(report.find("| y | 1 ms | 1 ms | 1.000 | 1.000 to 1.000 | 1 | cannot decide: 1 and 1 runs, 5 of each are "
                        "needed |"),
            std::string::npos)
      << report;
  for (const std::string& note : notes) EXPECT_NE(report.find("> " + note), std::string::npos);
}

TEST(BenchReportNotes, UnknownMachine) {
  EXPECT_TRUE(any_has(comparison_notes(results("a", "m", {"x"}), results("b", "", {"x"})), "b does not say"));
}

}  // namespace
}  // namespace ister::tests
