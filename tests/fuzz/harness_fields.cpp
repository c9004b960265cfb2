#include <algorithm>

#include "io/checksum_trailer.hpp"
#include "io/crc64.hpp"
#include "io/field_file.hpp"
#include "tests/fuzz/harness.hpp"

namespace {

using namespace ister;

void read_field(const io::FieldFile& file, const io::FieldFile::Field& field) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(field.points.size());
  if (grid.dimensions < 1 || grid.dimensions > 3) return;
  for (const std::int64_t n : field.points)
    if (n < 1 || n > 100) return;
  std::copy(field.points.begin(), field.points.end(), grid.points.begin());
  std::vector<double> values(static_cast<std::size_t>(grid.total_points()));
  file.read(field.name, core::Decomposition(grid, 1, 0), values.data());
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  fuzz::begin_session();
  return 0;
}

// A state or a checkpoint; half of them with a trailer that is right, which is all that a checksum can say.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = fuzz::text_of(data, size);
  const std::uint64_t crc = io::crc64(bytes.data(), bytes.size());
  if (crc % 2 == 0) bytes += io::checksum_trailer(crc);
  return fuzz::read_or_refuse([&] {
    const io::FieldFile file(MPI_COMM_SELF, fuzz::file_of(bytes), {io::state_format, io::checkpoint_format});
    file.verify();
    for (const auto& field : file.fields()) read_field(file, field);
  });
}
