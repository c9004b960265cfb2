#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/damaged_file.hpp"
#include "core/base/input_file.hpp"
#include "io/event_format.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace core;

namespace fs = std::filesystem;

class InputDoor : public testing::Test {
 protected:
  fs::path write(const std::string& content) {
    std::ofstream(m_path, std::ios::binary) << content;
    return m_path;
  }
  std::string complaint(const fs::path& path) {
    try {
      (void)read_text(path, 1000, "a text");
    } catch (const FileError& error) {
      return error.what();
    }
    return "";
  }

  tests::ScratchFolder m_scratch;
  fs::path m_path = m_scratch.path() / "file";
};

TEST_F(InputDoor, OnlyPlainFilesAreRead) {
  EXPECT_EQ(read_text(write("a\nb"), 1000, "a text"), "a\nb");
  fs::create_symlink(m_path, m_scratch.path() / "link");
  EXPECT_EQ(read_text(m_scratch.path() / "link", 1000, "a text"), "a\nb");
  ASSERT_EQ(::mkfifo((m_scratch.path() / "pipe").c_str(), 0600), 0);
  EXPECT_TRUE(has(complaint(m_scratch.path() / "pipe"), "pipe: is a pipe, not a plain file"));
  EXPECT_TRUE(has(complaint(m_scratch.path()), "is a folder, not a plain file"));
  EXPECT_TRUE(has(complaint("/dev/zero"), "is a device, not a plain file"));
  EXPECT_TRUE(has(complaint(m_scratch.path() / "missing"), "cannot open: No such file"));
}

TEST_F(InputDoor, SizesAreLimited) {
  EXPECT_EQ(complaint(write(std::string(1000, 'x'))), "");
  EXPECT_TRUE(has(complaint(write(std::string(1001, 'x'))), "larger than 0 MB, not a text"));
  EXPECT_EQ(InputFile(m_path).begin(3), "xxx");
  EXPECT_FALSE(read_text("/proc/self/status", 100000, "a text").empty());  // says that its size is 0
}

TEST_F(InputDoor, WhatIsReadInPiecesIsWhole) {
  std::string content(5'000'000, ' ');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>('!' + i * i % 89);
  for (const std::size_t size : {std::size_t{4095}, std::size_t{4096}, std::size_t{4097}, content.size()})
    EXPECT_TRUE(read_text(write(content.substr(0, size)), content.size(), "a text") == content.substr(0, size)) << size;
  EXPECT_TRUE(InputFile(m_path).begin(3'000'000) == content.substr(0, 3'000'000));
}

TEST_F(InputDoor, WhatEndsTooEarlyIsDamaged) {
  const InputFile file(write("12345"));
  char bytes[8];
  file.read_at(bytes, 5, 0);
  EXPECT_THROW(file.read_at(bytes, 8, 0), DamagedFile);
}

TEST_F(InputDoor, AByteOrderMarkIsNoText) { EXPECT_EQ(read_text(write("\xef\xbb\xbfx"), 1000, "a text"), "x"); }

TEST(PrintableText, HasNoControlCharacters) {
  EXPECT_EQ(printable("caf\xc3\xa9 \xe2\x82\xac\tand\n\xf0\x9f\x98\x80"),
            "caf\xc3\xa9 \xe2\x82\xac\tand\n\xf0\x9f\x98\x80");
  EXPECT_EQ(printable("\x1b[31m\x07\r\x7f"), "?[31m???");
  EXPECT_EQ(printable("\xc2\x9b"
                      "x\xff\xc3"),
            "??x??");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

TEST(ForeignText, IsNamed) {
  EXPECT_EQ(foreign_format("1 2 3\n"), "");
  EXPECT_TRUE(has(foreign_format("\x1f\x8b\x08"), "gunzip"));
  EXPECT_TRUE(has(foreign_format("\x93NUMPY\x01"), "NumPy"));
  EXPECT_TRUE(has(foreign_format(std::string("1 2\0 3", 6)), "binary"));
  EXPECT_TRUE(has(number_hint("1.5D-03"), "Fortran"));
  EXPECT_TRUE(has(number_hint("-.5d3"), "Fortran"));
  EXPECT_TRUE(has(number_hint("1.0-103"), "exponent"));
  EXPECT_TRUE(has(number_hint("1,5"), "decimal point"));
  EXPECT_EQ(number_hint("word"), "");
}

TEST(ForeignEvents, AreToldByHeaderColumnsAndLayout) {
  const auto of = [](const std::string& text, const std::string& name = "e.dat") {
    return io::recognised_format(name, text).what;
  };
  const std::string map = "1 2 3 4\n1 2 3 4\n1 2 3 4\n1 2 3 4\n";
  EXPECT_EQ(of(map), "");
  EXPECT_EQ(of("# event 0\n# b = 1\n# grid-max = 4\n" + map), "");
  EXPECT_EQ(of(""), "");
  EXPECT_TRUE(has(of(map, "sd_event_1_block.dat"), "superMC"));
  EXPECT_EQ(of("# transposed\n" + map, "sd_event_1_block.dat"), "");
  EXPECT_TRUE(has(of("# 1 a etamax= 4\n" + map), "MUSIC"));
  EXPECT_TRUE(has(of("#0 0.1 0.1 0.1 0 -5 -5 -5\n" + map), "CCAKE"));
  EXPECT_TRUE(has(of("0 0.1 0.1 0 -5 -5\n-5 -5 1 0 0 0\n"), "ICCING"));
  std::string cells;
  for (int i = 0; i < 144; ++i) cells += std::to_string(i / 12) + " " + std::to_string(i % 12) + " 0.5\n";
  EXPECT_TRUE(has(of(cells), "one row for each cell"));
}

}  // namespace
}  // namespace ister::tests
