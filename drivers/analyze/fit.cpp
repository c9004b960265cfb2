#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/error.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/fit_parameters.hpp"
#include "drivers/analyze/fit_report.hpp"
#include "drivers/analyze/two_time_file.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

/// Refuses what no measurement has, whose powers would leave the range of numbers.
void check_plausible(const char* option, double value, double low, double high, const char* unit) {
  if (!(value >= low && value <= high))
    throw InputError(fmt::format("{}: {} {} has to be within {} to {}", option, value, unit, low, high));
}

/// Says every two seconds how far a fit is.
core::FitProgress say_progress() {
  using Clock = std::chrono::steady_clock;
  return [last = Clock::now()](int evaluations, double chi_squared) mutable {
    if (Clock::now() - last < std::chrono::seconds(2)) return;
    print_error("fit: {} evaluations, chi-squared {:.6g}\n", evaluations, chi_squared);
    last = Clock::now();
  };
}

/// Fits the homodyne model to two-time correlations of one wavenumber.
struct FitOptions {
  std::filesystem::path input;
  std::int64_t q_index = 0, stride = 1;
  double dt = 0.0, gap = 0.0;
  std::vector<std::string> start, bounds, fixed, sigma;
  std::string compatibility;
  bool diagonal = false, residuals = false;
  Results results;

  void add_to(CLI::App& app) {
    app.footer(
        "Fits c2(phi, t1, t2) = offset + contrast * exp(-2 q^2 |S1 - S2|) * sinc^2(q h cos(phi0 - phi) |G1 - G2| / 2 "
        "pi),\n"
        "sinc(x) = sin(pi x)/(pi x), to two-time X-ray correlations of a fluid sheared in a gap of width h. S and G "
        "are\n"
        "the time integrals of the diffusion coefficient D(t) = D0 t^alpha + D_offset and of the shear rate\n"
        "gamma(t) = g0 t^beta + g_offset (both at least 0). Contrast and offset are fitted for each angle phi.\n"
        "Units: q in 1/Angstrom and phi in degrees, unless their attributes `units` in the file say 1/nm, 1/fm or "
        "rad;\n"
        "times in seconds, the gap in Angstrom;\n"
        "D in Angstrom^2/s, gamma in 1/s, phi0 in degrees.\n"
        "Parameters that no option starts or fixes are searched by fits from many starts, of which the lowest\n"
        "chi-squared counts. Bounds that no option sets: amplitudes at least 0, exponents within -2 to 2.\n"
        "Written: parameters, errors and covariance (in the order of the attribute names), phi, contrast and offset,\n"
        "chi_squared, chi_squared_of_angle, degrees_of_freedom. An error is infinite where there is none: at a bound,\n"
        "and for what the data do not determine. With all parameters fixed chi-squared is that of the given model.\n"
        "Example: ister analyze fit sample.h5 --q-index 0 --dt 0.1 --gap 2e6 --sigma 0.02 --fixed D_offset -o fit.h5");
    app.add_option("FILE.h5", input, "two-time correlations: /xpcs/qmap and /xpcs/twotime")->required();
    app.add_option("--q-index", q_index, "which wavenumber of the file, from 0")->required()->type_name("K");
    app.add_option("--dt", dt, "time from frame to frame")->required()->type_name("SECONDS");
    app.add_option("--gap", gap, "width h of the sheared gap")->required()->type_name("ANGSTROM");
    app.add_option("--start", start, "where a parameter starts; those without one are searched within their bounds")
        ->type_name("NAME=VALUE");
    app.add_option("--bounds", bounds, "where a parameter may go; either end may be left out")
        ->type_name("NAME=LOW:HIGH");
    app.add_option("--fixed", fixed, "a parameter that stays at its start, or at 0 without one")->type_name("NAME");
    app.add_option("--sigma", sigma,
                   "standard deviation of the data: one number, one for each angle, or a dataset of the file with one "
                   "for each angle or entry; by default they are taken as equal and found from the scatter")
        ->type_name("NUMBER|/DATASET");
    app.add_option("--stride", stride, "use every n-th frame only")->type_name("N")->capture_default_str();
    app.add_option("--compatibility", compatibility,
                   "v1: the formulas of the first version (sinc^4, D counted once, rectangle rule, sigma 10 % of the "
                   "data's scatter)")
        ->type_name("v1");
    app.add_flag("--diagonal", diagonal, "include t1 = t2");
    app.add_flag("--residuals", residuals, "also write (data - model)/sigma");
    results.add_to(app);
  }

