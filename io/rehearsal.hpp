#pragma once
#include <filesystem>
#include <functional>

namespace ister::io {

/// Runs `action`, which reads `path`, in a child process, and throws a FileError where that crashes or does not end
/// in reasonable time: HDF5 does not survive every damaged file, and a file of another program has no checksum to tell.
/// Exceptions of the action are of no interest here, they will come again.
void rehearse(const std::filesystem::path& path, const std::function<void()>& action);

}  // namespace ister::io
