#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "core/parallel/communicator.hpp"
#include "core/parallel/signals.hpp"
#include "core/spectral/line_transform.hpp"
#include "core/spectral/wisdom.hpp"
#include "drivers/run/simulation.hpp"
#include "io/run_files.hpp"
#include "io/state_file.hpp"
#include "tests/mpi/shared_scratch.hpp"

// Runs on parts of the job, beside others and one after another.
namespace ister::drivers {
namespace {

const std::string deck = R"(
[grid]
geometry = "milne"
points = [24, 20]
lower = [-6.0, -5.0]
upper = [6.0, 5.0]
[time]
start = 0.6
end = 0.8
step = 0.01
[eos]
type = "conformal"
[transport]
eta_over_s = 0.16
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 2.0
width = [1.5, 1.2]
)";

using State = std::map<std::string, std::vector<double>>;

/// The same wisdom with other codelets, for narrower vectors, of the same transforms.
std::string other_plans(const std::string& wisdom) {
  return std::regex_replace(wisdom, std::regex("(fftw_codelet_n1[bf]v_\\d+)_(avx|avx2|avx2_128|avx512) "), "$1_sse2 ");
}

/// The transforms by one codelet that a wisdom speaks of.
std::set<std::string> plans_of(const std::string& wisdom) {
  std::set<std::string> plans;
  std::istringstream lines(wisdom);
  for (std::string line; std::getline(lines, line);)
    if (line.find("codelet_n1") != std::string::npos) plans.insert(line);
  return plans;
}

/// Caches of this process in another folder while it lives.
class CacheFolder {
 public:
  explicit CacheFolder(const std::filesystem::path& folder) {
    if (const char* before = std::getenv("XDG_CACHE_HOME")) m_before = before;
    setenv("XDG_CACHE_HOME", folder.c_str(), 1);
  }
  ~CacheFolder() { m_before ? setenv("XDG_CACHE_HOME", m_before->c_str(), 1) : unsetenv("XDG_CACHE_HOME"); }
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;

 private:
  std::optional<std::string> m_before;
};

class Communicators : public testing::Test {
 protected:
  Communicators()
      : m_cache(m_scratch.path() / "cache"), m_half(core::Communicator::part_of(MPI_COMM_WORLD, tests::rank() % 2)) {}

  [[nodiscard]] bool first_half() const { return tests::rank() % 2 == 0; }
  [[nodiscard]] MPI_Comm half() const { return m_half.comm(); }
  [[nodiscard]] Input input(const std::string& name, std::vector<std::string> overrides = {}) const {
    overrides.push_back("run.name=" + name);
    overrides.push_back("run.output=" + (m_scratch.path() / name).string());
    return parse_input(deck, "deck.toml", overrides);
  }
  [[nodiscard]] ExitCode run(MPI_Comm comm, const std::string& name, std::vector<std::string> overrides = {}) const {
    Simulation simulation(core::Ranks(comm), input(name, std::move(overrides)), {});
    return simulation.prepare() ? simulation.evolve() : ExitCode::success;
  }
  /// The last state that a run has written. Every rank reads it for itself.
  [[nodiscard]] State last_state(const std::string& name) const {
    const io::RunFiles files(m_scratch.path() / name, name);
    const io::FieldFile file = io::open_state(MPI_COMM_SELF, files.state(files.state_steps().back()));
    const core::Decomposition whole(input(name).grid, 1, 0);
    State state;
    for (const io::FieldFile::Field& field : file.fields()) {
      state[field.name].resize(static_cast<std::size_t>(whole.box().points()));
      file.read(field.name, whole, state[field.name].data());
    }
    return state;
  }

