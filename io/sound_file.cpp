#include "io/sound_file.hpp"

#include <fcntl.h>
#include <sndfile.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "core/base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/posix.hpp"

namespace ister::io {
namespace {

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

}  // namespace

SoundFormat sound_format_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".wav") return SoundFormat::wav;
  if (ending == ".flac") return SoundFormat::flac;
  throw InputError(path.string() + ": sound is written as WAV or FLAC; the name must end in .wav or .flac");
}

void write_sound(const std::filesystem::path& path, int samples_per_second, const std::vector<double>& left,
                 const std::vector<double>& right) {
  ISTER_REQUIRE(left.size() == right.size());
  AtomicFile file(path);
  Descriptor on_disk = file.create();
  const auto refuse = [&](SNDFILE* sound) {
    throw FileError(path.string() + ": the sound cannot be written: " + sf_strerror(sound));
  };
  SF_INFO info{};
  info.samplerate = samples_per_second;
  info.channels = 2;
  info.format = (sound_format_of(path) == SoundFormat::flac ? SF_FORMAT_FLAC : SF_FORMAT_WAV) | SF_FORMAT_PCM_24;
  std::unique_ptr<SNDFILE, CloseSound> sound(sf_open(on_disk.alias().c_str(), SFM_WRITE, &info));
  if (!sound) refuse(nullptr);
  sf_command(sound.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  std::vector<double> frames;
  constexpr std::size_t block = 1 << 16;
  for (std::size_t begin = 0; begin < left.size(); begin += block) {
    frames.clear();
    for (std::size_t i = begin; i < std::min(begin + block, left.size()); ++i) {
      frames.push_back(left[i]);
      frames.push_back(right[i]);
    }
    const auto count = static_cast<sf_count_t>(frames.size() / 2);
    if (sf_writef_double(sound.get(), frames.data(), count) != count) refuse(sound.get());
  }
  if (sf_close(sound.release()) != 0) throw FileError(path.string() + ": the sound cannot be written");
  on_disk.sync();
  on_disk.close();
  file.commit();
}

}  // namespace ister::io
