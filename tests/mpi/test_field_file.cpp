#include <sys/stat.h>

#include <sstream>

#include "io/collective.hpp"
#include "io/crc64.hpp"
#include "io/state_file.hpp"
#include "tests/mpi/io_fields.hpp"
#include "tests/ways_to_cut.hpp"

namespace ister::tests {
namespace {

using namespace io;

namespace fs = std::filesystem;

core::Decomposition decompose(const core::Grid& grid) { return {grid, ranks(), rank()}; }

const core::Grid odd_grid{3, {5, 3, 7}, {0, 0, 0}, {1, 1, 1}};

class FieldFileTest : public testing::Test {
 protected:
  fs::path write(const core::Grid& grid = odd_grid, const core::Attributes& attributes = {}) {
    const auto decomposition = decompose(grid);
    write_state(MPI_COMM_WORLD, m_path, decomposition, attributes,
                TestFields(decomposition, {"density", "speed"}).registry());
    return m_path;
  }

  SharedScratch m_scratch;
  fs::path m_path = m_scratch.path() / "state.h5";
};
class UnsealedFile : public FieldFileTest {};

TEST_F(FieldFileTest, RoundTripsOnEveryShape) {
  const std::vector<core::Grid> grids{{1, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},   {1, {10, 1, 1}, {0, 0, 0}, {1, 1, 1}},
                                      {2, {5, 2, 1}, {0, 0, 0}, {1, 1, 1}},   {2, {201, 67, 1}, {0, 0, 0}, {1, 1, 1}},
                                      {3, {3, 5, 2}, {0, 0, 0}, {1, 1, 1}},   odd_grid,
                                      {3, {40, 31, 33}, {0, 0, 0}, {1, 1, 1}}};
  for (const auto& grid : grids) {
    SCOPED_TRACE(std::to_string(grid.points[0]) + " x " + std::to_string(grid.points[1]) + " x " +
                 std::to_string(grid.points[2]));
    write(grid);
    EXPECT_EQ(entries_in(m_scratch.path()), 1);
    const auto decomposition = decompose(grid);
    const FieldFile file = open_state(MPI_COMM_WORLD, m_path);
    ASSERT_EQ(file.fields().size(), 2u);
    EXPECT_TRUE(file.has("speed"));
    EXPECT_FALSE(file.has("spee"));
    for (std::size_t f = 0; f < 2; ++f) {
      const auto whole = whole_field(f, grid);
      EXPECT_EQ(file.fields()[f].crc64, crc64_text(crc64(whole.data(), whole.size() * sizeof(double))));
      EXPECT_EQ(file.fields()[f].points,
                std::vector<std::int64_t>(grid.points.begin(), grid.points.begin() + grid.dimensions));
    }
    file.verify();
    TestFields fields(decomposition, {"density", "speed"});
    const auto expected = fields.blocks();
    fields.clear();
    file.read(fields.registry(), decomposition);
    EXPECT_EQ(fields.blocks(), expected);
    MPI_Barrier(MPI_COMM_WORLD);
  }
}

TEST_F(FieldFileTest, IsTheSameHoweverTheGridIsCut) {
  for (const std::vector<int>& shape : {std::vector<int>{13}, {9, 5}, {6, 7, 5}}) {
    const core::Grid grid = unit_grid(shape);
    const std::vector<double> whole = whole_field(1, grid);
    for (const std::array<int, 3>& parts : ways_to_cut(grid, ranks())) {
      SCOPED_TRACE(std::to_string(parts[0]) + " x " + std::to_string(parts[1]) + " x " + std::to_string(parts[2]));
      const core::Decomposition decomposition(grid, parts, rank());
      TestFields fields(decomposition, {"density", "speed"});
      write_state(MPI_COMM_WORLD, m_path, decomposition, {}, fields.registry());
      const FieldFile file = open_state(MPI_COMM_WORLD, m_path);
      EXPECT_EQ(file.fields()[1].crc64, crc64_text(crc64(whole.data(), whole.size() * sizeof(double))));
      std::vector<double> found(whole.size());
      file.read("speed", grid, {{0, 0, 0}, {grid.points[0], grid.points[1], grid.points[2]}}, found.data());
      EXPECT_EQ(found, whole);
      const auto expected = fields.blocks();
      fields.clear();
      file.read(fields.registry(), decomposition);
      EXPECT_EQ(fields.blocks(), expected);
    }
  }
}

TEST_F(FieldFileTest, AttributesKeepTypeAndEveryBit) {
  const core::Attributes attributes{{"minus_zero", -0.0},
                                    {"third", 1.0 / 3.0},
                                    {"smallest", 4.9406564584124654e-324},
                                    {"largest_int", std::numeric_limits<std::int64_t>::min()},
                                    {"empty_text", std::string()},
                                    {"text", std::string("\xcf\x84 = 0.6 fm\n\"quoted\"")},
                                    {"long_text", std::string(200000, 'x')},
                                    {"box", std::vector<double>{-20.5, 1e300}},
                                    {"points", std::vector<std::int64_t>{192}},
                                    {"none", std::vector<double>{}},
                                    {"many", std::vector<double>(5000, 0.1)}};
  write(odd_grid, attributes);
  const FieldFile file = open_state(MPI_COMM_WORLD, m_path);
  auto expected = attributes;
  expected["format"] = std::string("ister-state");
  expected["version"] = std::int64_t{1};
  EXPECT_EQ(file.attributes(), expected);
  EXPECT_TRUE(std::signbit(file.attribute<double>("minus_zero")));
  EXPECT_EQ(file.attribute<std::int64_t>("points"), 192);
  EXPECT_EQ(file.attribute<std::vector<double>>("points"), std::vector<double>{192.0});
  EXPECT_EQ(file.attribute<std::vector<double>>("version"), std::vector<double>{1.0});
  EXPECT_THROW((void)file.attribute<std::int64_t>("third"), FileError);
  EXPECT_THROW((void)file.attribute<std::string>("third"), FileError);
  EXPECT_THROW((void)file.attribute<double>("text"), FileError);
  EXPECT_THROW((void)file.attribute<double>("box"), FileError);
  EXPECT_THROW((void)file.attribute<double>("absent"), FileError);
}

TEST_F(FieldFileTest, ReadsWhatOtherProgramsWrite) {
  rank_zero_then_all([&] {
    const hdf5::File file(H5Fcreate(m_path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), m_path, "create");
    const auto attribute = [&](const char* name, hid_t type, hid_t space, hid_t memory, const void* data) {
      const hdf5::AttributeId id(H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT), m_path, name);
      H5Awrite(id, memory, data);
    };
    const hdf5::Space scalar(H5Screate(H5S_SCALAR), m_path, "space"), pair = hdf5::simple_space({2}, m_path);
    const hdf5::Type fixed(H5Tcopy(H5T_C_S1), m_path, "type"), padded(H5Tcopy(H5T_FORTRAN_S1), m_path, "type");
    H5Tset_size(fixed, 11);
    H5Tset_strpad(fixed, H5T_STR_NULLPAD);
    H5Tset_size(padded, 9);
    const int version = 1, points[] = {3, 2};
    const float time = 0.5F;
    attribute("format", fixed, scalar, fixed, "ister-state");
    attribute("geometry", padded, scalar, padded, "milne    ");
    attribute("version", H5T_STD_U16BE, scalar, H5T_NATIVE_INT, &version);
    attribute("points", H5T_STD_I32BE, pair, H5T_NATIVE_INT, points);
    attribute("time", H5T_IEEE_F32LE, scalar, H5T_NATIVE_FLOAT, &time);
    const hdf5::Type truth(H5Tenum_create(H5T_NATIVE_INT8), m_path, "type");
    const std::int8_t yes = 1;
    H5Tenum_insert(truth, "TRUE", &yes);
    attribute("unknown_type", truth, scalar, truth, &yes);
    const hdf5::Group group(H5Gcreate2(file, "state", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), m_path, "group");
    const hdf5::Group extra(H5Gcreate2(group, "more", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), m_path, "group");
    const hdf5::Space plane = hdf5::simple_space({2, 3}, m_path);
    const hdf5::Dataset density(
        H5Dcreate2(group, "density", H5T_IEEE_F32BE, plane, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), m_path, "dataset");
    const double values[] = {0, 1, 2, 3, 4, 5.5};
    H5Dwrite(density, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  });
  const FieldFile file = open_state(MPI_COMM_WORLD, m_path);
  EXPECT_EQ(file.attribute<std::string>("geometry"), "milne");
  EXPECT_EQ(file.attribute<std::vector<std::int64_t>>("points"), (std::vector<std::int64_t>{3, 2}));
  EXPECT_EQ(file.attribute<double>("time"), 0.5);
  EXPECT_EQ(file.attributes().count("unknown_type"), 0u);
  ASSERT_EQ(file.fields().size(), 1u);
  file.verify();  // nothing to compare with
  const auto decomposition = decompose({2, {3, 2, 1}, {0, 0, 0}, {1, 1, 1}});
  std::vector<double> block(static_cast<std::size_t>(decomposition.box().points()));
  file.read("density", decomposition, block.data());
  for (std::size_t i = 0; i < block.size(); ++i) {
    const auto index = static_cast<double>(i) + 3.0 * static_cast<double>(decomposition.box().offset[1]);
    EXPECT_EQ(block[i], index == 5.0 ? 5.5 : index);
  }
}

TEST_F(FieldFileTest, CoordinatesStandBesideTheFieldsAndAreChecked) {
  const core::Grid grid{3, {5, 3, 7}, {-1, 0, -2}, {1, 1, 2}};
  const Legend legend{{"x", "y", "eta"}, 0.6, {{"eta", {"1", "rapidity"}}, {"speed", {"c", "flow"}}}};
  const auto decomposition = decompose(grid);
  std::string bytes[2];
  for (std::string& written : bytes) {
    write_state(MPI_COMM_WORLD, m_path, decomposition, {}, TestFields(decomposition, {"density", "speed"}).registry(),
                legend);
    std::ostringstream content;
    content << std::ifstream(m_path).rdbuf();
    written = content.str();
    MPI_Barrier(MPI_COMM_WORLD);
  }
  EXPECT_EQ(bytes[0], bytes[1]);
  {
    const FieldFile file = open_state(MPI_COMM_WORLD, m_path);
    EXPECT_EQ(file.fields().size(), 2u);
    EXPECT_EQ(file.fields().back().name, "speed");
    file.verify();
  }
  const auto dataset_of = [&](const hdf5::File& opened, const char* name) {
    return hdf5::Dataset(H5Dopen2(opened, name, H5P_DEFAULT), m_path, "open");
  };
  rank_zero_then_all([&] {
    const hdf5::File opened(H5Fopen(m_path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), m_path, "open");
    const hdf5::Dataset eta = dataset_of(opened, "/state/eta");
    std::vector<double> values(7);
    H5Dread(eta, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    for (int i = 0; i < 7; ++i) EXPECT_EQ(values[i], grid.coordinate(2, i));
    EXPECT_EQ(hdf5::read_attributes(eta, m_path).at("long_name"), core::Attribute(std::string("rapidity")));
    const core::Attributes speed = hdf5::read_attributes(dataset_of(opened, "/state/speed"), m_path);
    EXPECT_EQ(speed.at("units"), core::Attribute(std::string("c")));
    double time = 0.0;
    H5Dread(dataset_of(opened, "/state/time"), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &time);
    EXPECT_EQ(time, 0.6);
    values[3] = 7.0;  // which nobody reads, but who plots the state
    H5Dwrite(eta, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  });
  expect_everywhere<FileError>([&] { open_state(MPI_COMM_WORLD, m_path).verify(); }, "checksum of 'state/eta'");
}

TEST_F(FieldFileTest, WhatDoesNotFitIsAnInputError) {
  const FieldFile file = open_state(MPI_COMM_WORLD, write());
  std::vector<double> block(1000);
  expect_everywhere<InputError>(
      [&] {
        file.read("density", decompose({3, {5, 3, 8}, {0, 0, 0}, {1, 1, 1}}), block.data());
      },
      "has 5 x 3 x 7 points, the grid 5 x 3 x 8");
  expect_everywhere<InputError>(
      [&] {
        file.read("density", decompose({2, {5, 3, 1}, {0, 0, 0}, {1, 1, 1}}), block.data());
      },
      "the grid 5 x 3");
  expect_everywhere<FileError>([&] { file.read("mass", decompose(odd_grid), block.data()); },
                               "'state/mass' is missing");
}

TEST_F(FieldFileTest, WhatIsNoStateFileIsAFileError) {
  const auto open = [&] { open_state(MPI_COMM_WORLD, m_path); };
  const auto make = [&](const core::Attributes& attributes, const char* group) {
    rank_zero_then_all([&] {
      const hdf5::File file = hdf5::create_file(m_path);
      for (const auto& [name, value] : attributes) hdf5::write_attribute(file, name, value, m_path);
      const hdf5::Group made(H5Gcreate2(file, group, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), m_path, "group");
    });
  };
  expect_everywhere<FileError>(open, "No such file");
  rank_zero_then_all([&] { std::ofstream(m_path) << "plain text"; });
  expect_everywhere<FileError>(open, "not an HDF5 file");
  make({}, "state");
  expect_everywhere<FileError>(open, "attribute 'format' is missing");
  make({{"format", std::string("ister-checkpoint")}, {"version", std::int64_t{1}}}, "state");
  expect_everywhere<FileError>(open, "format is \"ister-checkpoint\", expected \"ister-state\"");
  make({{"format", std::string("ister-state")}, {"version", std::int64_t{2}}}, "state");
  expect_everywhere<FileError>(open, "version 2");
  make({{"format", std::string("ister-state")}, {"version", std::string("1")}}, "state");
  expect_everywhere<FileError>(open, "'version' is of the wrong type");
  make({{"format", std::string("ister-state")}, {"version", std::int64_t{1}}}, "other");
  expect_everywhere<FileError>(open, "cannot open the group 'state'");
  rank_zero_then_all([&] {
    fs::remove(m_path);
    fs::create_directory(m_path);
  });
  expect_everywhere<FileError>(open, m_path.string());
}

TEST_F(FieldFileTest, AFlippedByteAnywhereIsFoundUnlessInTheSealItself) {
  write();
  const auto size = static_cast<std::streamoff>(fs::file_size(m_path));
  for (std::streamoff position = 0; position < size - 29; position += 17) {
    rank_zero_then_all([&] { flip_byte(m_path, position); });
    expect_everywhere<FileError>([&] { open_state(MPI_COMM_WORLD, m_path); }, "the file is damaged");
    rank_zero_then_all([&] { flip_byte(m_path, position); });
  }
  rank_zero_then_all([&] { flip_byte(m_path, size - 29); });
  open_state(MPI_COMM_WORLD, m_path).verify();
}

TEST_F(FieldFileTest, AnEditedFileKeepsTheChecksumsOfItsFields) {
  write(odd_grid, {{"time", 0.5}});
  const auto edit = [&](const std::string& name, double first_value) {
    rank_zero_then_all([&] {
      const hdf5::File file(H5Fopen(m_path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), m_path, "open");
      H5Adelete(file, "time");
      hdf5::write_attribute(file, "time", 0.75, m_path);
      const hdf5::Dataset dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), m_path, "open");
      const hdf5::Space one = hdf5::simple_space({1}, m_path), space(H5Dget_space(dataset), m_path, "space");
      const hsize_t corner[] = {0, 0, 0};
      H5Sselect_elements(space, H5S_SELECT_SET, 1, corner);
      H5Dwrite(dataset, H5T_NATIVE_DOUBLE, one, space, H5P_DEFAULT, &first_value);
    });
  };
  edit("/state/speed", value_at(1, 0));
  open_state(MPI_COMM_WORLD, m_path).verify();
  edit("/state/speed", -3.0);
  const FieldFile file = open_state(MPI_COMM_WORLD, m_path);
  EXPECT_EQ(file.attribute<double>("time"), 0.75);
  const auto decomposition = decompose(odd_grid);
  std::vector<double> block(static_cast<std::size_t>(decomposition.box().points()));
  file.read("density", decomposition, block.data());
  expect_everywhere<FileError>([&] { file.read("speed", decomposition, block.data()); }, "checksum of 'state/speed'");
  expect_everywhere<FileError>([&] { file.verify(); }, "the file is damaged");
}

TEST_F(UnsealedFile, AFlippedByteNeverCrashes) {
  rank_zero_then_all([&] {
    const hdf5::File file(H5Fcreate(m_path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), m_path, "create");
    hdf5::write_attribute(file, "format", std::string("ister-state"), m_path);
    hdf5::write_attribute(file, "version", std::int64_t{1}, m_path);
    const hdf5::Group group(H5Gcreate2(file, "state", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), m_path, "group");
    const hdf5::PropertyList chunked(H5Pcreate(H5P_DATASET_CREATE), m_path, "list");
    const hsize_t chunk[] = {2, 2};
    H5Pset_chunk(chunked, 2, chunk);
    const hdf5::Dataset dataset(H5Dcreate2(group, "density", H5T_IEEE_F64LE, hdf5::simple_space({4, 6}, m_path),
                                           H5P_DEFAULT, chunked, H5P_DEFAULT),
                                m_path, "dataset");
    const std::vector<double> values(24, 1.0);
    H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  });
  const auto decomposition = decompose({2, {6, 4, 1}, {0, 0, 0}, {1, 1, 1}});
  std::vector<double> block(static_cast<std::size_t>(decomposition.box().points()));
  const auto size = static_cast<std::streamoff>(fs::file_size(m_path));
  for (std::streamoff position = 0; position < size; position += 11) {
    rank_zero_then_all([&] { flip_byte(m_path, position); });
    try {
      open_state(MPI_COMM_WORLD, m_path).read("density", decomposition, block.data());
    } catch (const Error& error) {
      EXPECT_NE(error.code(), ExitCode::internal) << error.what();
    }
    rank_zero_then_all([&] { flip_byte(m_path, position); });
  }
  open_state(MPI_COMM_WORLD, m_path).read("density", decomposition, block.data());
}

TEST_F(FieldFileTest, ATruncatedFileIsAFileErrorAtEveryLength) {
  auto length = fs::file_size(write());
  MPI_Barrier(MPI_COMM_WORLD);
  while (length > 0) {
    length -= std::min<std::uintmax_t>(length, 131);
    rank_zero_then_all([&] { fs::resize_file(m_path, length); });
    expect_everywhere<FileError>([&] { open_state(MPI_COMM_WORLD, m_path).verify(); });
  }
}

TEST_F(FieldFileTest, AFullDiskOnAnyRankIsTheSameFileErrorOnAll) {
  const core::Grid grid{2, {64, 65, 1}, {0, 0, 0}, {1, 1, 1}};  // two datasets of 33 kB
  write(odd_grid);
  MPI_Barrier(MPI_COMM_WORLD);
  const auto full_on = [&](int victim, rlim_t bytes) {
    const auto limit = rank() == victim || victim < 0 ? std::make_unique<FileSizeLimit>(bytes) : nullptr;
    expect_everywhere<FileError>([&] { write(grid); }, "state.h5");
  };
  for (rlim_t bytes = 0; bytes < 66000; bytes += 3000) {
    full_on(0, bytes);
    full_on(-1, bytes);
  }
  full_on(ranks() - 1, 30000);
  EXPECT_EQ(entries_in(m_scratch.path()), 1);
  EXPECT_EQ(open_state(MPI_COMM_WORLD, m_path).fields().front().points, (std::vector<std::int64_t>{5, 3, 7}));
  write(grid);
  open_state(MPI_COMM_WORLD, m_path).verify();
}

TEST_F(FieldFileTest, OtherRefusalsAreTheSameFileErrorOnAll) {
  rank_zero_then_all([&] { std::ofstream(m_scratch.path() / "plain") << "x"; });
  m_path = m_scratch.path() / "plain" / "below.h5";
  expect_everywhere<FileError>([&] { write(); }, "there is no folder");
  m_path = m_scratch.path() / "missing" / "state.h5";
  expect_everywhere<FileError>([&] { write(); }, "there is no folder");
  rank_zero_then_all([&] { fs::create_directory(m_scratch.path() / "folder"); });
  m_path = m_scratch.path() / "folder";
  expect_everywhere<FileError>([&] { write(); }, "it is a folder");
  m_path = m_scratch.path() / "pipe";
  rank_zero_then_all([&] { ASSERT_EQ(::mkfifo(m_path.c_str(), 0600), 0); });
  expect_everywhere<FileError>([&] { write(); }, "device, pipe or socket");
  EXPECT_EQ(entries_in(m_scratch.path()), 3);
}

TEST_F(FieldFileTest, AnErrorOfAFieldOnOneRankReachesAll) {
  const auto decomposition = decompose(odd_grid);
  auto fields = TestFields(decomposition, {"density"}).registry();
  fields[0].copy_out = [](double*) {
    if (rank() == ranks() - 1) throw BreakdownError("lost");
  };
  expect_everywhere<BreakdownError>([&] { write_state(MPI_COMM_WORLD, m_path, decomposition, {}, fields); }, "lost");
  EXPECT_EQ(entries_in(m_scratch.path()), 0);
}

TEST(Collective, TheLowestRankSpeaksForAll) {
  const auto fail_from = [](int first) {
    collectively(MPI_COMM_WORLD, [&] {
      if (rank() >= first) throw InputError("of rank " + std::to_string(rank()));
    });
  };
  for (int first = 0; first < ranks(); ++first) {
    expect_everywhere<InputError>([&] { fail_from(first); }, "of rank " + std::to_string(first));
  }
  fail_from(ranks());
  expect_everywhere<Error>([] { on_rank_zero(MPI_COMM_WORLD, [] { throw std::bad_alloc(); }); }, "out of memory");
  expect_everywhere<Error>([] { on_rank_zero(MPI_COMM_WORLD, [] { throw std::out_of_range("here"); }); }, "here");
}

}  // namespace
}  // namespace ister::tests
