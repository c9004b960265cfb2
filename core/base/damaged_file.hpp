#pragma once
#include "core/base/error.hpp"

namespace ister {

/// A file was read and is wrong in itself: cut off, not what its checksum says, or without the structure of its kind.
/// A file that could not be read (permission, input/output error) is a plain FileError: it may be sound.
struct DamagedFile : FileError {
  using FileError::FileError;
};

}  // namespace ister
