#include "io/surface_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::tests {
namespace {

using core::surface::ElementSlab;
using core::surface::ElementTable;

ElementTable empty_table(const std::string& name) {
  ElementTable table;
  table.name = name;
  table.columns = {"x", "y", "z"};
  table.values.resize(3);
  return table;
}

/// Adds a slab whose values no other has.
void add_slab(ElementTable& table, std::int64_t step, int count) {
  for (std::size_t c = 0; c < table.values.size(); ++c)
    for (int i = 0; i < count; ++i)
      table.values[c].push_back(static_cast<double>(step) + 100.0 * static_cast<double>(c) + 0.001 * i);
  ElementSlab slab;
  slab.step = step;
  slab.count = count;
  table.slabs.push_back(slab);
  table.attributes["closure"] = static_cast<double>(step);
}

class SurfaceFile : public testing::Test {
 protected:
  ScratchFolder m_folder;
  std::filesystem::path m_path = m_folder.path() / "run_surface.h5";
  ElementTable m_first = empty_table("surface"), m_second = empty_table("surface_1");
  io::SurfaceFile::Tables m_tables{&m_first, &m_second};

  void append(io::SurfaceFile& file, std::int64_t step, int count) {
    add_slab(m_first, step, count);
    add_slab(m_second, step, 2 * count);
    file.append(m_tables, {{"time", 0.1 * static_cast<double>(step)}});
  }
  /// The steps of a surface; its values must be theirs.
  [[nodiscard]] std::vector<std::int64_t> steps(std::size_t surface) const {
    const ElementTable table = io::read_surface_file(m_path).surfaces.at(surface);
    std::vector<std::int64_t> steps;
    for (const ElementSlab& slab : table.slabs) {
      steps.push_back(slab.step);
      for (std::int64_t i = 0; i < slab.count; ++i)
        EXPECT_EQ(table.column("y")[static_cast<std::size_t>(slab.offset + i)],
                  static_cast<double>(slab.step) + 100.0 + 0.001 * static_cast<double>(i));
    }
    return steps;
  }
};

TEST_F(SurfaceFile, GrowsAndGoesBackToItsMarks) {
  io::SurfaceFile file(m_path);
  file.append(m_tables, {});
  EXPECT_EQ(steps(0).size(), 0U);
  append(file, 3, 5);
  append(file, 7, 0);
  const std::vector<io::SurfaceMark> marks = file.marks();
  append(file, 9, 4);
  EXPECT_EQ(steps(0), (std::vector<std::int64_t>{3, 7, 9}));
  EXPECT_EQ(steps(1), steps(0));
  EXPECT_EQ(m_first.rows(), 0);
  const io::SurfaceContent content = io::read_surface_file(m_path);
  EXPECT_EQ(content.surfaces[1].rows(), 18);
  EXPECT_EQ(std::get<double>(content.surfaces[1].attributes.at("closure")), 9.0);
  io::SurfaceFile again(m_path);
  again.restore(marks);
  again.verify(m_tables);
  again.rewind(m_tables, {});
  EXPECT_EQ(steps(0), (std::vector<std::int64_t>{3, 7}));
  append(again, 8, 1);
  EXPECT_EQ(steps(1), (std::vector<std::int64_t>{3, 7, 8}));
}

TEST_F(SurfaceFile, ForgetsWhatWasOnlyGlimpsed) {
  io::SurfaceFile file(m_path);
  append(file, 3, 5);
  m_first.glimpsed = m_second.glimpsed = 1;
  append(file, 4, 2);
  EXPECT_EQ(steps(0), (std::vector<std::int64_t>{3, 4}));
  append(file, 6, 2);
  EXPECT_EQ(steps(0), (std::vector<std::int64_t>{3, 6}));
}

TEST_F(SurfaceFile, RefusesToGrowWhatIsNotWhatItWas) {
  io::SurfaceFile file(m_path);
  append(file, 3, 50);
  const auto at = std::filesystem::file_size(m_path);
  std::string bytes(at, '\0');
  std::ifstream(m_path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(at));
  const double value = 3.0 + 100.0 * 1.0 + 0.001 * 11;  // of the column y at step 3
  const std::size_t place = bytes.find(std::string(reinterpret_cast<const char*>(&value), sizeof value));
  ASSERT_NE(place, std::string::npos);
  bytes[place] = static_cast<char>(bytes[place] ^ 1);
  std::ofstream(m_path, std::ios::binary) << bytes;
  try {
    append(file, 4, 1);
    FAIL();
  } catch (const FileError& error) {
    EXPECT_NE(std::string(error.what()).find("crc64"), std::string::npos) << error.what();
  }
  EXPECT_EQ(std::filesystem::file_size(m_path), at);
}

TEST_F(SurfaceFile, LosesNothingWhereTheDiskIsFull) {
  io::SurfaceFile file(m_path);
  append(file, 3, 50);
  {
    const FileSizeLimit limit(std::filesystem::file_size(m_path) + 100000);
    EXPECT_THROW(append(file, 5, 10000), FileError);
  }
  EXPECT_EQ(steps(1), (std::vector<std::int64_t>{3}));
}

}  // namespace
}  // namespace ister::tests
