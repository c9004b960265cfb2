#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <type_traits>

#include "core/kernels/correlation/multi_tau.hpp"
#include "core/kernels/correlation/pearson.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/correlation_choices.hpp"
#include "drivers/analyze/work_progress.hpp"
#include "drivers/machine/thresholds.hpp"
#include "drivers/number_option.hpp"
#include "io/complex_array.hpp"

namespace ister::drivers {
namespace {

/// Records of an array: one per row, a complex number being two numbers side by side.
struct Records {
  std::size_t rows = 1, frames = 0;
  std::vector<double> values;
};

/// Lagged correlations of arrays of an HDF5 file.
struct CorrelateOptions {
  std::filesystem::path file;
  std::string x, y, mask;
  std::string normalisation = "raw", engine = "auto";
  bool complex = false, multi_tau = false, pearson = false;
  int channels = 16;
  double step = 1.0;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", file, "file with the records")->required();
    app.add_option("--x", x, "records of N frames: an array (N), or (rows, N) for many")
        ->type_name("DATASET")
        ->required();
    app.add_option("--y", y, "what they are correlated with, of the same shape (default: x itself)")
        ->type_name("DATASET");
    app.add_flag(
        "--complex", complex,
        "the last index of x and y stands for real and imaginary part; datasets of complex numbers (such as h5py "
        "writes) need no flag");
    app.add_option("--normalisation", normalisation,
                   "raw: sums over all pairs of frames k apart; unbiased: divided by the number of pairs; normalised: "
                   "means removed and divided by N sigma_x sigma_y, so that perfect correlation is 1")
        ->type_name("NAME")
        ->check(CLI::IsMember({"raw", "unbiased", "normalised"}))
        ->capture_default_str();
    add_engine(app, engine);
    app.add_option("--mask", mask, "array (N): 0 where a frame is missing; its values are then not looked at")
        ->type_name("DATASET");
    app.add_option("--step", step, "time between frames, for the array \"time\"")
        ->type_name("DT")
        ->check(positive())
        ->capture_default_str();
    CLI::Option* averaging = app.add_flag("--multi-tau", multi_tau,
                                          "at lags that grow by powers of two, from averaged frames: for long records");
    app.add_option("--channels", channels, "lags per power of two of --multi-tau are half of it; even")
        ->type_name("P")
        ->check(number_that_is("an even number of channels from 2 on",
                               [](double x) { return x >= 2 && std::fmod(x, 2) == 0; }))
        ->needs(averaging)
        ->capture_default_str();
    app.add_flag("--pearson", pearson,
                 "instead: the correlation coefficient of every row of x with every row of y, whose number may differ")
        ->excludes("--multi-tau", "--mask", "--complex", "--normalisation", "--engine");
    results.add_to(app);
    app.footer(
        "For lags k = 0 .. N-1 (exchange x and y for negative ones), sums over the n pairs whose frames are both "
        "there, means and sigmas over all frames that are there:\n"
        "  raw         r[k] = sum_i conj(x_i) y_{i+k}\n"
        "  unbiased    r[k]/n, where n = N - k without a mask\n"
        "  normalised  (1 - k/N)/n sum_i conj(x_i - <x>) (y_{i+k} - <y>)/(sigma_x sigma_y)\n"
        "--multi-tau: level l = 0, 1, ... has means over 2^l frames, at lags k = j 2^l: j = 0 .. P-1 at level 0, "
        "P/2 .. P-1 above, up to the record's length. Formulas are the same with these means in place of frames "
        "(not in the sigmas), raw times 2^l. A mean of which a frame is missing is missing.\n"
        "Writes lag (frames), time, pairs (that a lag has) and correlation, (lags) or (lags, rows); with --complex "
        "also correlation_imaginary. A lag without any pair is NaN; raw it is 0. --pearson writes pearson, (rows "
        "of x, rows of y).\n"
        "Example: ister analyze correlate data.h5 --x signal --normalisation normalised --step 0.1 -o correlation.h5\n"
        "Example: ister analyze correlate data.h5 --x signal --multi-tau --channels 8 -o correlation.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    const io::ArrayFile arrays(file);
    const bool two_parts = complex || io::holds_complex(arrays, x);
    if (two_parts && pearson)
      throw InputError(fmt::format("{}: {} is complex; --pearson takes real records", file.string(), x));
    const Records xs = records(arrays, x, two_parts);
    const std::optional<Records> others = y.empty() ? std::nullopt : std::optional(records(arrays, y, two_parts));
    const Records& ys = others ? *others : xs;
    if (ys.frames != xs.frames || (ys.rows != xs.rows && !pearson))
      throw InputError(fmt::format("{}: {} holds {} records of {} frames, but {} holds {} of {}; they must match",
                                   file.string(), y, ys.rows, ys.frames, x, xs.rows, xs.frames));
    const std::vector<bool> frames = present(arrays, xs.frames);
    std::vector<io::NamedArray> found;
    try {
      found = pearson ? coefficients(xs, ys)
              : multi_tau
                  ? (two_parts ? averaged<std::complex<double>>(xs, ys, frames) : averaged<double>(xs, ys, frames))
              : two_parts ? lagged<std::complex<double>>(xs, ys, frames)
                          : lagged<double>(xs, ys, frames);
    } catch (const InputError& error) {
      throw InputError(fmt::format("{} (x is {}, y is {}): {}", file.string(), x, y.empty() ? x : y, error.what()));
    }
    results.write(found, {{"analysis", std::string("correlate")},
                          {"file", file.string()},
                          {"x", x},
                          {"y", y.empty() ? x : y},
                          {"normalisation", pearson ? "pearson" : normalisation}});
    return ExitCode::success;
  }