  tests::SharedScratch m_scratch;
  CacheFolder m_cache;
  core::Communicator m_half;
};

TEST_F(Communicators, RunOneAfterAnotherIsAsAlone) {
  ASSERT_EQ(run(MPI_COMM_WORLD, "alone"), ExitCode::success);
  const std::string plans = core::export_wisdom();
  ASSERT_EQ(run(MPI_COMM_WORLD, "other", {"grid.points=[18, 25]", "time.integrator=\"bs32\""}), ExitCode::success);
  core::forget_wisdom();
  core::import_wisdom(other_plans(plans));  // as from a run of a file with others
  ASSERT_EQ(run(MPI_COMM_WORLD, "third", {"fftw.wisdom=false"}), ExitCode::success);
  core::forget_wisdom();
  core::import_wisdom(other_plans(plans));
  ASSERT_EQ(run(MPI_COMM_WORLD, "again"), ExitCode::success);
  EXPECT_EQ(last_state("again"), last_state("alone"));
  for (const std::string& plan : plans_of(plans)) EXPECT_EQ(plans_of(core::export_wisdom()).count(plan), 1U) << plan;
}

TEST_F(Communicators, TwoRunsAtOnceAreAsAlone) {
  const auto event = [&] { return std::vector<std::string>{first_half() ? "initial.amplitude=3" : "initial.ux=0.2"}; };
  if (first_half()) {
    ASSERT_EQ(run(half(), "plans"), ExitCode::success);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  ASSERT_EQ(run(half(), first_half() ? "one" : "two", event()), ExitCode::success);
  MPI_Barrier(MPI_COMM_WORLD);
  for (const bool first : {true, false}) {
    if (first == first_half()) {
      ASSERT_EQ(run(half(), first ? "one_alone" : "two_alone", event()), ExitCode::success);
    }
    MPI_Barrier(MPI_COMM_WORLD);
  }
  EXPECT_EQ(last_state("one"), last_state("one_alone"));
  EXPECT_EQ(last_state("two"), last_state("two_alone"));
  EXPECT_NE(last_state("one"), last_state("two"));
}

TEST_F(Communicators, AnErrorIsThrownOnItsRanksOnly) {
  if (first_half())
    EXPECT_THROW((void)run(half(), "missing", {"initial.type=\"file\"", "initial.file=\"no_such_file.h5\""}),
                 FileError);
  else
    EXPECT_EQ(run(half(), "sound"), ExitCode::success);
  if (first_half())
    EXPECT_THROW((void)run(half(), "broken", {"time.end=60", "time.step=2", "transport.eta_over_s=2"}), BreakdownError);
  else
    EXPECT_EQ(run(half(), "beside"), ExitCode::success);
  EXPECT_EQ(run(half(), first_half() ? "after" : "after_sound"), ExitCode::success);
}

TEST_F(Communicators, TwoRunsOfOneNameAreRefused) {
  int refused = 0;
  try {
    (void)run(half(), "same");
  } catch (const InputError&) {
    refused = core::Ranks(half()).is_root() ? 1 : 0;
  }
  MPI_Allreduce(MPI_IN_PLACE, &refused, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  EXPECT_EQ(refused, 1);
}

TEST_F(Communicators, LinesOfRunsBesideOthersBeginWithTheirName) {
  const auto printed = [&](MPI_Comm comm, const std::string& name) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(run(comm, name), ExitCode::success);
    return testing::internal::GetCapturedStdout();
  };
  const std::string name = first_half() ? "left" : "right";
  std::istringstream text(printed(half(), name));
  int lines = 0;
  for (std::string line; std::getline(text, line); ++lines) EXPECT_EQ(line.rfind(name + ": ", 0), 0U) << line;
  EXPECT_EQ(lines >= 4, core::Ranks(half()).is_root());
  EXPECT_EQ(printed(MPI_COMM_WORLD, "whole").find("whole: "), std::string::npos);
}

// A rank may have measured as the first of another communicator.
TEST_F(Communicators, AllRanksMakeThePlansOfTheFirst) {
  std::string plans;
  const auto measure = [&] {
    plans.clear();
    for (const int points : {12, 15, 16, 32}) {
      constexpr int columns = 8;
      std::vector<double> in(2 * columns * points), out(in.size());
      const core::Plan plan(fftw_plan_many_dft(1, &points, columns, reinterpret_cast<fftw_complex*>(in.data()), nullptr,
                                               columns, 1, reinterpret_cast<fftw_complex*>(out.data()), nullptr,
                                               columns, 1, FFTW_FORWARD, FFTW_MEASURE));
      const std::unique_ptr<char, void (*)(void*)> text(fftw_sprint_plan(plan.get()), std::free);
      plans += text.get();
    }
  };
  core::forget_wisdom();
  measure();
  const std::string known = core::broadcast_text(MPI_COMM_WORLD, core::export_wisdom()), others = other_plans(known);
  if (others == known) GTEST_SKIP() << "this processor has codelets for one length of vectors only";
  core::forget_wisdom();
  core::import_wisdom(tests::rank() == 0 ? known : others);
  core::plan_alike(MPI_COMM_WORLD, measure);
  EXPECT_EQ(plans, core::broadcast_text(MPI_COMM_WORLD, plans));
}

/// In a process of its own: a signal leaves its mark for ever.
class SignalledRuns : public Communicators {};

TEST_F(SignalledRuns, StopWithACheckpointOnEveryCommunicator) {
  core::mark_signals();
  const std::string name = first_half() ? "one" : "two";
  Simulation simulation(core::Ranks(half()), input(name), {});
  ASSERT_TRUE(simulation.prepare());
  std::raise(SIGTERM);
  EXPECT_EQ(simulation.evolve(), ExitCode::stopped_early);
  MPI_Barrier(half());
  EXPECT_FALSE(io::RunFiles(m_scratch.path() / name, name).checkpoint_steps().empty());
  EXPECT_THROW((void)run(half(), name + "_next"), Error);
}

}  // namespace
}  // namespace ister::drivers
