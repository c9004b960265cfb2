#include "io/seal.hpp"

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

const std::string seal_begin = "ISTER-CRC64 ";

/// The last bytes of a file, as many as a seal has; none where it is shorter.
std::string last_line(const std::filesystem::path& path) {
  const core::InputFile file(path);
  std::string line = seal_line(0);
  const auto length = static_cast<std::int64_t>(line.size());
  if (file.size() < length) return "";
  file.read_at(line.data(), line.size(), file.size() - length);
  return line;
}

}  // namespace

std::string seal_line(std::uint64_t crc) { return seal_begin + crc64_text(crc) + "\n"; }

bool check_seal(MPI_Comm comm, const std::filesystem::path& path) {
  std::string seal;
  int rank = 0, ranks = 1, sealed = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  on_rank_zero(comm, [&] {
    seal = last_line(path);
    sealed = static_cast<int>(seal.compare(0, seal_begin.size(), seal_begin) == 0);
  });
  MPI_Bcast(&sealed, 1, MPI_INT, 0, comm);
  if (sealed == 0) return false;

  std::uint64_t crc = 0;
  core::Range share;
  collectively(comm, [&] {
    const core::InputFile file(path);
    share = core::split_range(file.size() - static_cast<std::int64_t>(seal_line(0).size()), ranks, rank);
    std::vector<char> piece(1 << 20);
    for (std::int64_t begin = share.begin; begin < share.end; begin += static_cast<std::int64_t>(piece.size())) {
      piece.resize(std::min(piece.size(), static_cast<std::size_t>(share.end - begin)));
      file.read_at(piece.data(), piece.size(), begin);
      crc = crc64(piece.data(), piece.size(), crc);
    }
  });
  crc = crc64_across(comm, crc, static_cast<std::uint64_t>(share.size()));
  on_rank_zero(comm, [&] {
    if (seal_line(crc) == seal) return;
    throw DamagedFile(path.string() + ": the file is damaged: its checksum is " + crc64_text(crc) +
                      ", the one it was written with " + seal.substr(seal_begin.size(), 16));
  });
  return true;
}

}  // namespace ister::io
