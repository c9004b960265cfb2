#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/history.hpp"
#include "io/run_files.hpp"
#include "io/xdmf.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::io {
namespace {

namespace fs = std::filesystem;
using tests::ScratchFolder;

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(AtomicFile, ReplacesTheWholeFileAndLeavesNothingElse) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "a.txt";
  write_text_file(path, "a first and longer text");
  write_text_file(path, "second");
  EXPECT_EQ(read_file(path), "second");
  EXPECT_EQ(entries_in(scratch.path()), 1u);
}

TEST(AtomicFile, KeepsTheOldFileWhereTheNewOneIsNotFinished) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "a.txt";
  write_text_file(path, "old");
  {
    AtomicFile file(path);
    file.create().write_at("half of the n", 13, 0);
    EXPECT_EQ(AtomicFile::target_of(file.aside()), path);
  }
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(entries_in(scratch.path()), 1u);
  EXPECT_FALSE(AtomicFile::target_of(path));
  EXPECT_FALSE(AtomicFile::target_of(scratch.path() / "x"));
}

TEST(AtomicFile, TakesThePlaceOfALeftoverButOfNothingElse) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "a.txt", aside = AtomicFile::aside_of(path),
                 victim = scratch.path() / "victim";
  std::ofstream(aside) << "what a killed run left, which is longer";
  write_text_file(path, "new");
  EXPECT_EQ(read_file(path), "new");
  write_text_file(victim, "precious");
  for (const bool exists : {true, false}) {
    fs::create_symlink(exists ? victim : scratch.path() / "nowhere", aside);
    EXPECT_THROW(write_text_file(path, "x"), FileError);
    EXPECT_TRUE(fs::is_symlink(aside));
    fs::remove(aside);
  }
  EXPECT_EQ(read_file(victim), "precious");
  EXPECT_EQ(read_file(path), "new");
  EXPECT_EQ(entries_in(scratch.path()), 2u);
}

TEST(AtomicFile, RefusedWritesAreFileErrorsWithoutLeftovers) {
  const ScratchFolder scratch;
  write_text_file(scratch.path() / "plain", "");
  EXPECT_THROW(write_text_file(scratch.path() / "plain" / "below.txt", "x"), FileError);
  EXPECT_THROW(write_text_file(scratch.path() / "missing" / "a.txt", "x"), FileError);
  fs::create_directory(scratch.path() / "folder");
  EXPECT_THROW(write_text_file(scratch.path() / "folder", "x"), FileError);
  const tests::FileSizeLimit limit(10);
  EXPECT_THROW(write_text_file(scratch.path() / "a.txt", "longer than ten bytes"), FileError);
  EXPECT_EQ(entries_in(scratch.path()), 2u);
}

TEST(AtomicFile, ReplacesNothingButPlainFiles) {
  const ScratchFolder scratch;
  const fs::path pipe = scratch.path() / "pipe", link = scratch.path() / "link", astray = scratch.path() / "astray";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink(pipe, link);
  fs::create_symlink("nowhere", astray);
  for (const fs::path& path : {pipe, link, astray, scratch.path(), scratch.path() / "", fs::path()}) {
    EXPECT_THROW(write_text_file(path, "x"), FileError) << path;
    EXPECT_THROW(AtomicFile::require_writable(path), FileError) << path;
  }
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_EQ(fs::read_symlink(link), pipe);
  EXPECT_EQ(entries_in(scratch.path()), 3u);
}

TEST(WriteFiles, WritesAllOrNone) {
  const ScratchFolder scratch;
  const fs::path a = scratch.path() / "a", b = scratch.path() / "b";
  write_files({{a, "old"}});
  EXPECT_THROW(write_files({{a, "new"}, {scratch.path() / "missing" / "b", ""}}), FileError);
  EXPECT_EQ(read_file(a), "old");
  EXPECT_EQ(entries_in(scratch.path()), 1u);
  write_files({{a, "new"}, {b, "other"}});
  EXPECT_EQ(read_file(a) + read_file(b), "newother");
}

TEST(History, KeepsFullPrecisionAndDropsWhatLiesAfterARestart) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "h.csv";
  const std::vector<std::string> columns{"step", "time", "energy"};
  {
    History history(path, columns);
    history.append({0, 0.1, 1.0 / 3.0});
    history.append({5, 0.2, -1e-300});
    history.append({10, 0.3, 2});
    history.sync();
  }
  std::ofstream(path, std::ios::app) << "1,0.4,cut o";
  {
    History history(path, columns, 5);
    history.append({6, 0.25, 7});
  }
  EXPECT_EQ(read_file(path),
            "step,time,energy\n0,0.10000000000000001,0.33333333333333331\n5,0.20000000000000001,-1e-300\n6,0.25,7\n");
  EXPECT_EQ(entries_in(scratch.path()), 1u);
}

TEST(History, StartsAfreshWithoutAFileAndRefusesOtherColumns) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "h.csv";
  History(path, {"step", "a"}, 100).append({101, 1});
  EXPECT_EQ(read_file(path), "step,a\n101,1\n");
  EXPECT_THROW(History(path, {"step", "b"}, 100), FileError);
  EXPECT_THROW(History(scratch.path() / "missing" / "h.csv", {"step"}), FileError);
}

