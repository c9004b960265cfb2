#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/kernels/correlation/two_time.hpp"
#include "core/spectral/fft3d.hpp"
#include "core/spectral/spectrum.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/correlation_choices.hpp"
#include "drivers/analyze/state_fields.hpp"
#include "drivers/analyze/work_progress.hpp"
#include "drivers/machine/thresholds.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

/// Where the modes of one of core::Shells stand in a spectrum.
struct Shell {
  std::vector<std::size_t> positions;
  std::vector<double> weights;
};

/// Frames of states at times that are whole multiples of a step apart, those in between missing.
struct Frames {
  std::vector<std::filesystem::path> states;
  double step = 0;
  std::vector<bool> present;
};

/// Intermediate scattering function, g2 and two-time correlation of fields of a series of states.
struct G2Options {
  std::vector<std::filesystem::path> sources;
  std::vector<std::string> fields = {"energy_density"};
  std::vector<int> shells;
  double beta = 1.0;
  std::string engine = "auto";
  bool two_time = false;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("RUN", sources, "the folder of a run, or some of its state files in the order of their times")
        ->required();
    app.add_option("--field", fields, "a field; several are the components of a vector")
        ->type_name("NAME")
        ->capture_default_str();
    app.add_option("--shells", shells, "the first and the last shell in |k|, counted in the box's k (default: 1 to 8)")
        ->type_name("FIRST LAST")
        ->expected(2)
        ->check(between(0, std::numeric_limits<int>::max()));
    app.add_option("--beta", beta, "contrast in g2 = 1 + beta f^2")
        ->type_name("BETA")
        ->check(not_negative())
        ->capture_default_str();
    app.add_flag("--two-time", two_time,
                 "also C2(t1,t2), which takes no stationary flow for granted, as `ister analyze fit` reads it");
    add_engine(app, engine);
    results.add_to(app);
    app.footer(
        "a_k are the Fourier modes of a field, f_k = (1/N) sum f exp(-i k x); <> is the mean over a shell and over "
        "t. Shells n: (n - 1/2) dk <= |k| < (n + 1/2) dk, dk = 2 pi/(shortest side).\n"
        "Writes k in 1/fm and modes (shells); tau (lags) in fm; F = <a_k(t+tau) a_k(t)*>, f = F/F(0) and g2 (lags, "
        "shells). States are evenly spaced; those that are missing are gaps: what would need them is left out, or NaN, "
        "and the last one of a folder is left out with a warning where it is off the beat. The table holds tau, F, f, "
        "g2.\n"
        "--two-time: C2 = <I(t1) I(t2)>/(<I(t1)> <I(t2)>), I = |a_k|^2, for t2 >= t1 in the datasets c2_00001 (the "
        "first shell) ... of /xpcs/twotime/correlation_map, k in /xpcs/qmap/dynamic_v_list_dim0 with a single "
        "angle 0.\n"
        "Example: ister analyze g2 run --field energy_density --shells 1 4 -o g2.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    const Frames frames = frames_of_states();
    const io::FieldFile first(MPI_COMM_SELF, frames.states.front(), {io::state_format});
    const core::Decomposition whole(grid_of(first), 1, 0);
    core::Fft3d fft(MPI_COMM_SELF, whole);
    double dk = 0;
    const std::vector<Shell> bins = shells_of(fft, dk);
    std::vector<core::ModeRecord> records;
    for (const Shell& shell : bins) {
      std::vector<double> weights;
      for (std::size_t c = 0; c < fields.size(); ++c)
        weights.insert(weights.end(), shell.weights.begin(), shell.weights.end());
      records.emplace_back(static_cast<std::int64_t>(frames.present.size()), weights);
    }
    read_modes(fft, whole, frames, bins, records);
    write(frames, bins, records, dk);
    return ExitCode::success;
  }

