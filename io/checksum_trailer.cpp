#include "io/checksum_trailer.hpp"

#include <algorithm>
#include <vector>

#include "core/base/damaged_file.hpp"
#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "core/grid/decomposition.hpp"
#include "io/collective.hpp"
#include "io/crc64.hpp"

namespace ister::io {
namespace {

const std::string trailer_begin = "ISTER-CRC64 ";

/// The last bytes of a file, as many as a trailer has; none where it is shorter.
std::string last_line(const std::filesystem::path& path) {
  const core::InputFile file(path);
  std::string line = checksum_trailer(0);
  const auto length = static_cast<std::int64_t>(line.size());
  if (file.size() < length) return "";
  file.read_at(line.data(), line.size(), file.size() - length);
  return line;
}

}  // namespace

std::string checksum_trailer(std::uint64_t crc) { return trailer_begin + crc64_text(crc) + "\n"; }

bool check_trailer(MPI_Comm comm, const std::filesystem::path& path) {
  std::string trailer;
  int rank = 0, ranks = 1, has_trailer = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  on_rank_zero(comm, [&] {
    trailer = last_line(path);
    has_trailer = static_cast<int>(trailer.compare(0, trailer_begin.size(), trailer_begin) == 0);
  });
  MPI_Bcast(&has_trailer, 1, MPI_INT, 0, comm);
  if (has_trailer == 0) return false;

  std::uint64_t crc = 0;
  collectively(comm, [&] {
    const core::InputFile file(path);
    const std::int64_t size = file.size() - static_cast<std::int64_t>(checksum_trailer(0).size());
    const core::Range share = core::split_range(size, ranks, rank);
    std::vector<char> piece(1 << 20);
    for (std::int64_t begin = share.begin; begin < share.end; begin += static_cast<std::int64_t>(piece.size())) {
      piece.resize(std::min(piece.size(), static_cast<std::size_t>(share.end - begin)));
      file.read_at(piece.data(), piece.size(), begin);
      crc = crc64(piece.data(), piece.size(), crc);
    }
    crc = crc64_share(crc, static_cast<std::uint64_t>(size - share.end));
  });
  crc = crc64_of_shares(comm, crc);
  on_rank_zero(comm, [&] {
    if (checksum_trailer(crc) == trailer) return;
    throw DamagedFile(path.string() + ": the file is damaged: its checksum is " + crc64_text(crc) +
                      ", the one it was written with " + trailer.substr(trailer_begin.size(), 16));
  });
  return true;
}

}  // namespace ister::io
