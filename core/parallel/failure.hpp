#pragma once
#include <exception>
#include <string>

#include "core/base/damaged_file.hpp"

namespace ister::core {

/// An exception as plain data, which can go to another process.
struct Failure {
  ExitCode code = ExitCode::internal;
  bool damaged = false;  ///< of type DamagedFile
  std::string message;
};

/// Of anything thrown; what is not an Error is internal.
[[nodiscard]] Failure describe(const std::exception_ptr& failure);

/// Throws the same type with the same message again.
[[noreturn]] void raise(const Failure& failure);

}  // namespace ister::core
