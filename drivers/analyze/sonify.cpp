#include <fmt/format.h>
#include <gsl/gsl_spline.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/kernels/sound/voice_bank.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/probe_series.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"
#include "io/posix.hpp"
#include "io/sound_file.hpp"

namespace ister::drivers {
namespace {

constexpr double fade_seconds = 0.01, loudest = 0.9, lowest_audible = 20;
constexpr double bytes_per_sample = 6, most_bytes = 4e9;  // both sides; sizes in a WAV file have 32 bits

/// The record at as many equally spaced times, by a cubic spline.
std::vector<double> at_equal_times(const ProbeSeries& series, const std::vector<double>& record) {
  if (series.is_uniform()) return record;
  const std::size_t count = record.size();
  const std::unique_ptr<gsl_spline, void (*)(gsl_spline*)> spline(gsl_spline_alloc(gsl_interp_cspline, count),
                                                                  gsl_spline_free);
  gsl_spline_init(spline.get(), series.times.data(), record.data(), count);
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i) {
    const double time = series.times.front() + static_cast<double>(i) * series.spacing();
    result.push_back(gsl_spline_eval(spline.get(), std::min(time, series.times.back()), nullptr));
  }
  return result;
}

/// The probes of a run as stereo sound: the series of each is what its loudspeaker would play.
struct SonifyOptions {
  ProbeOptions probes;
  std::filesystem::path output;
  double seconds = 10, pitch = 0;
  int rate = 48000;

  void add_to(CLI::App& app) {
    probes.add_to(app);
    app.footer(
        "Each probe is a voice that plays its series without the mean (with --pitch also without the straight line "
        "from the first value to the last, so that the loop closes), all in the same unit, so that their loudness "
        "compares. Times that are not equally spaced are made so by a cubic spline. Probes are panned by x: the "
        "leftmost on the left, the rightmost on the right, one alone in the middle. The sum is scaled to a largest "
        "magnitude of 0.9 and faded in and out over 10 ms.\n"
        "Writes stereo sound of RATE times SECONDS samples.\n"
        "Example: ister analyze sonify run --pitch 110 --seconds 2 -o run.flac");
    app.add_option("-o,--output", output, "the sound, 24 bits a sample; its ending says whether as WAV or FLAC")
        ->required()
        ->type_name("FILE.wav|.flac");
    app.add_option("--seconds", seconds, "length of the sound, into which the whole run is fitted")
        ->check(between(0.05, 3600.0))
        ->capture_default_str();
    app.add_option("--pitch", pitch,
                   "play the run over and over, so many times a second: a tone with the run as its shape")
        ->type_name("HZ")
        ->check(between(1.0, 20000.0));
    app.add_option("--rate", rate, "samples a second")->check(between(8000, 384000))->capture_default_str();
  }

  [[nodiscard]] ExitCode execute() const {
    const double bytes = seconds * rate * bytes_per_sample;
    if (io::sound_format_of(output) == io::SoundFormat::wav && bytes > most_bytes)
      throw InputError(fmt::format(
          "--seconds {} at --rate {}: {:.3g} GB of sound, but a WAV file holds at most {:.3g} GB (a FLAC file more)",
          seconds, rate, 1e-9 * bytes, 1e-9 * most_bytes));
    io::require_memory(2 * seconds * rate, fmt::format("--seconds {} at --rate {}", seconds, rate));
    const ProbeSeries series = probes.read();
    const std::size_t count = series.times.size();
    if (count < 4)
      throw InputError(
          fmt::format("analyze sonify: {} states make no sound; at least 4, better hundreds (every state "
                      "is one sample of the series)",
                      count));
    const std::vector<core::WaveTable> tables = make_tables(series);
    const auto [left, right] = play(series, tables);
    io::write_sound(output, rate, left, right);
    print_out("written: {}, {} probes, {} states, {} s\n", output.string(), tables.size(), count, seconds);
    const double fastest = 0.5 * static_cast<double>(count - 1) / seconds;
    if (pitch == 0 && fastest < lowest_audible)
      print_error(
          "ister: warning: {} states in {} s oscillate {:.3g} times a second at most, below what ears hear; try "
          "--pitch 110, fewer --seconds, or a run with more states\n",
          count, seconds, fastest);
    return ExitCode::success;
  }

