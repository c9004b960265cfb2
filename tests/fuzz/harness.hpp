#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/error.hpp"

/// What a harness gives to its driver: libFuzzer, or mutate_main.cpp where the compiler has none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ister::fuzz {

/// The input as a text.
inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Writes the input to a file of this process, the same at every call.
std::filesystem::path file_of(const std::string& bytes);

/// MPI, Kokkos and FFTW from the first call on.
void begin_session();

/// Runs what reads an input. Users may be told of errors in their input and files; anything else that is thrown ends
/// the process, as a crash does.
template <class Action>
int read_or_refuse(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    if (error.code() == ExitCode::internal) throw;
  }
  return 0;
}

}  // namespace ister::fuzz
