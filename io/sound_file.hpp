#pragma once
#include <filesystem>
#include <vector>

namespace ister::io {

/// Writes stereo sound as a WAV file of 24 bits a sample, atomically: it appears complete or not at all. Samples are
/// between -1 and 1; both sides have as many. FileError for whatever the file system refuses.
void write_sound(const std::filesystem::path& path, int samples_per_second, const std::vector<double>& left,
                 const std::vector<double>& right);

}  // namespace ister::io