 private:
  struct Sides {
    std::vector<double> left, right;
  };

  /// The changes of each probe, all in the same unit.
  [[nodiscard]] std::vector<core::WaveTable> make_tables(const ProbeSeries& series) const {
    std::vector<std::vector<double>> shapes;
    double largest = 0, size = 0;
    for (const auto& record : series.values) {
      std::vector<double> shape = at_equal_times(series, record);
      const auto count = static_cast<double>(shape.size());
      // A loop must end where it began.
      const double slope = pitch > 0 ? (shape.back() - shape.front()) / (count - 1) : 0.0;
      for (std::size_t i = 0; i < shape.size(); ++i) {
        size = std::max(size, std::abs(shape[i]));
        shape[i] -= slope * static_cast<double>(i);
      }
      const auto used = shape.end() - (pitch > 0 ? 1 : 0);
      const double mean = std::accumulate(shape.begin(), used, 0.0) / static_cast<double>(used - shape.begin());
      for (double& value : shape) {
        value -= mean;
        largest = std::max(largest, std::abs(value));
      }
      shapes.push_back(std::move(shape));
    }
    if (!(largest > 1e-13 * size))
      throw InputError(
          fmt::format("analyze sonify: {} does not change at the probes: there is nothing to hear", probes.field));
    std::vector<core::WaveTable> tables;
    for (std::vector<double>& shape : shapes) {
      for (double& value : shape) value /= largest;
      const auto last = static_cast<std::int64_t>(shape.size()) - 1;
      tables.emplace_back(shape, pitch > 0 ? std::optional(core::Loop{0, last}) : std::nullopt);
    }
    return tables;
  }

  [[nodiscard]] Sides play(const ProbeSeries& series, const std::vector<core::WaveTable>& tables) const {
    const auto samples = static_cast<std::int64_t>(std::llround(seconds * rate));
    const auto fade = static_cast<std::int64_t>(std::llround(fade_seconds * rate));
    const auto steps = static_cast<double>(series.times.size() - 1);
    const double advance = pitch > 0 ? pitch * steps / rate : steps / static_cast<double>(samples);
    if (pitch > 0 && advance > steps)
      throw InputError(fmt::format("--pitch {}: at most the sampling rate, {}", pitch, rate));
    const auto [first, last] = std::minmax_element(series.positions.begin(), series.positions.end(),
                                                   [](const auto& a, const auto& b) { return a[0] < b[0]; });
    const double leftmost = (*first)[0], width = (*last)[0] - leftmost;

    const int voices = static_cast<int>(tables.size());
    core::VoiceBank bank(voices, fade);
    for (int v = 0; v < voices; ++v) {
      const auto p = static_cast<std::size_t>(v);
      bank.set_pan(v, width > 0 ? std::clamp(2 * (series.positions[p][0] - leftmost) / width - 1, -1.0, 1.0) : 0.0);
      bank.play(v, tables[p], advance);
    }
    Sides sound{std::vector<double>(static_cast<std::size_t>(samples)),
                std::vector<double>(static_cast<std::size_t>(samples))};
    bank.render(samples - fade, sound.left.data(), sound.right.data());
    for (int v = 0; v < voices; ++v) bank.set_gain(v, 0.0);
    bank.render(fade, sound.left.data() + samples - fade, sound.right.data() + samples - fade);
    normalise(sound);
    return sound;
  }

  static void normalise(Sides& sound) {
    double peak = 0;
    for (const auto* side : {&sound.left, &sound.right})
      for (const double x : *side) peak = std::max(peak, std::abs(x));
    if (peak == 0) return;
    for (auto* side : {&sound.left, &sound.right})
      for (double& x : *side) x *= loudest / peak;
  }
};

}  // namespace

void add_sonify(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<SonifyOptions>(analyze, command, "sonify", "the probes of a run as stereo sound");
}

}  // namespace ister::drivers
