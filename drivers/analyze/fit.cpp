#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/base/error.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/fit_parameters.hpp"
#include "drivers/analyze/fit_report.hpp"
#include "drivers/analyze/fit_sigma.hpp"
#include "drivers/analyze/two_time_file.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

/// Refuses what no measurement has, whose powers would leave the range of numbers.
void check_plausible(const std::string& what, double value, double low, double high, const char* unit) {
  if (!(value >= low && value <= high))
    throw InputError(fmt::format("{}: {} {} has to be within {} to {}", what, value, unit, low, high));
}

/// Says every two seconds how far a fit is.
core::FitProgress say_progress(const char* what) {
  using Clock = std::chrono::steady_clock;
  return [what, last = Clock::now()](int evaluations, double chi_squared) mutable {
    if (Clock::now() - last < std::chrono::seconds(2)) return;
    print_error("{}: {} evaluations, chi-squared {:.6g}\n", what, evaluations, chi_squared);
    last = Clock::now();
  };
}

/// Fits the homodyne model to two-time correlations of one wavenumber.
struct FitOptions {
  std::filesystem::path input;
  TwoTimeChoice choice;
  std::optional<double> dt;
  double gap = 0.0;
  std::vector<std::string> start, bounds, fixed, sigma;
  std::string compatibility;
  std::optional<std::int64_t> blocks;
  bool residuals = false;
  Results results;

  void add_to(CLI::App& app) {
    add_footer(app);
    app.add_option("FILE.h5", input, "two-time correlations, as APS 8-ID or `ister analyze g2 --two-time` write them")
        ->required();
    app.add_option("--q-index", choice.q_index, "which wavenumber of the file, from 0")->required()->type_name("K");
    app.add_option("--dt", dt, "time from frame to frame; by default what the file says")->type_name("SECONDS");
    app.add_option("--gap", gap, "width h of the sheared gap")->required()->type_name("ANGSTROM");
    add_choice(app);
    app.add_option("--start", start, "where a parameter starts; those without one are searched within their bounds")
        ->type_name("NAME=VALUE");
    app.add_option("--bounds", bounds, "where a parameter may go; either end may be left out")
        ->type_name("NAME=LOW:HIGH");
    app.add_option("--fixed", fixed, "a parameter that stays at its start, or at 0 without one")->type_name("NAME");
    app.add_option("--sigma", sigma,
                   "standard deviation of the data: one number, one for each angle, or a dataset of the file with one "
                   "for each angle or entry; by default they are taken as equal and found from the scatter")
        ->type_name("NUMBER|/DATASET");
    app.add_option(
           "--jackknife", blocks,
           "blocks of frames for the errors by jackknife, 0: none; by default 5 to 20 that last twice as long as "
           "frames are correlated")
        ->type_name("BLOCKS")
        ->check(between(0, 1000));
    app.add_option("--compatibility", compatibility,
                   "v1: the formulas of the first version (sinc^4, D counted once, rectangle rule, sigma 10 % of the "
                   "data's scatter)")
        ->type_name("v1");
    app.add_flag("--residuals", residuals, "also write (data - model)/sigma");
    results.add_to(app);
  }

  void add_choice(CLI::App& app) {
    app.add_option("--angles", choice.angles,
                   "only these angles: ranges in degrees, both ends included, 170:-170 runs through 180; or the file "
                   "of `ister analyze angles` on the dataset that holds phi")
        ->type_name("LOWER:UPPER|FILE.h5");
    app.add_option("--frames", choice.frames.only,
                   "only these frames: numbers from 0, or ranges A:B that end before B; several are joined")
        ->type_name("A:B");
    app.add_option("--exclude", choice.frames.excluded, "frames that are left out, likewise")->type_name("A:B");
    app.add_option("--mask", choice.frames.mask,
                   "dataset of the file with one number for each frame: 0 where it is left out")
        ->type_name("/DATASET");
    app.add_option("--stride", choice.frames.stride, "use every n-th frame only")
        ->type_name("N")
        ->capture_default_str();
    app.add_flag("--diagonal", choice.diagonal, "include t1 = t2");
  }

