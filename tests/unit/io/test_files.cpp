#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "core/base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/history.hpp"
#include "io/run_files.hpp"
#include "io/run_lock.hpp"
#include "io/xdmf.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {
namespace {

using namespace io;

namespace fs = std::filesystem;

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

TEST(History, KeepsFullPrecisionAndDropsWhatFollowsAMark) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "h.csv";
  const std::vector<std::string> columns{"step", "time", "energy"};
  HistoryMark mark;
  {
    History history(path, columns);
    EXPECT_FALSE(fs::exists(path));
    history.append({0, 0.1, 1.0 / 3.0});
    history.append({5, 0.2, -1e-300});
    mark = history.mark();
    history.append({10, 0.3, 2});
    history.sync();
  }
  std::ofstream(path, std::ios::app) << "1,0.4,cut o";
  {
    History history(path, columns, mark);
    history.verify();
    history.rewind();
    history.append({6, 0.25, 7});
    EXPECT_EQ(history.mark().rows, 3);
  }
  EXPECT_EQ(read_file(path),
            "step,time,energy\n0,0.10000000000000001,0.33333333333333331\n5,0.20000000000000001,-1e-300\n6,0.25,7\n");
  EXPECT_EQ(entries_in(scratch.path()), 1u);
}

TEST(History, NamesTheLineThatIsNotWhatItWas) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "h.csv";
  const std::vector<std::string> columns{"step", "a"};
  History history(path, columns);
  for (const double step : {0.0, 2.0, 4.0}) history.append({step, 1.5});
  const auto fault = [&](const std::string& text) {
    std::ofstream(path) << text;
    try {
      History(path, columns, history.mark()).verify();
    } catch (const FileError& error) {
      return std::string(error.what()).substr(path.string().size());
    }
    return std::string("none");
  };
  EXPECT_EQ(fault("step,a\n0,1.5\n2,1.5\n4,1.5\nmore"), "none");
  EXPECT_EQ(fault("step,a\n0,1.5\n2,1.5\n").substr(0, 2), ":4");
  EXPECT_EQ(fault("step,a\n0,1.5\n2,1.").substr(0, 2), ":3");
  EXPECT_EQ(fault("step,a\n0,1.5\n2;1.5\n4,1.5\n").substr(0, 2), ":3");
  EXPECT_EQ(fault("step,a\n0,1.5\n2,1.5\n1,1.5\n").substr(0, 2), ":4");
  EXPECT_EQ(fault("step,a\n0,1.5\n2,1.6\n4,1.5\n").substr(0, 2), ":4");
  EXPECT_EQ(fault("step,b\n0,1.5\n2,1.5\n4,1.5\n").substr(0, 2), ":1");
  EXPECT_EQ(fault("").substr(0, 2), ":2");
  fs::remove(path);
  EXPECT_THROW(History(path, columns, history.mark()).verify(), FileError);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THROW(History(path, columns, history.mark()).verify(), FileError);
}

TEST(History, WithoutAMarkBeginsAnew) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "h.csv";
  std::ofstream(path) << "of another run\n";
  History history(path, {"step", "a"});
  history.verify();
  history.rewind();
  EXPECT_FALSE(fs::exists(path));
  history.append({101, 1});
  EXPECT_EQ(read_file(path), "step,a\n101,1\n");
  EXPECT_THROW(History(scratch.path() / "missing" / "h.csv", {"step"}).append({1}), FileError);
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
  EXPECT_EQ(files.eos(), "out/pbpb_eos.csv");
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
  for (const auto& path : {files.history(), files.xdmf(), files.eos(), files.profile()}) touch(path);
  touch(AtomicFile::aside_of(files.checkpoint(30)));
  touch(AtomicFile::aside_of(files.history()));
  EXPECT_EQ(files.existing().size(), 10u);
  EXPECT_EQ(files.state_steps(), (std::vector<std::int64_t>{0, 10, 20}));

  files.remove_after(0, {files.checkpoint(20)});
  EXPECT_EQ(files.state_steps(), (std::vector<std::int64_t>{0}));
  EXPECT_EQ(files.checkpoint_steps(), (std::vector<std::int64_t>{0, 20}));
  EXPECT_EQ(files.existing().size(), 7u);
  files.remove_all_but({files.xdmf(), files.checkpoint(20)});
  EXPECT_EQ(files.existing().size(), 2u);
  files.remove_all_but({});
  EXPECT_TRUE(files.existing().empty());
  EXPECT_EQ(entries_in(files.folder()), foreign.size());
}

TEST(RunFiles, CheckpointsGoFirstAndTheNewestBeforeTheOthers) {
  const ScratchFolder scratch;
  const RunFiles files(scratch.path(), "run");
  for (const int step : {10, 20, 30}) {
    std::ofstream(files.checkpoint(step)) << "x";
    std::ofstream(files.state(step)) << "x";
  }
  fs::remove(files.checkpoint(20));
  fs::create_directories(files.checkpoint(20) / "cannot be removed");
  EXPECT_THROW(files.remove_after(0, {}), FileError);
  EXPECT_EQ(files.checkpoint_steps(), (std::vector<std::int64_t>{10, 20}));
  EXPECT_EQ(files.state_steps(), (std::vector<std::int64_t>{10, 20, 30}));
}

