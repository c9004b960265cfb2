#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/sound/panning.hpp"
#include "core/kernels/sound/voice_group.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// Many voices mixed to stereo: each reads a table at its own rate (see Sampler), passes a filter, and is placed
/// between left and right. Gains and places change on straight lines of a fixed number of samples, never at once;
/// filters change between calls of render.
///
/// The result is the same bit by bit for any number of threads, and however it is cut into blocks. Nothing is allocated
/// after set-up. On the host in all builds.
class VoiceBank {
 public:
  /// All voices silent in the middle. InputError for no voices or a ramp of less than one sample.
  VoiceBank(int voices, std::int64_t ramp_samples);

  /// Starts a voice on a table, which must outlive it, with a clear filter and its gain ramping up from 0 to what is
  /// set. `rate` in table samples per output sample, `position` in table samples. Errors as of Sampler.
  void play(int voice, const WaveTable& table, double rate, double position = 0);
  void set_rate(int voice, double rate);
  void set_interpolation(int voice, Interpolation interpolation);
  /// InputError for what is not finite.
  void set_gain(int voice, double gain);
  /// From -1, left, to 1, right; InputError beyond.
  void set_pan(int voice, double position);
  void set_filter(int voice, const Biquad& filter);

  /// The next samples of both sides.
  void render(std::int64_t samples, double* left, double* right);

  [[nodiscard]] int voices() const { return m_panning.voices(); }

 private:
  static constexpr int lanes = 16;
  static constexpr std::int64_t tile = 64;          ///< samples of a group that stay in the first cache
  static constexpr std::int64_t chunk = 16 * tile;  ///< samples between meetings of the threads

  using Group = VoiceGroup<lanes>;
  struct Render;

  void aim(int voice);
  Sampler& sampler(int voice);
  [[nodiscard]] Group& group_of(int voice);

  Panning m_panning;
  std::vector<Group> m_groups;
  std::vector<double> m_partial;  ///< (group, side, time) of a chunk
};

}  // namespace ister::core
