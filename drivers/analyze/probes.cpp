#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/kernels/probes/lock_in.hpp"
#include "core/kernels/probes/periodogram.hpp"
#include "core/kernels/sound/biquad_bank.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/option_text.hpp"
#include "drivers/analyze/probe_series.hpp"
#include "drivers/number_option.hpp"

namespace ister::drivers {
namespace {

/// A field at points of the box over time; optionally filtered, its power spectra, and what it holds of tones.
struct ProbesOptions {
  ProbeOptions probes;
  std::string filter;
  std::vector<double> tones;
  bool spectrum = false;
  Results results;

  void add_to(CLI::App& app) {
    probes.add_to(app);
    app.add_option("--filter", filter,
                   "filter the series: low-pass, high-pass, band-pass or notch, at an angular frequency OMEGA, of "
                   "quality Q (0.7071 where not given)")
        ->type_name("KIND:OMEGA[:Q]");
    app.add_option("--tone", tones, "lock in to Re(a exp(-i OMEGA t)): its amplitude a at every probe")
        ->type_name("OMEGA")
        ->check(positive());
    app.add_flag("--spectrum", spectrum, "power spectra of the series, over angular frequency");
    results.add_to(app);
    app.footer(
        "Writes time (times) in fm, value (times, probes) in the field's units (natural: powers of 1/fm), and "
        "position (probes, directions) in fm. Frequencies are angular, in 1/fm. The table holds time and value.\n"
        "--filter: with s = i omega/OMEGA low-pass is 1/(1 + s/Q + s^2), high-pass s^2/(the same), band-pass "
        "(s/Q)/(the same), notch (1 + s^2)/(the same), made discrete by the bilinear transform. It starts from "
        "rest, as if the field had been 0 before: the first times, a few Q/OMEGA, show how it settles. Tones and "
        "spectra are those of the filtered series.\n"
        "--tone: least squares of c + Re(a exp(-i OMEGA t)) with a constant c, at any times. Writes tone/omega "
        "(tones); tone/amplitude_real, tone/amplitude_imag and tone/residual, the root mean square of the rest, "
        "(probes, tones).\n"
        "--spectrum: S_k = 2 |sum_n w_n (f_n - <f>) exp(-i omega_k n dt)|^2/(N d_omega sum_n w_n^2), half of that "
        "at omega = 0 and pi/dt, with the periodic Hann window w_n = (1 - cos(2 pi n/N))/2, omega_k = k d_omega "
        "and d_omega = 2 pi/(N dt): sum_k S_k d_omega is the variance of tones. Writes spectrum/omega (frequencies) "
        "and spectrum/power = S (probes, frequencies). --filter and --spectrum take times that are equally spaced.\n"
        "Example: ister analyze probes run --field energy_density --tone 2 --spectrum -o probes.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    ProbeSeries series = probes.read();
    if (!filter.empty()) apply_filter(series);
    std::vector<io::NamedArray> arrays = {{"time", io::Array(series.times)}, {"value", by_time(series)}};
    if (results.csv && (spectrum || !tones.empty()))
      throw InputError("analyze probes: --csv is a table over time; leave out --spectrum and --tone");
    if (!results.csv) arrays.push_back({"position", positions(series)});
    if (!tones.empty()) append_tones(series, arrays);
    if (spectrum) append_spectra(series, arrays);
    results.write(arrays, {{"analysis", std::string("probes")}, {"field", probes.field}, {"filter", filter}});
    return ExitCode::success;
  }

 private:
  static io::Array by_time(const ProbeSeries& series) {
    std::vector<double> values;
    for (std::size_t t = 0; t < series.times.size(); ++t)
      for (const auto& record : series.values) values.push_back(record[t]);
    return {{series.times.size(), series.values.size()}, values};
  }

  static io::Array positions(const ProbeSeries& series) {
    std::vector<double> values;
    for (const auto& position : series.positions)
      values.insert(values.end(), position.begin(), position.begin() + series.dimensions);
    return {{series.positions.size(), static_cast<std::size_t>(series.dimensions)}, values};
  }

  static void require_uniform(const ProbeSeries& series, const std::string& what) {
    if (series.times.size() < 2 || !series.is_uniform())
      throw InputError("analyze probes: " + what +
                       " takes states at equal times apart; write them with output.every_time");
  }

  void apply_filter(ProbeSeries& series) const {
    require_uniform(series, "--filter");
    const std::string expected = "low-pass, high-pass, band-pass or notch:OMEGA[:Q], such as low-pass:2.5";
    const std::size_t colon = filter.find(':');
    const std::string kind = filter.substr(0, colon);
    std::vector<double> numbers;
    if (colon != std::string::npos) numbers = parse_numbers("--filter", filter.substr(colon + 1), ':', expected);
    if (numbers.empty() || numbers.size() > 2)
      throw InputError(fmt::format("--filter \"{}\": expected {}", filter, expected));
    const double omega = numbers[0] * series.spacing(), q = numbers.size() == 2 ? numbers[1] : M_SQRT1_2;
    if (!(omega > 0 && omega < M_PI && q > 0))
      throw InputError(fmt::format("--filter \"{}\": OMEGA is between 0 and pi/spacing = {:.6g}, Q positive", filter,
                                   M_PI / series.spacing()));
    core::BiquadBank bank(static_cast<std::int64_t>(series.values.size()));
    const core::Biquad design = kind == "low-pass"    ? core::Biquad::low_pass(omega, q)
                                : kind == "high-pass" ? core::Biquad::high_pass(omega, q)
                                : kind == "band-pass" ? core::Biquad::band_pass(omega, q)
                                : kind == "notch"
                                    ? core::Biquad::notch(omega, q)
                                    : throw InputError(fmt::format("--filter \"{}\": expected {}", filter, expected));
    const std::size_t count = series.times.size();
    std::vector<double> rows;
    for (std::size_t p = 0; p < series.values.size(); ++p) {
      bank.set(static_cast<std::int64_t>(p), design);
      rows.insert(rows.end(), series.values[p].begin(), series.values[p].end());
    }
    bank.apply(static_cast<std::int64_t>(count), rows.data(), static_cast<std::int64_t>(count));
    for (std::size_t p = 0; p < series.values.size(); ++p)
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(p * count), count, series.values[p].begin());
  }