 private:
  [[nodiscard]] Records records(const io::ArrayFile& arrays, const std::string& dataset, bool two_parts) const {
    io::Array array =
        two_parts && io::holds_complex(arrays, dataset) ? io::read_complex(arrays, dataset) : arrays.read(dataset);
    std::vector<std::size_t> extents = array.extents;
    if (two_parts) {
      if (extents.size() < 2 || extents.back() != 2)
        throw InputError(
            fmt::format("{}: {} is not complex: its last index does not run over two numbers", file.string(), dataset));
      extents.pop_back();
    }
    if (extents.empty() || extents.size() > 2)
      throw InputError(
          fmt::format("{}: {} has {} indices; records are (N) or (rows, N)", file.string(), dataset, extents.size()));
    Records result{extents.size() == 2 ? extents.front() : 1, extents.back(), std::move(array.values)};
    if (result.rows == 0 || result.frames == 0)
      throw InputError(fmt::format("{}: {} is empty", file.string(), dataset));
    return result;
  }

  [[nodiscard]] std::vector<bool> present(const io::ArrayFile& arrays, std::size_t frames) const {
    if (mask.empty()) return {};
    const io::Array array = arrays.read(mask);
    if (array.extents.size() != 1 || array.values.size() != frames)
      throw InputError(fmt::format("{}: the mask {} must have one number for each of the {} frames, but has {}",
                                   file.string(), mask, frames, array.values.size()));
    std::vector<bool> result;
    for (const double value : array.values) {
      if (!std::isfinite(value))
        throw InputError(
            fmt::format("{}: the mask {}[{}] = {} is not finite", file.string(), mask, result.size(), value));
      result.push_back(value != 0);
    }
    return result;
  }

  /// Of finite records only products can leave the range of numbers.
  [[noreturn]] static void fail_overflow(const std::string& where) {
    throw InputError("the correlation of such large numbers is beyond what a double holds: " + where);
  }

  /// (lags, rows) under the names of the results.
  template <class Scalar>
  [[nodiscard]] std::vector<io::NamedArray> named(const std::vector<double>& lags, const std::vector<double>& pairs,
                                                  const std::vector<Scalar>& values) const {
    const std::size_t rows = values.size() / lags.size();
    const std::vector<std::size_t> shape =
        rows == 1 ? std::vector<std::size_t>{lags.size()} : std::vector<std::size_t>{lags.size(), rows};
    std::vector<double> times, re, im;
    for (const double lag : lags) times.push_back(lag * step);
    for (std::size_t i = 0; i < values.size(); ++i) {
      re.push_back(std::real(values[i]));
      im.push_back(std::imag(values[i]));
      if (pairs[i / rows] > 0 && !std::isfinite(re[i] + im[i]))
        fail_overflow(fmt::format("lag {}, row {}", lags[i / rows], i % rows));
    }
    std::vector<io::NamedArray> arrays = {{"lag", io::Array(lags)},
                                          {"time", io::Array(times)},
                                          {"pairs", io::Array(pairs)},
                                          {"correlation", {shape, re}}};
    if (!std::is_same_v<Scalar, double>) arrays.push_back({"correlation_imaginary", {shape, im}});
    return arrays;
  }

