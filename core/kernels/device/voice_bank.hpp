#pragma once
#include "core/kernels/device/biquad_bank.hpp"
#include "core/kernels/device/settings.hpp"
#include "core/kernels/device/wave_table.hpp"
#include "core/kernels/sound/ramp.hpp"
#include "core/kernels/sound/sampler.hpp"
#include "core/kernels/sound/panning.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core::device {

/// What a voice plays, and its factors on both sides, as they stood at sample `since` of a bank. From there on they are
/// known for all time until they are changed.
struct Voice {
  Sampler sampler;
  Ramp left, right;
  std::int64_t since = 0;
};

/// Many voices mixed to stereo, as those of core::VoiceBank, in the memory of Execution. Only filters depend on what
/// they did before: positions and factors are closed expressions of the sample's number, so that the samples of all
/// voices are read at the same time, and mixed at the same time after a BiquadBank has filtered them.
///
/// The sum is taken in one order, whoever takes it: the result is the same bit by bit for any number of threads, and
/// however it is cut into blocks. Nothing is allocated after set-up.
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

  /// The next samples of both sides, at the beginning of two arrays.
  void render(std::int64_t samples, const DeviceArray& left, const DeviceArray& right);

  [[nodiscard]] int voices() const { return m_panning.voices(); }

 private:
  static constexpr std::int64_t chunk = 1024;  ///< samples that all voices play before they are mixed

  Voice& change(int voice);
  void aim(int voice);
  void render_chunk(std::int64_t samples, double* left, double* right);

  Panning m_panning;
  std::int64_t m_done = 0;  ///< samples rendered
  Settings<Voice> m_voices;
  Kokkos::View<double**, Kokkos::LayoutLeft, Memory> m_samples;  ///< (voice, time)
  BiquadBank m_filters;
  DeviceArray m_partial;  ///< (group of voices, side, time)
};

}  // namespace ister::core::device