  void append_tones(const ProbeSeries& series, std::vector<io::NamedArray>& arrays) const {
    double fastest = 0;  // what the closest states tell apart
    for (std::size_t i = 1; i < series.times.size(); ++i)
      fastest = std::max(fastest, M_PI / (series.times[i] - series.times[i - 1]));
    for (const double omega : tones)
      if (series.times.size() > 1 && omega > fastest)
        throw InputError(fmt::format("--tone {}: the states, {:.6g} apart at least, tell tones up to {:.6g} apart",
                                     omega, M_PI / fastest, fastest));
    std::vector<double> real, imaginary, residual;
    for (const auto& record : series.values)
      for (const double omega : tones) {
        const core::LockedTone tone =
            core::lock_in(series.times.data(), record.data(), static_cast<std::int64_t>(record.size()), omega);
        real.push_back(tone.amplitude.real());
        imaginary.push_back(tone.amplitude.imag());
        residual.push_back(tone.residual);
      }
    const std::vector<std::size_t> shape = {series.values.size(), tones.size()};
    arrays.push_back({"tone/omega", io::Array(tones)});
    arrays.push_back({"tone/amplitude_real", {shape, real}});
    arrays.push_back({"tone/amplitude_imag", {shape, imaginary}});
    arrays.push_back({"tone/residual", {shape, residual}});
  }

  static void append_spectra(const ProbeSeries& series, std::vector<io::NamedArray>& arrays) {
    require_uniform(series, "--spectrum");
    core::Periodogram periodogram(static_cast<std::int64_t>(series.times.size()), series.spacing());
    const auto size = static_cast<std::size_t>(periodogram.size());
    std::vector<double> omega, power(series.values.size() * size);
    for (std::size_t k = 0; k < size; ++k) omega.push_back(periodogram.frequency(static_cast<std::int64_t>(k)));
    for (std::size_t p = 0; p < series.values.size(); ++p)
      periodogram.apply(series.values[p].data(), power.data() + p * size);
    arrays.push_back({"spectrum/omega", io::Array(omega)});
    arrays.push_back({"spectrum/power", {{series.values.size(), size}, power}});
  }
};

}  // namespace

void add_probes(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<ProbesOptions>(analyze, command, "probes",
                              "a field at points over time: series, filters, spectra, amplitudes of tones");
}

}  // namespace ister::drivers
