#include "tests/mpi/counted_malloc.hpp"

#include <mpi.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

std::atomic<int> allocations{0};
thread_local bool counts = false;  ///< this thread runs our code

struct InsideMpi {
  InsideMpi() { counts = false; }
  ~InsideMpi() { counts = before; }
  bool before = counts;
};

[[maybe_unused]] void count_allocation() {
  if (counts) ++allocations;
}

}  // namespace

extern "C" {

int MPI_Allreduce(const void* send, void* receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  const InsideMpi inside;
  return PMPI_Allreduce(send, receive, count, type, op, comm);
}

int MPI_Alltoallv(const void* send, const int* send_counts, const int* send_offsets, MPI_Datatype send_type,
                  void* receive, const int* receive_counts, const int* receive_offsets, MPI_Datatype receive_type,
                  MPI_Comm comm) {
  const InsideMpi inside;
  return PMPI_Alltoallv(send, send_counts, send_offsets, send_type, receive, receive_counts, receive_offsets,
                        receive_type, comm);
}

int MPI_Isend(const void* data, int count, MPI_Datatype type, int to, int tag, MPI_Comm comm, MPI_Request* request) {
  const InsideMpi inside;
  return PMPI_Isend(data, count, type, to, tag, comm, request);
}

int MPI_Irecv(void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm, MPI_Request* request) {
  const InsideMpi inside;
  return PMPI_Irecv(data, count, type, from, tag, comm, request);
}

int MPI_Waitall(int count, MPI_Request* requests, MPI_Status* statuses) {
  const InsideMpi inside;
  return PMPI_Waitall(count, requests, statuses);
}

#ifdef ISTER_COUNTS_MALLOC
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) noexcept {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  count_allocation();
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  *memory = __libc_memalign(alignment, size);
  return *memory != nullptr || size == 0 ? 0 : ENOMEM;
}
#endif

}  // extern "C"

namespace ister::tests {

void count_allocations(bool on) { counts = on; }

int take_allocations() { return allocations.exchange(0); }

}  // namespace ister::tests
