#include "io/ensemble_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/base/damaged_file.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {
namespace {

using namespace io;

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

EnsembleEvent event(std::int64_t number, std::int64_t exit_code = 0) {
  EnsembleEvent event;
  event.number = number;
  event.attributes = {{"exit_code", exit_code}, {"energy", 1.5 * static_cast<double>(number)}};
  event.history = {{"step", Array({0.0, 1.0})}, {"time", Array({0.6, 0.7})}};
  return event;
}

const core::Attributes root{{"input", std::string("deck")}};

/// A chunk in a folder, as each job opens it anew.
struct ChunkFiles {
  ScratchFolder scratch;
  EnsembleFiles files{scratch.path(), "run"};

  [[nodiscard]] EnsembleChunk open() const { return {files.chunk(0), files.journal(0)}; }
  void add(std::int64_t number, int exit_code = 0) const {
    open().append(number, exit_code, event_image(event(number, exit_code)), root);
  }
};

TEST(EnsembleFile, HoldsEventsInTheOrderOfTheirNumbers) {
  const ChunkFiles at;
  for (const int number : {7, 3, 11}) at.add(number, number == 3 ? 4 : 0);
  at.open().complete();
  EXPECT_FALSE(fs::exists(at.files.journal(0)));
  const EnsembleContent content = read_ensemble_file(at.files.chunk(0));
  EXPECT_TRUE(content.checksummed);
  EXPECT_EQ(std::get<std::string>(content.attributes.at("input")), "deck");
  ASSERT_EQ(content.events.size(), 3u);
  EXPECT_EQ(std::get<double>(content.events.at(11).at("energy")), 16.5);
  EXPECT_EQ(at.open().exit_codes(), (std::map<std::int64_t, int>{{3, 4}, {7, 0}, {11, 0}}));
}

TEST(EnsembleFile, AnEventThatComesAgainReplacesTheFirst) {
  const ChunkFiles at;
  at.add(3, 4);
  at.open().complete();
  at.add(5);
  at.add(3, 0);
  EXPECT_EQ(at.open().exit_codes(), (std::map<std::int64_t, int>{{3, 0}, {5, 0}}));
  at.open().complete();
  EXPECT_EQ(at.open().exit_codes(), (std::map<std::int64_t, int>{{3, 0}, {5, 0}}));
}

/// Wherever a process was killed while it wrote: what was whole is there, and the next event follows it.
TEST(EnsembleFile, AnEventIsWholeOrAbsentWhereverItsWritingEnds) {
  const ChunkFiles at;
  at.add(1);
  const std::size_t whole = bytes_of(at.files.journal(0)).size();
  at.add(2);
  const std::string both = bytes_of(at.files.journal(0));
  for (std::size_t end = whole; end < both.size(); end += 397) {
    write_bytes(at.files.journal(0), both.substr(0, end));
    EXPECT_EQ(at.open().exit_codes(), (std::map<std::int64_t, int>{{1, 0}})) << end;
  }
  at.add(4);
  at.open().complete();
  EXPECT_EQ(at.open().exit_codes(), (std::map<std::int64_t, int>{{1, 0}, {4, 0}}));
}

TEST(EnsembleFile, WhatChangedInAJournalDoesNotCount) {
  const ChunkFiles at;
  at.add(1);
  const std::string journal = bytes_of(at.files.journal(0));
  for (const std::size_t place : {std::size_t{12}, journal.size() / 2, journal.size() - 1}) {
    std::string other = journal;
    other[place] = static_cast<char>(other[place] ^ 0x20);
    write_bytes(at.files.journal(0), other);
    EXPECT_TRUE(at.open().exit_codes().empty()) << place;
  }
}

TEST(EnsembleFile, WhatChangesInAJournalBeforeItIsUsedIsDamage) {
  const ChunkFiles at;
  EnsembleChunk chunk = at.open();
  chunk.append(1, 0, event_image(event(1)), root);
  std::string journal = bytes_of(at.files.journal(0));
  journal[journal.size() / 2] = static_cast<char>(journal[journal.size() / 2] ^ 0x20);
  write_bytes(at.files.journal(0), journal);
  EXPECT_THROW(chunk.complete(), DamagedFile);
}

TEST(EnsembleFile, WhatChangedInAFileIsDamage) {
  const ChunkFiles at;
  at.add(1);
  at.open().complete();
  std::string bytes = bytes_of(at.files.chunk(0));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
  write_bytes(at.files.chunk(0), bytes);
  EXPECT_THROW((void)read_ensemble_file(at.files.chunk(0)), DamagedFile);
  EXPECT_THROW((void)at.open(), DamagedFile);
}

TEST(EnsembleFile, OtherFilesAreNone) {
  const ScratchFolder scratch;
  write_bytes(scratch.path() / "text", "words");
  EXPECT_FALSE(is_ensemble_file(scratch.path() / "text"));
  EXPECT_FALSE(is_ensemble_file(scratch.path() / "absent"));
  write_bytes(scratch.path() / "image.h5", event_image(event(1)));
  EXPECT_FALSE(is_ensemble_file(scratch.path() / "image.h5"));
  EXPECT_THROW((void)read_ensemble_file(scratch.path() / "image.h5"), DamagedFile);
}

}  // namespace
}  // namespace ister::tests