  template <class Scalar>
  [[nodiscard]] std::vector<io::NamedArray> lagged(const Records& xs, const Records& ys,
                                                   const std::vector<bool>& present) const {
    const core::LaggedCorrelation<Scalar> kernel(
        static_cast<std::int64_t>(xs.frames),
        {normalisation_names.at(normalisation), engine_names.at(engine), present, machine_thresholds()});
    std::vector<Scalar> found(xs.rows * xs.frames), values(found.size());
    const auto* x_values = reinterpret_cast<const Scalar*>(xs.values.data());
    const auto* y_values = reinterpret_cast<const Scalar*>(ys.values.data());
    kernel.apply(static_cast<std::int64_t>(xs.rows), x_values, y_values, found.data());
    for (std::size_t row = 0; row < xs.rows; ++row)
      for (std::size_t k = 0; k < xs.frames; ++k) values[k * xs.rows + row] = found[row * xs.frames + k];
    std::vector<double> lags;
    for (std::size_t k = 0; k < xs.frames; ++k) lags.push_back(static_cast<double>(k));
    return named(lags, kernel.pairs(), values);
  }

  template <class Scalar>
  [[nodiscard]] std::vector<io::NamedArray> averaged(const Records& xs, const Records& ys,
                                                     const std::vector<bool>& present) const {
    // Channels beyond the record are never reached.
    const int used = static_cast<int>(std::min<std::size_t>(channels, xs.frames + xs.frames % 2));
    int levels = 1;
    while ((static_cast<std::size_t>(used) << (levels - 1)) < xs.frames) ++levels;
    core::MultiTau<Scalar> kernel(static_cast<std::int64_t>(xs.rows), used, levels);
    const auto* x_values = reinterpret_cast<const Scalar*>(xs.values.data());
    const auto* y_values = reinterpret_cast<const Scalar*>(ys.values.data());
    std::vector<Scalar> x_frame(xs.rows), y_frame(xs.rows);
    WorkProgress progress("frames correlated", static_cast<std::int64_t>(xs.frames));
    for (std::size_t i = 0; i < xs.frames; ++i) {
      for (std::size_t row = 0; row < xs.rows; ++row) {
        x_frame[row] = x_values[row * xs.frames + i];
        y_frame[row] = y_values[row * xs.frames + i];
      }
      if (present.empty() || present[i])
        kernel.push(x_frame.data(), y_frame.data());
      else
        kernel.push_missing();
      progress.update(static_cast<std::int64_t>(i + 1));
    }
    std::vector<Scalar> all(kernel.lags().size() * xs.rows), values;
    kernel.result(normalisation_names.at(normalisation), all.data());
    std::vector<double> lags, pairs;
    for (std::size_t l = 0; l < kernel.lags().size(); ++l) {
      if (kernel.lags()[l] >= kernel.frames()) break;
      lags.push_back(static_cast<double>(kernel.lags()[l]));
      pairs.push_back(kernel.pairs()[l]);
    }
    values.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(lags.size() * xs.rows));
    return named(lags, pairs, values);
  }

  [[nodiscard]] static std::vector<io::NamedArray> coefficients(const Records& xs, const Records& ys) {
    std::vector<double> values(xs.rows * ys.rows);
    core::PearsonCorrelation(static_cast<std::int64_t>(xs.rows), static_cast<std::int64_t>(ys.rows),
                             static_cast<std::int64_t>(xs.frames))
        .apply(xs.values.data(), ys.values.data(), values.data());
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!std::isfinite(values[i])) fail_overflow(fmt::format("row {} of x, row {} of y", i / ys.rows, i % ys.rows));
    return {{"pearson", {{xs.rows, ys.rows}, values}}};
  }
};

}  // namespace

void add_correlate(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<CorrelateOptions>(analyze, command, "correlate", "correlation of records of an HDF5 file by lag");
}

}  // namespace ister::drivers
