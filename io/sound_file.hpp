#pragma once
#include <filesystem>
#include <vector>

namespace ister::io {

enum class SoundFormat { wav, flac };

/// By the ending of the name, .wav or .flac in any case. InputError for others.
SoundFormat sound_format_of(const std::filesystem::path& path);

/// Writes stereo sound of 24 bits a sample in the format of the name, atomically: it appears complete or not at all.
/// Samples are between -1 and 1; both sides have as many. FileError for whatever the file system refuses.
void write_sound(const std::filesystem::path& path, int samples_per_second, const std::vector<double>& left,
                 const std::vector<double>& right);

}  // namespace ister::io