  static void add_footer(CLI::App& app) {
    app.footer(
        "Fits c2(phi, t1, t2) = offset + contrast * exp(-2 q^2 |S1 - S2|) * sinc^2(q h cos(phi0 - phi) |G1 - G2| / 2 "
        "pi),\n"
        "sinc(x) = sin(pi x)/(pi x), to two-time X-ray correlations of a fluid sheared in a gap of width h. S and G "
        "are\n"
        "the time integrals of the diffusion coefficient D(t) = D0 t^alpha + D_offset and of the shear rate\n"
        "gamma(t) = g0 t^beta + g_offset (both at least 0). Contrast and offset are fitted for each angle phi. Frame n "
        "of\n"
        "the file (from 0) is at t = (n + 1) dt, whichever frames are left out.\n"
        "Read: /xpcs/qmap (dynamic_v_list_dim0 and _dim1, map_names, dynamic_index_mapping) with "
        "/xpcs/twotime/correlation_map,\n"
        "or the older /xpcs/dqlist and dphilist with /exchange/C2T_all; either half of a matrix, or both. Frames "
        "without\n"
        "correlations (NaN, or 0 with all others) are left out and named. dt is frame_time * stride_frame * avg_frame "
        "of\n"
        "the file; an option --dt that differs wins, with a warning.\n"
        "Units: q in 1/Angstrom and phi in degrees, unless their attributes `units` or map_units say 1/nm, rad, ...;\n"
        "times in seconds, the gap in Angstrom;\n"
        "D in Angstrom^2/s, gamma in 1/s, phi0 in degrees.\n"
        "Parameters that no option starts or fixes are searched by fits from many starts, of which the lowest\n"
        "chi-squared counts. Bounds that no option sets: amplitudes at least 0, exponents within -2 to 2.\n"
        "Errors are given twice. `errors` takes the entries of c2 as independent. They are not where few speckles are\n"
        "seen: pairs of frames share the intensities of their frames, and these errors come out several times too "
        "small.\n"
        "`errors_jackknife` leaves out one block of frames after the other, fits the rest and takes the scatter of "
        "these\n"
        "fits: quote these. An error is infinite "
        "where\n"
        "there is none: at a bound, and for what the data do not determine.\n"
        "Written: parameters, both errors and covariances (in the order of the attribute names), phi, frames, "
        "contrast and\n"
        "offset, chi_squared, chi_squared_of_angle, degrees_of_freedom, reduced_chi_squared; attributes warnings, and\n"
        "verdict_chi_squared: with --sigma good or bad, where chi-squared is far from the degrees of freedom (a "
        "factor\n"
        "of 1.5), else none. With all parameters fixed chi-squared is that of the given model.\n"
        "Example: ister analyze fit sample.h5 --q-index 0 --gap 2e6 --sigma 0.02 --fixed D_offset -o fit.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    check_options();
    const FitParameters parameters = fit_parameters(start, bounds, fixed);
    FitReport report{parameters.all};
    const core::HomodyneData data = read(report.warnings);
    core::Homodyne model(data.setup, data.frames, data.observed, data.sigma);
    report.degrees_of_freedom = degrees_of_freedom(model, parameters);
    report.result = fit_homodyne(data, model, parameters.all, parameters.open, say_progress("fit"));
    if (!report.result.converged)
      throw BreakdownError(
          fmt::format("{}: the fit has not converged: {} Nothing is written; fix parameters, or give "
                      "--bounds or a --start closer to the data",
                      input.string(), report.result.message));
    report.sigma_known = !sigma.empty();
    const bool from_scatter = sigma.empty() && !version_1();
    scale_errors(report.result, parameters.all, from_scatter ? report.reduced_chi_squared() : 1.0);
    core::HomodyneParameters best{};
    std::copy(report.result.values.begin(), report.result.values.end(), best.begin());
    report.scalings.resize(data.setup.angles.size());
    model.evaluate(&best, 1, report.scalings.data());
    if (free_parameters(parameters) > 0 &&
        std::all_of(report.scalings.begin(), report.scalings.end(), [](auto& s) { return s.contrast == 0.0; }))
      throw BreakdownError(
          fmt::format("{}: the fit ended where |g1|^2 is the same for all pairs of frames. Nothing is "
                      "written; give a --start closer to the data, or none",
                      input.string()));
    if (const std::int64_t count = jackknife_blocks(data, parameters, best, report.warnings); count > 0)
      report.jackknife = homodyne_jackknife(data, parameters.all, report.result, count, say_progress("jackknife"));
    report.judge();
    report.print(model);
    write(report, model, best);
    return ExitCode::success;
  }

 private:
  [[nodiscard]] bool version_1() const { return !compatibility.empty(); }

  void check_options() const {
    if (choice.frames.stride < 1)
      throw InputError(fmt::format("--stride: {} has to be at least 1", choice.frames.stride));
    if (dt) check_plausible("--dt", *dt, 1e-15, 1e15, "seconds");
    check_plausible("--gap", gap, 1e-3, 1e15, "Angstrom");
    if (!version_1()) return;
    if (compatibility != "v1")
      throw InputError(fmt::format("--compatibility: \"{}\" is unknown; there is v1", compatibility));
    if (choice.diagonal) throw InputError("--diagonal: --compatibility v1 always includes t1 = t2");
    if (!sigma.empty()) throw InputError("--sigma: --compatibility v1 takes sigma from the data itself");
  }

  [[nodiscard]] core::HomodyneData read(std::vector<std::string>& warnings) const {
    const io::ArrayFile file(input);
    const TwoTimeLayout layout = two_time_layout(file);
    TwoTimeChoice used = choice;
    used.diagonal = choice.diagonal || version_1();
    TwoTimeData data = read_two_time(file, layout, used);
    if (!data.lost.empty())
      warnings.push_back(fmt::format("{}: {} of {} frames have no correlations and are left out: {}", input.string(),
                                     data.lost.size(), data.all_frames, fmt::join(data.lost, ", ")));
    const double step = time_step(layout.step, warnings);
    std::vector<double> deviations;
    if (!version_1())
      deviations = sigma.empty() ? std::vector<double>{1.0} : fit_sigma(sigma, file, data, used.diagonal);
    const auto formulas = version_1() ? core::HomodyneFormulas::version_1 : core::HomodyneFormulas::exact;
    const auto frames = static_cast<std::int64_t>(data.frames.size());
    return {{data.q, gap, step, std::move(data.frames), std::move(data.angles), choice.diagonal, formulas},
            frames,
            std::move(data.values),
            std::move(deviations)};
  }

  /// That of the option, or of the file.
  [[nodiscard]] double time_step(const std::optional<FrameStep>& of_file, std::vector<std::string>& warnings) const {
    if (!dt) {
      if (!of_file)
        throw InputError(
            input.string() +
            ": holds no time from frame to frame (/entry/instrument/detector_1/frame_time): --dt is needed");
      check_plausible(fmt::format("{}: {}", input.string(), of_file->origin), of_file->seconds, 1e-15, 1e15, "seconds");
      return of_file->seconds;
    }
    if (of_file && !(std::abs(of_file->seconds - *dt) <= 1e-6 * *dt))
      warnings.push_back(fmt::format("--dt {} s is taken, although the frames of {} are {} s apart ({})", *dt,
                                     input.string(), of_file->seconds, of_file->origin));
    return *dt;
  }

  [[nodiscard]] static int free_parameters(const FitParameters& parameters) {
    return static_cast<int>(
        std::count_if(parameters.all.begin(), parameters.all.end(), [](auto& p) { return !p.fixed; }));
  }

  [[nodiscard]] std::int64_t degrees_of_freedom(const core::Homodyne& model, const FitParameters& parameters) const {
    const int free = free_parameters(parameters);
    const std::int64_t dof = model.degrees_of_freedom(free);
    if (dof > 0) return dof;
    throw InputError(fmt::format("{}: {} points are too few for {} free parameters and {} contrasts and offsets",
                                 input.string(), model.points(), free, model.angles()));
  }

  /// As many blocks as asked for or as are right, of which each leaves enough frames for a fit; 0: none.
  [[nodiscard]] std::int64_t jackknife_blocks(const core::HomodyneData& data, const FitParameters& parameters,
                                              const core::HomodyneParameters& best,
                                              std::vector<std::string>& warnings) const {
    constexpr std::int64_t fewest = 5, most = 20;
    const double length = 2.0 * correlated_frames(data.setup, data.frames, best);
    const auto right = static_cast<std::int64_t>(static_cast<double>(data.frames) / length);
    const std::int64_t count = std::min(blocks.value_or(std::clamp(right, fewest, most)), data.frames / 3);
    if (count < 2 || free_parameters(parameters) == 0) return 0;
    const std::int64_t rest = data.frames - (data.frames + count - 1) / count;
    const auto angles = static_cast<std::int64_t>(data.setup.angles.size());
    if (angles * rest * (rest - 1) / 2 <= free_parameters(parameters) + 2 * angles) return 0;
    if (count > right)
      warnings.push_back(fmt::format(
          "a jackknife needs blocks of {:.0f} frames, twice as long as frames are correlated: its errors from "
          "{} blocks of {} frames are too small",
          std::ceil(length), count, data.frames / count));
    return count;
  }

  void write(const FitReport& report, core::Homodyne& model, const core::HomodyneParameters& best) const {
    std::vector<io::NamedArray> arrays = report.arrays(model);
    if (residuals) {
      std::vector<double> all;
      for (std::size_t a = 0; a < report.scalings.size(); ++a) {
        const std::vector<double> some = model.residuals(best, static_cast<int>(a), report.scalings[a]);
        all.insert(all.end(), some.begin(), some.end());
      }
      const auto n = static_cast<std::size_t>(model.frames());
      arrays.push_back({"residuals", {{report.scalings.size(), n, n}, all}});
    }
    core::Attributes attributes = report.attributes();
    attributes.insert({{"analysis", std::string("fit")},
                       {"names", fmt::format("{}", fmt::join(core::homodyne_names, " "))},
                       {"q", model.setup().q},
                       {"dt", model.setup().dt},
                       {"gap", gap},
                       {"stride", static_cast<double>(choice.frames.stride)}});
    results.write(arrays, attributes, report.row());
  }
};

}  // namespace

void add_fit(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<FitOptions>(analyze, command, "fit", "diffusion and shear from two-time X-ray correlations");
}

}  // namespace ister::drivers
