#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace ister::io {

/// An array of numbers, the last index fastest.
struct NumberArray {
  std::vector<std::uint64_t> extents;
  std::vector<double> values;
};

/// Reads a file that numpy.save wrote: reals of 4 or 8 bytes of either byte order, in C order. FileError for what is
/// none of these, or not complete.
NumberArray read_npy(const std::filesystem::path& path);

}  // namespace ister::io
