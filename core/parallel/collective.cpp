#include "core/parallel/collective.hpp"

#include <array>

#include "core/parallel/failure.hpp"

namespace ister::core {

std::string broadcast_text(MPI_Comm comm, std::string text) {
  auto size = static_cast<int>(text.size());
  MPI_Bcast(&size, 1, MPI_INT, 0, comm);
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), size, MPI_CHAR, 0, comm);
  return text;
}

void rethrow_everywhere(MPI_Comm comm, const std::exception_ptr& failure) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  int first = failure ? rank : ranks;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm);
  if (first == ranks) return;

  Failure agreed;
  if (rank == first) agreed = describe(failure);
  std::array<int, 3> header{static_cast<int>(agreed.code), agreed.damaged, static_cast<int>(agreed.message.size())};
  MPI_Bcast(header.data(), 3, MPI_INT, first, comm);
  agreed.code = static_cast<ExitCode>(header[0]);
  agreed.damaged = header[1] != 0;
  agreed.message.resize(static_cast<std::size_t>(header[2]));
  MPI_Bcast(agreed.message.data(), header[2], MPI_CHAR, first, comm);
  raise(agreed);
}

}  // namespace ister::core
