#include "core/collective.hpp"

#include <new>
#include <string>

#include "core/error.hpp"
#include "core/process_memory.hpp"

namespace ister::core {
namespace {

struct Failure {
  ExitCode code;
  std::string message;
};

Failure describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::internal, out_of_memory_message()};
  } catch (const std::exception& error) {
    return {ExitCode::internal, std::string("internal error: ") + error.what()};
  } catch (...) {
    return {ExitCode::internal, "internal error"};
  }
}

[[noreturn]] void raise(const Failure& failure) {
  switch (failure.code) {
    case ExitCode::bad_input:
      throw InputError(failure.message);
    case ExitCode::bad_file:
      throw FileError(failure.message);
    case ExitCode::breakdown:
      throw BreakdownError(failure.message);
    case ExitCode::internal:
      throw AgreedError(failure.message);
    default:
      throw Error(failure.code, failure.message);
  }
}

}  // namespace

void rethrow_everywhere(MPI_Comm comm, const std::exception_ptr& failure) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  int first = failure ? rank : ranks;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm);
  if (first == ranks) return;

  Failure agreed{ExitCode::internal, ""};
  if (rank == first) agreed = describe(failure);
  int header[2] = {static_cast<int>(agreed.code), static_cast<int>(agreed.message.size())};
  MPI_Bcast(header, 2, MPI_INT, first, comm);
  agreed.code = static_cast<ExitCode>(header[0]);
  agreed.message.resize(static_cast<std::size_t>(header[1]));
  MPI_Bcast(agreed.message.data(), header[1], MPI_CHAR, first, comm);
  raise(agreed);
}

}  // namespace ister::core
