#include "core/parallel/failure.hpp"

#include <new>

#include "core/parallel/process_memory.hpp"

namespace ister::core {

Failure describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const DamagedFile& error) {
    return {error.code(), true, error.what()};
  } catch (const Error& error) {
    return {error.code(), false, error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::internal, false, out_of_memory_message()};
  } catch (const std::exception& error) {
    return {ExitCode::internal, false, std::string("internal error: ") + error.what()};
  } catch (...) {
    return {ExitCode::internal, false, "internal error"};
  }
}

void raise(const Failure& failure) {
  if (failure.damaged) throw DamagedFile(failure.message);
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

}  // namespace ister::core