TEST(RunLock, IsHeldByOneAndGoesWithIt) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "run.lock";
  {
    const RunLock lock(path);
    EXPECT_EQ(read_file(path), LockHolder::self().text());
    EXPECT_THROW(RunLock{path}, InputError);
    EXPECT_EQ(entries_in(scratch.path()), 1u);
  }
  EXPECT_EQ(entries_in(scratch.path()), 0u);
  {
    const RunLock lock(path);
    std::ofstream(path) << "taken over";
  }
  EXPECT_EQ(read_file(path), "taken over");
  EXPECT_THROW(RunLock{path}, InputError);
  EXPECT_THROW(RunLock{scratch.path() / "missing" / "run.lock"}, FileError);
}

TEST(RunLock, OfWhoIsGoneIsTakenOver) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "run.lock";
  const LockHolder self = LockHolder::self();
  EXPECT_FALSE(self.is_gone());
  EXPECT_EQ(LockHolder::parse(self.text()).text(), self.text());
  std::vector<LockHolder> gone(3, self);
  gone[0].pid = "1999999999";
  gone[1].started = "1";
  gone[2].boot = "before the machine was started anew";
  for (const LockHolder& holder : gone) {
    EXPECT_TRUE(holder.is_gone()) << holder.text();
    std::ofstream(path) << holder.text();
    EXPECT_EQ((RunLock(path), entries_in(scratch.path())), 1u);
    EXPECT_FALSE(fs::exists(path));
  }
  std::vector<LockHolder> there(3, self);
  there[0].host = "far";
  there[1].processes = "pid:[1]";
  there[2].pid = "1";
  there[2].started = "";
  for (const LockHolder& holder : there) EXPECT_FALSE(holder.is_gone()) << holder.text();
  EXPECT_FALSE(LockHolder().is_gone());
  LockHolder orphan = self;
  EXPECT_FALSE(orphan.is_orphan());
  orphan.parent = "1999999999";
  EXPECT_TRUE(orphan.is_orphan());
  orphan.host = "far";
  EXPECT_FALSE(orphan.is_orphan());
  for (const LockHolder& holder : gone) EXPECT_FALSE(holder.is_orphan()) << holder.text();
}

TEST(RunFiles, AFolderThatCannotBeIsAFileError) {
  const ScratchFolder scratch;
  std::ofstream(scratch.path() / "plain") << "x";
  EXPECT_THROW(RunFiles(scratch.path() / "plain", "run").create_folder(), FileError);
  EXPECT_THROW(RunFiles(scratch.path() / "plain" / "below", "run").create_folder(), FileError);
  EXPECT_THROW((void)RunFiles(scratch.path() / "plain" / "below", "run").existing(), FileError);
}

TEST(Xdmf, DescribesTheSeries) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "run.xdmf";
  core::Grid grid{3, {4, 6, 8}, {0, -1, -2}, {4, 5, 2}};
  write_xdmf(path, grid,
             {{"run_state_00000000.h5", 0.5, {"rho"}}, {"run_state_00000010.h5", 1.0 / 3.0, {"rho", "v&w", "p"}}},
             "state", "1f00");
  EXPECT_EQ(run_id_of_xdmf(path), "1f00");
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
  write_xdmf(path, grid, {{"a.h5", 0.0, {"x", "y"}}, {"b.h5", 1.0, {"z", "y", "x"}}}, "state", "",
             {{"v", {"x", "y", "z"}}});
  const std::string vector = read_file(path), join = "Function=\"JOIN($0, $1, $2)\" Dimensions=\"8 6 4 3\"";
  EXPECT_EQ(count(vector, join), 1);  // of the file that holds all of it
  std::size_t at = vector.find(join);
  for (const std::string component : {"x", "y", "z"}) at = vector.find(">b.h5:/state/" + component + "<", at);
  EXPECT_NE(at, std::string::npos);
  grid = {2, {4, 6, 1}, {0, -1, 0}, {4, 5, 1}};
  write_xdmf(path, grid, {{"a.h5", 0, {"rho"}}}, "state", "");
  EXPECT_NE(read_file(path).find("Dimensions=\"1 6 4\""), std::string::npos);
  EXPECT_NE(read_file(path).find("<DataItem Dimensions=\"1 6 4\""), std::string::npos);
  grid = {1, {4, 1, 1}, {0, 0, 0}, {4, 1, 1}};
  write_xdmf(path, grid, {{"a.h5", 0, {"rho"}}}, "state", "");
  EXPECT_NE(read_file(path).find("Dimensions=\"1 1 4\""), std::string::npos);
  EXPECT_EQ(run_id_of_xdmf(path), "");
  EXPECT_EQ(run_id_of_xdmf(scratch.path() / "missing"), "");
  EXPECT_EQ(run_id_of_xdmf(scratch.path()), "");
}

}  // namespace
}  // namespace ister::tests