TEST(History, AFullDiskIsAFileError) {
  const ScratchFolder scratch;
  History history(scratch.path() / "h.csv", {"step", "value"});
  const tests::FileSizeLimit limit(20);
  EXPECT_THROW(for (int i = 0; i < 10; ++i) history.append({double(i), 1.0}), FileError);
}

TEST(RunFiles, NamesFollowTheContract) {
  const RunFiles files("out", "pbpb");
  EXPECT_EQ(files.state(12), "out/pbpb_state_00000012.h5");
  EXPECT_EQ(files.checkpoint(123456789), "out/pbpb_checkpoint_123456789.h5");
  EXPECT_EQ(files.xdmf(), "out/pbpb.xdmf");
  EXPECT_EQ(files.history(), "out/pbpb_history.csv");
  EXPECT_EQ(files.profile(), "out/pbpb_profile.json");
}

TEST(RunFiles, FindsAndRemovesTheFilesOfItsRunOnly) {
  const ScratchFolder scratch;
  const RunFiles files(scratch.path() / "deep" / "out", "run");
  EXPECT_TRUE(files.existing().empty());
  files.create_folder();
  files.create_folder();
  const auto touch = [&](const fs::path& path) { std::ofstream(path) << "x"; };
  const std::vector<std::string> foreign{
      "run_state_1.h5",        "run_state_00000001.h5.txt", "run2_state_00000001.h5",  "run_notes.txt",
      "run_state_0000000a.h5", ".run_notes.txt.part",       "my_run_state_00000001.h5"};
  for (const auto& name : foreign) touch(files.folder() / name);
  EXPECT_TRUE(files.existing().empty());
  for (const int step : {0, 20, 10}) {
    touch(files.state(step));
    touch(files.checkpoint(step));
  }
  for (const auto& path : {files.history(), files.xdmf(), files.profile()}) touch(path);
  touch(AtomicFile::aside_of(files.checkpoint(30)));
  touch(AtomicFile::aside_of(files.history()));
  EXPECT_EQ(files.existing().size(), 11u);
  EXPECT_EQ(files.state_steps(), (std::vector<std::int64_t>{0, 10, 20}));

  files.remove_after(10);
  EXPECT_EQ(files.state_steps(), (std::vector<std::int64_t>{0, 10}));
  EXPECT_EQ(files.checkpoint_steps(), (std::vector<std::int64_t>{0, 10}));
  EXPECT_EQ(files.existing().size(), 7u);
  files.remove_all();
  EXPECT_TRUE(files.existing().empty());
  EXPECT_EQ(entries_in(files.folder()), foreign.size());
}

TEST(RunFiles, AFolderThatCannotBeIsAFileError) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "plain") << "x";
  EXPECT_THROW(RunFiles(scratch.path() / "plain", "run").create_folder(), FileError);
  EXPECT_THROW(RunFiles(scratch.path() / "plain" / "below", "run").create_folder(), FileError);
  EXPECT_THROW(RunFiles(scratch.path() / "plain" / "below", "run").existing(), FileError);
}

TEST(Xdmf, DescribesTheSeries) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "run.xdmf";
  core::Grid grid{3, {4, 6, 8}, {0, -1, -2}, {4, 5, 2}};
  write_xdmf(path, grid, {{"run_state_00000000.h5", 0.5}, {"run_state_00000010.h5", 1.0 / 3.0}}, {"rho", "v&w"},
             "state");
  const std::string text = read_file(path);
  EXPECT_NE(text.find("TopologyType=\"3DCoRectMesh\" Dimensions=\"8 6 4\""), std::string::npos);
  EXPECT_NE(text.find(">-2 -1 0<"), std::string::npos);
  EXPECT_NE(text.find(">0.5 1 1<"), std::string::npos);
  EXPECT_NE(text.find("<Time Value=\"0.33333333333333331\"/>"), std::string::npos);
  EXPECT_NE(text.find(">run_state_00000010.h5:/state/v&amp;w<"), std::string::npos);

  const auto count = [](const std::string& haystack, const std::string& needle) {
    int found = 0;
    for (auto at = haystack.find(needle); at != std::string::npos; at = haystack.find(needle, at + 1)) ++found;
    return found;
  };
  for (const std::string tag : {"Grid", "Geometry", "Attribute", "DataItem", "Domain", "Xdmf"}) {
    EXPECT_EQ(count(text, "<" + tag + " "), count(text, "</" + tag + ">") - (tag == "Domain" ? 1 : 0)) << tag;
  }
  EXPECT_EQ(count(text, "<Attribute "), 4);
  grid = {2, {4, 6, 1}, {0, -1, 0}, {4, 5, 1}};
  write_xdmf(path, grid, {{"a.h5", 0}}, {"rho"}, "state");
  EXPECT_NE(read_file(path).find("Dimensions=\"1 6 4\""), std::string::npos);
  EXPECT_NE(read_file(path).find("<DataItem Dimensions=\"1 6 4\""), std::string::npos);
  grid = {1, {4, 1, 1}, {0, 0, 0}, {4, 1, 1}};
  write_xdmf(path, grid, {{"a.h5", 0}}, {"rho"}, "state");
  EXPECT_NE(read_file(path).find("Dimensions=\"1 1 4\""), std::string::npos);
}

}  // namespace
}  // namespace ister::io
