#include "drivers/machine/thresholds.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "core/base/error.hpp"
#include "drivers/bench/kernels/tune.hpp"
#include "drivers/machine/fingerprint.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

/// The cache of the user is a folder of the test.
class ThresholdsFile : public testing::Test {
 public:
  ThresholdsFile() {
    if (const char* before = std::getenv("XDG_CACHE_HOME")) m_before = before;
    setenv("XDG_CACHE_HOME", m_folder.path().c_str(), 1);
  }
  ~ThresholdsFile() override {
    if (m_before)
      setenv("XDG_CACHE_HOME", m_before->c_str(), 1);
    else
      unsetenv("XDG_CACHE_HOME");
  }

 protected:
  static void write(const std::string& text) {
    std::filesystem::create_directories(thresholds_file().parent_path());
    std::ofstream(thresholds_file()) << text;
  }
  static std::string warning() {
    testing::internal::CaptureStderr();
    const core::Thresholds thresholds = machine_thresholds();
    EXPECT_EQ(thresholds.correlation_fft_from, core::Thresholds().correlation_fft_from) << "the built-in one";
    return testing::internal::GetCapturedStderr();
  }

  tests::ScratchFolder m_folder;
  std::optional<std::string> m_before;
};

TEST_F(ThresholdsFile, StandsInTheCacheUnderTheFingerprint) {
  const std::string fingerprint = identify_machine().fingerprint();
  EXPECT_EQ(fingerprint, identify_machine().fingerprint());
  EXPECT_EQ(thresholds_file(), m_folder.path() / "ister" / ("thresholds-" + fingerprint + ".json"));
  unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(thresholds_file().parent_path().parent_path().filename(), ".cache");
  const std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  unsetenv("HOME");
  EXPECT_EQ(thresholds_file(), "") << "not a file of the folder one happens to be in";
  EXPECT_EQ(warning(), "");
  EXPECT_THROW(write_thresholds(thresholds_file(), {}), FileError);
  if (!home.empty()) setenv("HOME", home.c_str(), 1);
}

TEST_F(ThresholdsFile, ComesBackAsWritten) {
  EXPECT_EQ(warning(), "") << "none is there";
  core::Thresholds written;
  std::int64_t value = 7;
  core::Thresholds::visit(written, [&](const char*, std::int64_t& member) { member = ++value; });
  write_thresholds(thresholds_file(), written);
  const core::Thresholds back = machine_thresholds();
  value = 7;
  core::Thresholds::visit(back, [&](const char* name, std::int64_t member) { EXPECT_EQ(member, ++value) << name; });
  for (const auto& entry : std::filesystem::directory_iterator(thresholds_file().parent_path()))
    EXPECT_EQ(entry.path(), thresholds_file()) << "nothing is left beside it";
}

TEST_F(ThresholdsFile, MayLackNames) {
  write(R"({"angles_vector_from": 5, "of a later version": 3})");
  EXPECT_EQ(machine_thresholds().angles_vector_from, 5);
  EXPECT_EQ(machine_thresholds().volterra_fft_from, core::Thresholds().volterra_fft_from);
}

TEST_F(ThresholdsFile, DamagedIsWarnedOfAndLeftAside) {
  for (const char* text : {"", "{", "[]", "12", R"({"correlation_fft_from": 0})", R"({"correlation_fft_from": 2.5})",
                           R"({"correlation_fft_from": "128"})", R"({"correlation_fft_from": -3})"}) {
    write(text);
    const std::string said = warning();
    EXPECT_NE(said.find("warning: " + thresholds_file().string()), std::string::npos) << text;
    EXPECT_NE(said.find("ister bench tune"), std::string::npos) << text;
    EXPECT_THROW(read_thresholds(thresholds_file()), FileError) << text;
  }
}

TEST_F(ThresholdsFile, WhereNothingCanBeWritten) {
  EXPECT_THROW(write_thresholds("/proc/nowhere/thresholds.json", {}), FileError);
}

TEST(MachineIdentity, EveryPartCounts) {
  const MachineIdentity one = {"P", 2, {{1, "Data", 32768, 1}, {2, "Unified", 1048576, 1}}};
  MachineIdentity other = one;
  EXPECT_EQ(other.fingerprint(), one.fingerprint());
  EXPECT_EQ(one.fingerprint().size(), 16u);
  other.processor = "Q";
  EXPECT_NE(other.fingerprint(), one.fingerprint());
  other = one;
  other.logical_processors = 4;
  EXPECT_NE(other.fingerprint(), one.fingerprint());
  other = one;
  other.caches[1].bytes *= 2;
  EXPECT_NE(other.fingerprint(), one.fingerprint());
}

TEST(BestThreshold, StandsWhereTheTimesCross) {
  const std::vector<std::int64_t> sizes = {16, 32, 64, 128, 256};
  EXPECT_EQ(best_threshold(sizes, {{1, 4}, {2, 5}, {8, 6}, {20, 8}, {50, 10}}), 64);
  EXPECT_EQ(best_threshold(sizes, {{1, 4}, {2, 5}, {4, 6}, {7, 8}, {9, 10}}), 512) << "never";
  EXPECT_EQ(best_threshold(sizes, {{5, 4}, {6, 5}, {8, 6}, {20, 8}, {50, 10}}), 1) << "always";
  EXPECT_EQ(best_threshold(sizes, {{1, 4}, {2, 5}, {8, 6}, {20, 21}, {50, 10}}), 64) << "one disturbed timing";
}

}  // namespace
}  // namespace ister::tests
