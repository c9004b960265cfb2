#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>

#include "core/base/error.hpp"
#include "io/hdf5.hpp"
#include "io/initial_formats.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {
namespace {

using namespace io;

namespace fs = std::filesystem;

class TrentoFile : public testing::Test {
 protected:
  fs::path text(const std::string& content) {
    std::ofstream(m_path) << content;
    return m_path;
  }
  /// Datasets `names`, each 2 x 3 with its number in the list in every place.
  fs::path hdf5_file(const std::vector<std::string>& names, double last_value = 1.0) {
    const hdf5::File file = hdf5::create_file(m_path);
    double number = 0.0;
    for (const auto& name : names) {
      const hdf5::Space space = hdf5::simple_space({2, 3}, m_path);
      const hdf5::Dataset dataset(
          H5Dcreate2(file, name.c_str(), H5T_IEEE_F32BE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), m_path,
          "create");
      number += 1.0;
      std::vector<double> values(6, number);
      values.back() = last_value;
      H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    }
    return m_path;
  }
  template <class Expected>
  void expect_error(const fs::path& path, const std::string& words, int index = 0) {
    try {
      read_trento(path, index, 0.2);
      ADD_FAILURE() << "no error; expected: " << words;
    } catch (const Expected& error) {
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find(path.string()), 0u) << error.what();
    }
  }

  tests::ScratchFolder m_scratch;
  fs::path m_path = m_scratch.path() / "event.anything";
};

TEST_F(TrentoFile, ReadsText) {
  const Map event = read_trento(text("# event 0\n# b = 7\n\n0 1 2.5\r\n  3e0\t4 5  \n#\n6 7 8"), 0, 0.2);
  EXPECT_EQ(event.nodes[0].count, 3);
  EXPECT_EQ(event.nodes[1].count, 3);
  EXPECT_EQ(event.nodes[0].first, -0.2);
  EXPECT_EQ(event.columns.at("value"), (std::vector<double>{0, 1, 2.5, 3, 4, 5, 6, 7, 8}));
}

TEST_F(TrentoFile, ReadsHdf5EventsInTheOrderOfTheirNumbers) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back("event_" + std::to_string(i));
  const fs::path path = hdf5_file(names);
  for (int i = 0; i < 12; ++i) {
    const Map event = read_trento(path, i, 0.2);
    EXPECT_EQ(event.nodes[0].count, 3);
    EXPECT_EQ(event.nodes[1].count, 2);
    EXPECT_EQ(event.columns.at("value"), (std::vector<double>{i + 1., i + 1., i + 1., i + 1., i + 1., 1.}));
  }
  expect_error<InputError>(path, "event 12 is not in this file; it holds 12", 12);
  expect_error<InputError>(path, "event -1", -1);
}

TEST_F(TrentoFile, BadValuesAreInputErrorsWithTheirPlace) {
  expect_error<InputError>(text("# x\n1 2\n3 nan\n"), "line 3: value nan");
  expect_error<InputError>(text("1 2\n3 -inf\n"), "line 2: value -inf");
  expect_error<InputError>(text("1 -1e-12\n"), "line 1: value -1e-12");
  expect_error<InputError>(text("1 1e999\n"), "line 1: value inf");
  expect_error<InputError>(text("0 0\n0 0\n"), "all values are zero");
  expect_error<InputError>(text("1 2\n"), "event 1", 1);
  expect_error<InputError>(hdf5_file({"event_0"}, -2.0), "event_0[1][2]: value -2");
  expect_error<InputError>(hdf5_file({"event_0"}, std::nan("")), "event_0[1][2]: value nan");
}

TEST_F(TrentoFile, WhatIsNoEventIsAFileError) {
  expect_error<FileError>(m_scratch.path() / "missing", "cannot open");
  expect_error<FileError>(m_scratch.path(), "is a folder");
  expect_error<FileError>(text(""), "holds no numbers");
  expect_error<FileError>(text("# only a header\n"), "holds no numbers");
  expect_error<FileError>(text("1 2 3\n4 5\n"), "line 2 has 2 numbers, the lines before 3");
  expect_error<FileError>(text("1 2\n3 four\n"), "line 2: 'four' is not a number");
  expect_error<FileError>(text("1,2\n3,4\n"), "line 1: '1,2' is not a number");
  expect_error<FileError>(hdf5_file({}), "holds no dataset");
}

TEST_F(TrentoFile, ATruncatedHdf5FileIsAFileErrorAtEveryLength) {
  const auto size = fs::file_size(hdf5_file({"event_0", "event_1"}));
  for (auto length = size; length-- > 0; length -= std::min<std::uintmax_t>(length, 97)) {
    fs::resize_file(hdf5_file({"event_0", "event_1"}), length);
    expect_error<FileError>(m_path, "");
  }
}

}  // namespace
}  // namespace ister::tests
