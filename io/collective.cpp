#include "io/collective.hpp"

namespace ister::io {

std::uint64_t crc64_of_shares(MPI_Comm comm, std::uint64_t share) {
  MPI_Allreduce(MPI_IN_PLACE, &share, 1, MPI_UINT64_T, MPI_BXOR, comm);
  return share;
}

}  // namespace ister::io
