#include "core/kernels/fit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/error.hpp"
#include "core/kernels/homodyne.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/two_time_file.hpp"

namespace ister::drivers {
namespace {

constexpr std::size_t parameters = core::homodyne_parameters;
constexpr std::array<const char*, parameters> units = {
    "Angstrom^2/s^(1+alpha)", "", "Angstrom^2/s", "1/s^(1+beta)", "", "1/s", "degrees"};
enum : std::size_t { D0, alpha, D_offset, g0, beta, g_offset, phi0 };

double number(const std::string& text, const std::string& option) {
  std::size_t end = 0;
  double value = 0.0;
  try {
    value = std::stod(text, &end);
  } catch (const std::exception&) {
    end = std::string::npos;
  }
  if (end != text.size()) throw InputError(fmt::format("{}: \"{}\" is not a number", option, text));
  return value;
}

std::size_t parameter(const std::string& name, const std::string& option) {
  for (std::size_t k = 0; k < parameters; ++k)
    if (name == core::homodyne_names[k]) return k;
  throw InputError(
      fmt::format("{}: no parameter \"{}\"; there are {}", option, name, fmt::join(core::homodyne_names, ", ")));
}

/// Splits "a=b" at the sign.
std::pair<std::string, std::string> split(const std::string& text, char sign, const std::string& option,
                                          const char* form) {
  const std::size_t at = text.find(sign);
  if (at == std::string::npos) throw InputError(fmt::format("{}: \"{}\" has to be {}", option, text, form));
  return {text.substr(0, at), text.substr(at + 1)};
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
        "Example: ister analyze fit sample.h5 --q-index 0 --dt 0.1 --gap 2e6 --sigma 0.02 --fixed D_offset -o fit.h5");
    app.add_option("FILE.h5", input, "two-time correlations: /xpcs/qmap and /xpcs/twotime")->required();
    app.add_option("--q-index", q_index, "which wavenumber of the file, from 0")->required()->type_name("K");
    app.add_option("--dt", dt, "time from frame to frame")->required()->type_name("SECONDS");
    app.add_option("--gap", gap, "width h of the sheared gap")->required()->type_name("ANGSTROM");
    app.add_option("--start", start, "where a parameter starts; by default the best of a coarse scan")
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
    if (stride < 1) throw InputError(fmt::format("--stride: {} has to be at least 1", stride));
    if (!compatibility.empty() && compatibility != "v1")
      throw InputError(fmt::format("--compatibility: \"{}\" is unknown; there is v1", compatibility));
    const io::ArrayFile file(input);
    const TwoTimeData data = read_two_time(file, q_index, stride);
    const bool version_1 = !compatibility.empty();
    core::Homodyne model({data.q, gap, dt, stride, data.angles, diagonal,
                          version_1 ? core::HomodyneFormulas::version_1 : core::HomodyneFormulas::exact},
                         data.frames, data.values, sigma_of(file, data, version_1));
    const std::vector<core::FitParameter> starts = starting_points(model, data);
    const auto free = std::count_if(starts.begin(), starts.end(), [](const auto& p) { return !p.fixed; });
    const std::int64_t dof = model.degrees_of_freedom(static_cast<int>(free));
    if (dof <= 0)
      throw InputError(fmt::format("{}: {} points are too few for {} free parameters and {} contrasts and offsets",
                                   input.string(), model.points(), free, model.angles()));
    std::vector<core::HomodyneScaling> scalings(data.angles.size());
    core::FitResult result = core::fit(starts, progress(model, scalings));
    const bool from_scatter = sigma.empty() && !version_1;
    if (from_scatter)
      for (double& c : result.covariance) c *= result.chi_squared / static_cast<double>(dof);
    report(result, starts, model, scalings, dof);
    write(result, model, scalings, dof);
    return ExitCode::success;
  }

 private:
  /// One for each entry of the strided data, one for each angle, or one; version 1 finds its own.
  [[nodiscard]] std::vector<double> sigma_of(const io::ArrayFile& file, const TwoTimeData& data, bool version_1) const {
    if (sigma.empty()) return version_1 ? std::vector<double>() : std::vector<double>{1.0};
    std::vector<double> values;
    if (sigma.size() != 1 || sigma.front().front() != '/') {
      for (const std::string& text : sigma) values.push_back(number(text, "--sigma"));
      return values;
    }
    const io::Array all = file.read(sigma.front());
    if (all.extents.size() != 3) return all.values;
    const std::size_t n = all.extents[1], step = static_cast<std::size_t>(stride);
    if (all.extents[0] != data.angles.size() || all.extents[2] != n)
      throw InputError(fmt::format("--sigma: {} has the shape {}, where {} x n x n is needed", sigma.front(),
                                   fmt::join(all.extents, " x "), data.angles.size()));
    for (std::size_t a = 0; a < all.extents[0]; ++a)
      for (std::size_t i = 0; i < n; i += step)
        for (std::size_t j = 0; j < n; j += step) values.push_back(all.values[(a * n + i) * n + j]);
    return values;
  }

