#include "io/checkpoint.hpp"
#include "io/initial_formats.hpp"
#include "tests/mpi/io_fields.hpp"

namespace ister::tests {
namespace {

using namespace io;

namespace fs = std::filesystem;

class Checkpoint : public testing::Test {
 protected:
  void write(std::int64_t step, const std::string& run_id = "ours") {
    write_checkpoint(MPI_COMM_WORLD, m_files.checkpoint(step), m_decomposition,
                     {{"step", step}, {"time", 0.1 * static_cast<double>(step)}, {"run_id", run_id}},
                     TestFields(m_decomposition, {"a", "b"}).registry());
    MPI_Barrier(MPI_COMM_WORLD);
  }

  SharedScratch m_scratch;
  RunFiles m_files{m_scratch.path(), "run"};
  core::Decomposition m_decomposition{{2, {5, 7, 1}, {0, 0, 0}, {1, 1, 1}}, ranks(), rank()};
};

TEST_F(Checkpoint, TheNewestThatVerifiesIsFound) {
  EXPECT_FALSE(find_newest_checkpoint(MPI_COMM_WORLD, m_files, "").newest);
  EXPECT_FALSE(find_newest_checkpoint(MPI_COMM_WORLD, {m_scratch.path() / "missing", "run"}, "").newest);
  for (const int step : {0, 9, 10, 100}) write(step);
  rank_zero_then_all([&] { std::ofstream(m_scratch.path() / "other_checkpoint_00000200.h5") << "of another run"; });
  auto search = find_newest_checkpoint(MPI_COMM_WORLD, m_files, "");
  ASSERT_TRUE(search.newest);
  EXPECT_EQ(search.newest->path(), m_files.checkpoint(100));
  EXPECT_TRUE(search.passed_over.empty());

  rank_zero_then_all([&] {
    flip_byte(m_files.checkpoint(100), 8);  // of the superblock
    fs::resize_file(m_files.checkpoint(10), 1000);
  });
  search = find_newest_checkpoint(MPI_COMM_WORLD, m_files, "");
  ASSERT_TRUE(search.newest);
  EXPECT_EQ(search.newest->path(), m_files.checkpoint(9));
  EXPECT_EQ(search.newest->attribute<double>("time"), 0.1 * 9.0);
  ASSERT_EQ(search.passed_over.size(), 2u);
  EXPECT_NE(search.passed_over[0].find("00000100.h5"), std::string::npos);
  EXPECT_NE(search.passed_over[1].find("00000010.h5"), std::string::npos);
}

TEST_F(Checkpoint, ThoseOfAnotherRunAreLeftAlone) {
  write(5);
  write(7, "theirs");
  auto search = find_newest_checkpoint(MPI_COMM_WORLD, m_files, "ours");
  ASSERT_TRUE(search.newest);
  EXPECT_EQ(search.newest->path(), m_files.checkpoint(5));
  EXPECT_EQ(search.foreign, (std::vector<fs::path>{m_files.checkpoint(7)}));
  EXPECT_FALSE(find_newest_checkpoint(MPI_COMM_WORLD, m_files, "nobody's").newest);
}

TEST_F(Checkpoint, OneThatCannotBeReadEndsTheSearch) {
  write(5);
  rank_zero_then_all([&] { fs::create_directory(m_files.checkpoint(9)); });
  expect_everywhere<FileError>([&] { find_newest_checkpoint(MPI_COMM_WORLD, m_files, "ours"); }, "00000009.h5");
}

TEST_F(Checkpoint, AFlippedByteAnywhereIsFound) {
  write(7);
  const fs::path path = m_files.checkpoint(7);
  const auto size = static_cast<std::streamoff>(fs::file_size(path));
  for (std::streamoff position = 0; position < size; position += 13) {
    rank_zero_then_all([&] { flip_byte(path, position); });
    expect_everywhere<FileError>([&] { open_checkpoint(MPI_COMM_WORLD, path); }, "the file is damaged");
    rank_zero_then_all([&] { flip_byte(path, position); });
  }
  (void)open_checkpoint(MPI_COMM_WORLD, path);
}

TEST_F(Checkpoint, AnEditedOneIsNotTrusted) {
  write(7);
  const fs::path path = m_files.checkpoint(7);
  rank_zero_then_all([&] {
    const hdf5::File file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), path, "open");
    H5Adelete(file, "time");
    hdf5::write_attribute(file, "time", 0.7000000001, path);
  });
  expect_everywhere<FileError>([&] { open_checkpoint(MPI_COMM_WORLD, path); }, "checksum");
}

TEST_F(Checkpoint, PruningKeepsTheNewestUpToTheOneJustWritten) {
  for (const int step : {1, 2, 3, 4, 50}) write(step);
  prune_checkpoints(MPI_COMM_WORLD, m_files, 4, 2);
  EXPECT_EQ(m_files.checkpoint_steps(), (std::vector<std::int64_t>{3, 4, 50}));
  MPI_Barrier(MPI_COMM_WORLD);
  prune_checkpoints(MPI_COMM_WORLD, m_files, 50, 0);
  EXPECT_EQ(m_files.checkpoint_steps(), (std::vector<std::int64_t>{50}));
}

TEST(EventFileEverywhere, IsReadOnceForAll) {
  const SharedScratch scratch;
  const fs::path path = scratch.path() / "event.dat";
  rank_zero_then_all([&] { std::ofstream(path) << "# two rows\n1 2 3\n4 5 6\n"; });
  const auto read = [](const fs::path& file, int index) {
    return read_for_all(MPI_COMM_WORLD, [&] { return read_trento(file, index, 0.2); });
  };
  const Map event = read(path, 0);
  EXPECT_EQ(event.nodes[0].count, 3);
  EXPECT_EQ(event.nodes[1].count, 2);
  EXPECT_EQ(event.columns.at("value"), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(event.notes.size(), 1u);  // not square
  expect_everywhere<InputError>([&] { read(path, 1); }, "event 1");
  expect_everywhere<FileError>([&] { read(scratch.path() / "missing", 0); }, "missing");
}

}  // namespace
}  // namespace ister::tests