  [[nodiscard]] ExitCode execute() const {
    check_options();
    const FitParameters parameters = fit_parameters(start, bounds, fixed);
    const core::HomodyneData data = read();
    core::Homodyne model(data.setup, data.frames, data.observed, data.sigma);
    const auto free = std::count_if(parameters.all.begin(), parameters.all.end(), [](auto& p) { return !p.fixed; });
    const std::int64_t dof = model.degrees_of_freedom(static_cast<int>(free));
    if (dof <= 0)
      throw InputError(fmt::format("{}: {} points are too few for {} free parameters and {} contrasts and offsets",
                                   input.string(), model.points(), free, model.angles()));
    FitReport report{parameters.all, fit_homodyne(data, model, parameters.all, parameters.open, say_progress()),
                     std::vector<core::HomodyneScaling>(data.setup.angles.size()), dof};
    core::FitResult& result = report.result;
    if (!result.converged)
      throw BreakdownError(
          fmt::format("{}: the fit has not converged: {} Nothing is written; fix parameters, or give "
                      "--bounds or a --start closer to the data",
                      input.string(), result.message));
    const bool from_scatter = sigma.empty() && !version_1();
    scale_errors(result, parameters.all, from_scatter ? result.chi_squared / static_cast<double>(dof) : 1.0);
    core::HomodyneParameters best{};
    std::copy(result.values.begin(), result.values.end(), best.begin());
    model.evaluate(&best, 1, report.scalings.data());
    if (free > 0 &&
        std::all_of(report.scalings.begin(), report.scalings.end(), [](auto& s) { return s.contrast == 0.0; }))
      throw BreakdownError(
          fmt::format("{}: the fit ended where |g1|^2 is the same for all pairs of frames. Nothing is "
                      "written; give a --start closer to the data, or none",
                      input.string()));
    report.print(model);
    write(report, model, best);
    return ExitCode::success;
  }

 private:
  [[nodiscard]] bool version_1() const { return !compatibility.empty(); }

  void check_options() const {
    if (stride < 1) throw InputError(fmt::format("--stride: {} has to be at least 1", stride));
    check_plausible("--dt", dt, 1e-15, 1e15, "seconds");
    check_plausible("--gap", gap, 1e-3, 1e15, "Angstrom");
    if (!version_1()) return;
    if (compatibility != "v1")
      throw InputError(fmt::format("--compatibility: \"{}\" is unknown; there is v1", compatibility));
    if (diagonal) throw InputError("--diagonal: --compatibility v1 always includes t1 = t2");
    if (!sigma.empty()) throw InputError("--sigma: --compatibility v1 takes sigma from the data itself");
  }

  [[nodiscard]] core::HomodyneData read() const {
    const io::ArrayFile file(input);
    TwoTimeData data = read_two_time(file, q_index, stride, diagonal || version_1());
    std::vector<double> deviations = sigma_of(file, data);
    const auto formulas = version_1() ? core::HomodyneFormulas::version_1 : core::HomodyneFormulas::exact;
    return {{data.q, gap, dt, stride, std::move(data.angles), diagonal, formulas},
            data.frames,
            std::move(data.values),
            std::move(deviations)};
  }

  /// One for each entry of the strided data, one for each angle, or one; version 1 finds its own.
  [[nodiscard]] std::vector<double> sigma_of(const io::ArrayFile& file, const TwoTimeData& data) const {
    if (sigma.empty()) return version_1() ? std::vector<double>() : std::vector<double>{1.0};
    const std::size_t angles = data.angles.size();
    io::Array all;
    if (sigma.size() == 1 && sigma.front().front() == '/') {
      all = file.read(sigma.front());
      if (all.extents.size() == 3) return sigma_of_entries(all, angles);
    } else {
      for (const std::string& text : sigma) all.values.push_back(finite_number(text, "--sigma"));
    }
    if (all.values.size() != 1 && all.values.size() != angles)
      throw InputError(fmt::format("--sigma: {} values of sigma; there can be 1, or one for each of the {} angles",
                                   all.values.size(), angles));
    for (const double value : all.values) check_sigma(value, "");
    return all.values;
  }

  [[nodiscard]] std::vector<double> sigma_of_entries(const io::Array& all, std::size_t angles) const {
    const std::size_t n = all.extents[1], step = static_cast<std::size_t>(stride);
    if (all.extents[0] != angles || all.extents[2] != n)
      throw InputError(fmt::format("--sigma: {} has the shape {}, where {} x n x n is needed", sigma.front(),
                                   fmt::join(all.extents, " x "), angles));
    const bool with_diagonal = diagonal || version_1();
    std::vector<double> values;
    for (std::size_t a = 0; a < angles; ++a)
      for (std::size_t i = 0; i < n; i += step)
        for (std::size_t j = 0; j < n; j += step) {
          values.push_back(all.values[(a * n + i) * n + j]);
          if (i < j || (i == j && with_diagonal))
            check_sigma(values.back(), fmt::format(" at angle {}, frames ({}, {})", a, i, j));
        }
    return values;
  }

  void check_sigma(double value, const std::string& where) const {
    if (!(value > 0.0) || !std::isnormal(value * value))
      throw InputError(
          fmt::format("--sigma {}: {}{} has to be a positive number", fmt::join(sigma, " "), value, where));
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
    results.write(arrays,
                  {{"analysis", std::string("fit")},
                   {"names", fmt::format("{}", fmt::join(core::homodyne_names, " "))},
                   {"q", model.setup().q},
                   {"dt", dt},
                   {"gap", gap},
                   {"stride", static_cast<double>(stride)}},
                  report.row());
  }
};

}  // namespace

void add_fit(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<FitOptions>(analyze, command, "fit", "diffusion and shear from two-time X-ray correlations");
}

}  // namespace ister::drivers