  /// What the options say; parameters they leave open start at the best of a coarse scan over scales of D and gamma
  /// that the record resolves, and over phi0.
  [[nodiscard]] std::vector<core::FitParameter> starting_points(core::Homodyne& model, const TwoTimeData& data) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<core::FitParameter> all;
    std::array<bool, parameters> open{};
    for (const std::size_t k : {D0, g0, phi0}) open[k] = true;
    for (const char* name : core::homodyne_names) all.push_back({name, 0.0, -infinity, infinity, false});
    for (const std::size_t k : {D0, g0}) all[k].lower = 0.0;
    for (const std::size_t k : {alpha, beta}) all[k].lower = -2.0, all[k].upper = 2.0;
    for (const std::string& text : start) {
      const auto [name, value] = split(text, '=', "--start", "NAME=VALUE");
      const std::size_t k = parameter(name, "--start");
      all[k].start = number(value, "--start " + name);
      open[k] = false;
    }
    for (const std::string& name : fixed) {
      const std::size_t k = parameter(name, "--fixed");
      all[k].fixed = true;
      open[k] = false;
    }
    for (const std::string& text : bounds) {
      const auto [name, range] = split(text, '=', "--bounds", "NAME=LOW:HIGH");
      const auto [low, high] = split(range, ':', "--bounds " + name, "LOW:HIGH");
      core::FitParameter& p = all[parameter(name, "--bounds")];
      p.lower = low.empty() ? -infinity : number(low, "--bounds " + name);
      p.upper = high.empty() ? infinity : number(high, "--bounds " + name);
      if (!(p.lower < p.upper))
        throw InputError(fmt::format("--bounds {}: {} has to be below {}", name, p.lower, p.upper));
    }
    const double record = static_cast<double>((data.frames - 1) * stride) * dt;
    std::array<std::vector<double>, parameters> choices;
    for (std::size_t k = 0; k < parameters; ++k) {
      if (k == D0 && open[k])
        for (double x = 0.1; x < 2000.0; x *= 2.0) choices[k].push_back(x / (2.0 * data.q * data.q * record));
      else if (k == g0 && open[k])
        for (double x = 0.1; x < 2000.0; x *= 2.0) choices[k].push_back(2.0 * x / (data.q * gap * record));
      else if (k == phi0 && open[k])
        for (double x = -75.0; x <= 90.0; x += 15.0) choices[k].push_back(x);
      else
        choices[k] = {all[k].start};
      if (open[k] || (!all[k].fixed && choices[k].front() == 0.0))
        for (double& c : choices[k]) c = std::clamp(c, all[k].lower, all[k].upper);
    }
    std::vector<core::HomodyneParameters> models;
    for (const double d : choices[D0])
      for (const double g : choices[g0])
        for (const double phi : choices[phi0])
          models.push_back(
              {d, choices[alpha][0], choices[D_offset][0], g, choices[beta][0], choices[g_offset][0], phi});
    std::vector<core::HomodyneScaling> scalings(models.size() * data.angles.size());
    model.evaluate(models.data(), static_cast<std::int64_t>(models.size()), scalings.data());
    double best = infinity;
    for (std::size_t m = 0; m < models.size(); ++m) {
      double sum = 0.0;
      for (std::size_t a = 0; a < data.angles.size(); ++a) sum += scalings[m * data.angles.size() + a].chi_squared;
      if (!(sum < best)) continue;
      best = sum;
      for (std::size_t k = 0; k < parameters; ++k) all[k].start = models[m][k];
    }
    return all;
  }

  /// Chi-squared of the model; `scalings` are those of the latest call. Long fits say how far they are.
  static core::FitFunction progress(core::Homodyne& model, std::vector<core::HomodyneScaling>& scalings) {
    using Clock = std::chrono::steady_clock;
    return [&model, &scalings, last = Clock::now(), calls = 0](
               const std::vector<double>& values, std::vector<double>* gradient, std::vector<double>* normal) mutable {
      core::HomodyneParameters p{};
      std::copy(values.begin(), values.end(), p.begin());
      core::HomodyneDerivatives derivatives{};
      model.evaluate(&p, 1, scalings.data(), gradient != nullptr ? &derivatives : nullptr);
      if (gradient != nullptr) gradient->assign(derivatives.gradient.begin(), derivatives.gradient.end());
      if (normal != nullptr) normal->assign(derivatives.normal.begin(), derivatives.normal.end());
      double sum = 0.0;
      for (const core::HomodyneScaling& s : scalings) sum += s.chi_squared;
      ++calls;
      if (Clock::now() - last > std::chrono::seconds(2)) {
        fmt::print(stderr, "fit: {} evaluations, chi-squared {:.6g}\n", calls, sum);
        last = Clock::now();
      }
      return sum;
    };
  }

  void report(const core::FitResult& result, const std::vector<core::FitParameter>& starts, const core::Homodyne& model,
              const std::vector<core::HomodyneScaling>& scalings, std::int64_t dof) const {
    fmt::print("q = {:.6g} 1/Angstrom, {} angles, {} points\n", model.setup().q, model.angles(), model.points());
    for (std::size_t k = 0; k < parameters; ++k)
      fmt::print(
          "  {:<9} {:>14.7g} {:<22} {}\n", starts[k].name, result.values[k],
          starts[k].fixed ? "(fixed)" : fmt::format("+- {:.3g}", std::sqrt(result.covariance[k * (parameters + 1)])),
          units[k]);
    for (std::size_t a = 0; a < scalings.size(); ++a)
      fmt::print("  phi {:>8.3f}  contrast {:.6g}  offset {:.6g}\n", model.setup().angles[a], scalings[a].contrast,
                 scalings[a].offset);
    fmt::print("  chi-squared {:.6g} for {} degrees of freedom\n", result.chi_squared, dof);
    if (!result.converged) fmt::print(stderr, "ister: warning: the fit has not converged: {}\n", result.message);
    if (!result.determined)
      fmt::print(stderr,
                 "ister: warning: the data do not tell all free parameters apart; fix those with infinite errors\n");
  }

  void write(const core::FitResult& result, core::Homodyne& model, const std::vector<core::HomodyneScaling>& scalings,
             std::int64_t dof) const {
    const std::size_t angles = scalings.size();
    std::vector<double> contrast, offset, chi_squared, errors;
    for (const core::HomodyneScaling& s : scalings) {
      contrast.push_back(s.contrast);
      offset.push_back(s.offset);
      chi_squared.push_back(s.chi_squared);
    }
    for (std::size_t k = 0; k < parameters; ++k) errors.push_back(std::sqrt(result.covariance[k * (parameters + 1)]));
    const io::NamedArray total = {"chi_squared", {{}, {result.chi_squared}}},
                         freedom = {"degrees_of_freedom", {{}, {static_cast<double>(dof)}}};
    std::vector<io::NamedArray> arrays = {{"parameters", io::Array(result.values)},
                                          {"errors", io::Array(errors)},
                                          {"covariance", {{parameters, parameters}, result.covariance}},
                                          {"phi", io::Array(model.setup().angles)},
                                          {"contrast", io::Array(contrast)},
                                          {"offset", io::Array(offset)},
                                          {"chi_squared_of_angle", io::Array(chi_squared)},
                                          total,
                                          freedom};
    if (residuals) {
      core::HomodyneParameters p{};
      std::copy(result.values.begin(), result.values.end(), p.begin());
      std::vector<double> all;
      for (std::size_t a = 0; a < angles; ++a) {
        const std::vector<double> some = model.residuals(p, static_cast<int>(a), scalings[a]);
        all.insert(all.end(), some.begin(), some.end());
      }
      const std::size_t n = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(all.size() / angles))));
      arrays.push_back({"residuals", {{angles, n, n}, all}});
    }
    if (results.csv) {  // one row, so that rows of many fits make a table
      std::vector<io::NamedArray> row;
      for (std::size_t k = 0; k < parameters; ++k) {
        row.push_back({core::homodyne_names[k], {{}, {result.values[k]}}});
        row.push_back({std::string(core::homodyne_names[k]) + "_error", {{}, {errors[k]}}});
      }
      row.push_back({"contrast", {{1, angles}, contrast}});
      row.push_back({"offset", {{1, angles}, offset}});
      row.push_back(total);
      row.push_back(freedom);
      io::write_csv(*results.csv, row);
    }
    Results{results.output, {}}.write(arrays, {{"analysis", std::string("fit")},
                                               {"names", fmt::format("{}", fmt::join(core::homodyne_names, " "))},
                                               {"q", model.setup().q},
                                               {"dt", dt},
                                               {"gap", gap},
                                               {"stride", static_cast<double>(stride)},
                                               {"converged", result.converged ? 1.0 : 0.0}});
  }
};

}  // namespace

void add_fit(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<FitOptions>(analyze, command, "fit", "diffusion and shear from two-time X-ray correlations");
}

}  // namespace ister::drivers