 private:
  [[nodiscard]] Frames frames_of_states() const {
    Frames frames{states_of(sources), 0, {}};
    std::vector<double> times = times_of(frames.states), steps;
    for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
    std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
    frames.step = steps[steps.size() / 2];
    const auto number = [&](double time) { return (time - times.front()) / frames.step; };
    const auto fits = [&](double time) {
      return std::abs(number(time) - std::round(number(time))) <= 1e-6 && std::round(number(time)) <= 1e6;
    };
    const bool of_folder = frames.states != sources;  // runs end when they are told to, on the beat or not
    if (of_folder && times.size() > 2 && !fits(times.back())) {
      print_error("ister: warning: {}: its time {} is off the beat of {} and is left out\n",
                  frames.states.back().string(), times.back(), frames.step);
      frames.states.pop_back();
      times.pop_back();
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!fits(times[i]))
        throw InputError(
            fmt::format("{}: its time {} is no whole number of steps of {} after the first, {} (the last "
                        "state of a run often is none: leave it out)",
                        frames.states[i].string(), times[i], frames.step, times.front()));
      frames.present.resize(static_cast<std::size_t>(std::round(number(times[i]))) + 1, false);
      frames.present.back() = true;
    }
    return frames;
  }

  static std::vector<double> times_of(const std::vector<std::filesystem::path>& states) {
    if (states.size() < 2) throw InputError("g2 follows a series in time: it needs two state files or more");
    std::vector<double> times;
    for (const auto& state : states) {
      times.push_back(time_of(io::FieldFile(MPI_COMM_SELF, state, {io::state_format})));
      if (times.size() > 1 && !(times.back() > times[times.size() - 2]))
        throw InputError(fmt::format("{}: its time {} is not later than that of the file before it, {}", state.string(),
                                     times.back(), times[times.size() - 2]));
    }
    return times;
  }

  /// The wanted shells, and what they are counted in.
  [[nodiscard]] std::vector<Shell> shells_of(const core::Fft3d& fft, double& dk) const {
    const core::Shells all(fft.grid());
    dk = all.dk();
    int largest = 0;
    fft.for_each_mode([&](const core::FourierMode& mode, std::int64_t) {
      largest = std::max(largest, static_cast<int>(all.of(mode.k)));
    });
    const int begin = first_shell(), last = shells.empty() ? std::min(8, largest) : shells.back();
    if (last < begin || last > largest)
      throw InputError(fmt::format(
          "--shells {} {}: the states hold shells 0 to {}, and the first is not above the last", begin, last, largest));
    std::vector<Shell> found(static_cast<std::size_t>(last - begin) + 1);
    fft.for_each_mode([&](const core::FourierMode& mode, std::int64_t position) {
      const int shell = static_cast<int>(all.of(mode.k));
      if (shell < begin || shell > last) return;
      found[static_cast<std::size_t>(shell - begin)].positions.push_back(static_cast<std::size_t>(position));
      found[static_cast<std::size_t>(shell - begin)].weights.push_back(mode.weight);
    });
    return found;
  }

  [[nodiscard]] int first_shell() const { return shells.empty() ? 1 : shells.front(); }

  /// Only the modes of the shells are kept of each field.
  void read_modes(core::Fft3d& fft, const core::Decomposition& whole, const Frames& frames,
                  const std::vector<Shell>& bins, std::vector<core::ModeRecord>& records) const {
    std::vector<core::Fft3d::Complex> spectrum(static_cast<std::size_t>(fft.spectrum_size()));
    std::vector<std::vector<core::Fft3d::Complex>> modes(bins.size());
    const std::vector<std::filesystem::path>& states = frames.states;
    WorkProgress progress("states read", static_cast<std::int64_t>(states.size()));
    std::size_t next = 0;
    for (const bool present : frames.present) {
      if (!present) {
        for (core::ModeRecord& record : records) record.push_missing();
        continue;
      }
      const io::FieldFile file(MPI_COMM_SELF, states[next], {io::state_format});
      const core::Grid grid = grid_of(file), &expected = whole.grid();
      if (grid.points != expected.points || grid.lower != expected.lower || grid.upper != expected.upper)
        throw InputError(states[next].string() + ": its grid is not that of " + states.front().string());
      for (auto& bin : modes) bin.clear();
      for (const std::string& field : fields) {
        fft.forward(read_field(file, field, whole).data(), spectrum.data());
        for (std::size_t b = 0; b < bins.size(); ++b)
          for (const std::size_t position : bins[b].positions) modes[b].push_back(spectrum[position]);
      }
      for (std::size_t b = 0; b < bins.size(); ++b)
        naming(states[next].string(), [&] { records[b].push(modes[b].data()); });
      progress.update(static_cast<std::int64_t>(++next));
    }
  }

  /// Puts in front of an error what it is about.
  template <class Action>
  static void naming(const std::string& what, const Action& action) {
    try {
      action();
    } catch (const InputError& error) {
      throw InputError(what + ": " + error.what());
    }
  }

  /// C2 of a bin in the layout of two-time files: the upper triangle, the rest zero.
  static io::NamedArray two_time_map(core::TwoTimeCorrelation& kernel, const core::ModeRecord& record,
                                     std::size_t number) {
    const auto n = static_cast<std::size_t>(record.frames());
    std::vector<double> c2(n * n);
    kernel.intensity(record, c2.data());
    for (std::size_t i = 0; i < n; ++i) std::fill_n(c2.data() + i * n, i, 0.0);
    return {fmt::format("/xpcs/twotime/correlation_map/c2_{:05}", number), {{n, n}, c2}};
  }

  void write(const Frames& frames, const std::vector<Shell>& bins, const std::vector<core::ModeRecord>& records,
             double dk) const {
    const std::size_t n = frames.present.size(), count = bins.size();
    std::vector<double> k, modes, tau, scattering(n * count), normalised(n * count), g2(n * count);
    for (std::size_t t = 0; t < n; ++t) tau.push_back(static_cast<double>(t) * frames.step);
    core::ScatteringFunction kernel(frames.present, engine_names.at(engine), machine_thresholds());
    core::TwoTimeCorrelation pairs(two_time ? static_cast<std::int64_t>(n) : 1);
    std::vector<io::NamedArray> maps;
    std::vector<double> one(n);
    WorkProgress progress("shells correlated", static_cast<std::int64_t>(count));
    for (std::size_t b = 0; b < count; ++b) {
      const int shell = first_shell() + static_cast<int>(b);
      k.push_back(shell * dk);
      modes.push_back(records[b].total_weight() / static_cast<double>(fields.size()));
      kernel.apply(records[b], one.data());
      if (!(one.front() > 0))
        throw InputError(fmt::format("shell {} of {} is zero at all times: f = F/F(0) has no meaning", shell,
                                     fmt::join(fields, ", ")));
      for (std::size_t t = 0; t < n; ++t) {
        scattering[t * count + b] = one[t];
        normalised[t * count + b] = one[t] / one.front();
        g2[t * count + b] = core::siegert(beta, one[t] / one.front());
      }
      if (two_time)
        naming(fmt::format("shell {}", shell), [&] { maps.push_back(two_time_map(pairs, records[b], b + 1)); });
      progress.update(static_cast<std::int64_t>(b + 1));
    }
    const std::vector<io::NamedArray> table = {{"tau", io::Array(tau), "fm"},
                                               {"F", {{n, count}, scattering}},
                                               {"f", {{n, count}, normalised}},
                                               {"g2", {{n, count}, g2}}};
    std::vector<io::NamedArray> arrays = table;
    arrays.push_back({"k", io::Array(k), "1/fm"});
    arrays.push_back({"modes", io::Array(modes)});
    if (two_time) {
      std::vector<double> bins_from_one(count);
      std::iota(bins_from_one.begin(), bins_from_one.end(), 1.0);
      arrays.insert(arrays.end(), maps.begin(), maps.end());
      arrays.push_back({"/xpcs/qmap/dynamic_v_list_dim0", io::Array(k), "1/fm"});
      arrays.push_back({"/xpcs/qmap/dynamic_v_list_dim1", io::Array(std::vector<double>{0.0}), "degrees"});
      arrays.push_back({"/xpcs/twotime/processed_bins", io::Array(bins_from_one)});
    }
    results.write(arrays,
                  {{"analysis", std::string("g2")},
                   {"fields", fmt::format("{}", fmt::join(fields, " "))},
                   {"beta", beta},
                   {"step", frames.step}},
                  table);
  }
};

}  // namespace

void add_g2(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<G2Options>(analyze, command, "g2",
                          "intermediate scattering function, g2 and two-time correlation of a series of states");
}

}  // namespace ister::drivers
