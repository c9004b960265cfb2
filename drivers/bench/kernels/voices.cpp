#include <fmt/format.h>

#include "core/kernels/sound/voice_bank.hpp"
#include "drivers/bench/kernels/benchmarks.hpp"

namespace ister::drivers {

/// 64 voices, each with its own rate, filter, gain and place, in blocks of 512 samples on one thread.
void bench_voices(const core::Ranks&, BenchReport& report) {
  constexpr int voices = 64, block = 512, blocks = 20;
  constexpr double rate = 48000;
  std::vector<double> tone(static_cast<std::size_t>(rate));
  for (std::size_t i = 0; i < tone.size(); ++i) tone[i] = std::sin(2 * M_PI * 440 / rate * static_cast<double>(i));
  const core::WaveTable table(tone, core::Loop{20000, 40000});
  core::VoiceBank bank(voices, 480);
  for (int v = 0; v < voices; ++v) {
    bank.set_interpolation(v, core::Interpolation::linear);
    bank.set_gain(v, 1.0 / voices);
    bank.set_pan(v, 2.0 * v / (voices - 1) - 1);
    bank.set_filter(v, core::Biquad::low_pass(2 * M_PI * 8000 / rate, M_SQRT1_2));
    bank.play(v, table, std::exp2((v % 48 - 24) / 12.0));
  }
  std::vector<double> left(block), right(block);
  std::vector<Timing> timings;
  core::on_one_thread([&] {
    timings = report.time_in_turn(40, {{"voices/64", [&] {
                                          for (int b = 0; b < blocks; ++b)
                                            bank.render(block, left.data(), right.data());
                                        }}});
  });
  timings[0].items = static_cast<double>(voices) * block * blocks;
  report.add(timings[0]);
  const double seconds = timings[0].best() / timings[0].items;
  report.add({"voices", 1e9 * seconds, "ns",
              fmt::format("a voice-sample; {:.0f} voices in real time at 48 kHz", 1 / (rate * seconds)),
              Target{1.93, 1.6, {}, false}});
}

}  // namespace ister::drivers
