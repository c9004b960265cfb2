#include "core/kernels/volterra/volterra.hpp"

#include <algorithm>

#include "drivers/analyze/choice.hpp"
#include "drivers/analyze/volterra_files.hpp"
#include "drivers/analyze/work_progress.hpp"
#include "drivers/machine/thresholds.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

using core::VolterraEngine;

/// Runs what throws errors without the names of files.
template <class Function>
auto naming(const std::filesystem::path& path, const Function& f) {
  try {
    return f();
  } catch (const InputError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
}

/// The response to records.
struct ApplyOptions {
  std::filesystem::path file, kernel;
  std::string x = "x";
  std::int64_t block = 512;
  VolterraEngine engine = VolterraEngine::automatic;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", file, "file with the input")->required();
    app.add_option("--kernel", kernel, "file with /h (orders, taps), whose row p-1 is h_p, /h2 (taps, taps), or both")
        ->type_name("KERNEL.h5")
        ->required();
    app.add_option("--x", x, "the input: (samples), or (channels, samples) for many; zero before it begins")
        ->type_name("DATASET")
        ->capture_default_str();
    app.add_option("--block", block, "samples that are worked on at a time; changes the speed, not the answer")
        ->type_name("N")
        ->check(between(std::int64_t{1}, most_taps))
        ->capture_default_str();
    app.add_option("--engine", engine, "how: auto takes the faster one, the answers are the same (default: auto)")
        ->type_name("auto|direct|fft")
        ->transform(choice<VolterraEngine>(
            {{"auto", VolterraEngine::automatic}, {"direct", VolterraEngine::direct}, {"fft", VolterraEngine::fft}}));
    results.add_to(app);
    app.footer(
        "y[n] = sum_p sum_i h_p[i] x[n-i]^p + sum_ij h2[i][j] x[n-i] x[n-j], p up to 5, h2 symmetric. What a sample\n"
        "calls forth begins in the same sample. h and h2 may have different numbers of taps. Writes y, of the shape of "
        "x.\n"
        "Example: ister analyze volterra apply excitation.h5 --kernel kernel.h5 -o response.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    Records records = read_records(file, x);
    core::Volterra volterra(read_kernel(kernel), records.records, block, engine, machine_thresholds());
    WorkProgress progress("samples answered", records.samples);
    for (std::int64_t n = 0; n < records.samples; n += block) {
      double* next = records.values.data() + n;
      volterra.apply(next, next, std::min(block, records.samples - n), records.samples);
      progress.update(n);
    }
    require_finite(records, "the response to " + file.string() + " is beyond what a double holds: y");
    const io::Array y(records.extents, records.values);
    results.write({{"y", y}},
                  {{"analysis", std::string("volterra apply")},
                   {"file", file.string()},
                   {"x", x},
                   {"kernel", kernel.string()},
                   {"engine", std::string(volterra.engine() == VolterraEngine::fft ? "fft" : "direct")}},
                  {{"y", transposed(y)}});
    return ExitCode::success;
  }
};

enum class Method { multisine, qr, second_order };

CLI::Option* add_method(CLI::App& app, Method& method, const std::string& what) {
  return app.add_option("--method", method, what)
      ->type_name("multisine|qr|second-order")
      ->required()
      ->transform(choice<Method>(
          {{"multisine", Method::multisine}, {"qr", Method::qr}, {"second-order", Method::second_order}}));
}

const char* name_of(Method method) {
  return method == Method::multisine ? "multisine" : method == Method::qr ? "qr" : "second-order";
}

/// Records to drive a system with.
struct ExciteOptions {
  Method method = Method::multisine;
  core::ExcitationDesign design;
  std::int64_t samples = 0;
  Results results;

  void add_to(CLI::App& app) {
    add_method(app, method,
               "what identify will use. multisine: h_1 to h_5; second-order: h_1 and the full h2; qr: h_1 to h_5 "
               "from any input, for which this writes random numbers");
    app.add_option("--orders", design.orders, "highest order of the system: what is left out disturbs the rest")
        ->type_name("P")
        ->check(between(1, core::VolterraKernel::highest_order))
        ->capture_default_str();
    app.add_option("--taps", design.taps, "how many samples back the system remembers, the present one included")
        ->type_name("N")
        ->check(between(std::int64_t{1}, most_taps))
        ->capture_default_str();
    app.add_option("--amplitude", design.amplitude, "largest magnitude of x")
        ->type_name("A")
        ->check(positive())
        ->capture_default_str();
    app.add_option("--waveforms", design.waveforms, "multisines; more of them average noise")
        ->type_name("R")
        ->check(between(std::int64_t{1}, std::int64_t{1} << 20))
        ->capture_default_str();
    app.add_option("--periods", design.periods, "measured periods, 2 or more; more of them average noise")
        ->type_name("M")
        ->check(between(std::int64_t{2}, most_periods))
        ->capture_default_str();
    app.add_option("--samples", samples, "length of the record for qr (default: 8 for each unknown)")
        ->type_name("N")
        ->check(between(std::int64_t{1}, std::int64_t{1} << 30));
    app.add_option("--seed", design.seed, "of the random phases or numbers")->type_name("S")->capture_default_str();
    results.add_to(app);
    app.footer(
        "Writes x, (records, samples). Feed each record to the system on its own and store what comes out as y, of\n"
        "the same shape, in a file for `identify`. Records repeat a period; the first one, in which the system\n"
        "settles, is not used. levels, waveforms and tones say how x is made, and identify reads them.\n"
        "Example: ister analyze volterra excite --method multisine --orders 3 --taps 32 -o excitation.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    const core::Attributes attributes = {{"analysis", std::string("volterra excite")},
                                         {"method", std::string(name_of(method))},
                                         {"seed", static_cast<std::int64_t>(design.seed)}};
    // At once, since many multisines take long to make: each repeats at least four times the taps.
    if (method == Method::multisine)
      require_memory_for_records(2 * (design.orders / 2 + 1) * design.waveforms, design.periods + 1, 4 * design.taps);
    if (method == Method::qr) {
      const std::int64_t count = samples > 0 ? samples : 8 * (design.orders * design.taps + 1) + design.taps + 100;
      const io::Array x({1, static_cast<std::size_t>(count)},
                        core::uniform_excitation(count, design.amplitude, design.seed));
      results.write({{"x", x}}, attributes, {{"x", transposed(x)}});
    } else {
      write_excitation(
          results,
          method == Method::multisine ? core::multisine_excitation(design) : core::second_order_excitation(design),
          attributes);
    }
    return ExitCode::success;
  }
};

/// The kernel of a system from records.
struct IdentifyOptions {
  std::filesystem::path file;
  std::optional<std::filesystem::path> excitation_file;
  std::string x = "x", y = "y";
  Method method = Method::multisine;
  std::optional<int> orders;
  std::optional<std::int64_t> taps;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", file, "file with the response y")->required();
    add_method(app, method,
               "multisine and second-order: y answers to what `excite` wrote; qr: y answers to any x with enough "
               "different values, the past before it unknown");
    app.add_option("--excitation", excitation_file, "what `excite` wrote (default: FILE.h5 itself)")
        ->type_name("EXCITATION.h5");
    app.add_option("--orders", orders, "highest order of the system (default: as excited; needed for qr)")
        ->type_name("P")
        ->check(between(1, core::VolterraKernel::highest_order));
    app.add_option("--taps", taps, "samples the system remembers (default: as excited; needed for qr)")
        ->type_name("N")
        ->check(between(std::int64_t{1}, most_taps));
    app.add_option("--x", x, "input, (samples) or (records, samples); for qr")
        ->type_name("DATASET")
        ->capture_default_str();
    app.add_option("--y", y, "response, of the shape of x")->type_name("DATASET")->capture_default_str();
    results.add_to(app);
    app.footer(
        "Writes h (orders, taps), h_error, for second-order also h2 (taps, taps) and h2_error: what noise may have "
        "done, one standard deviation. The attribute noise is that of a sample of y, offset a constant part of y, "
        "verdict what is printed.\n"
        "certificate (3) holds parts of y that the kernel misses, root mean squares over that of y about its mean: "
        "memory, what taps beyond the last one add; form, what higher orders and products of different times add; "
        "unclear, all that is left where the records for qr are too short to tell noise from these, else 0. What "
        "noise accounts for, by five standard deviations, is left out of memory and form.\n"
        "The verdict is \"trust\" where all three are at most 0.001 and noise makes the response of the kernel "
        "uncertain by less than 25 % (attribute noise_of_response), else \"do not trust\" with the cause. Of random "
        "systems of orders up to 5 and noise up to 1 % of y it trusted all 456 that were as assumed, and 5 of 434 with "
        "longer memory, other orders or products whose kernel missed the response by 1 % or more. Noise of 10 % hides "
        "what is smaller.\n"
        "Example: ister analyze volterra identify response.h5 --excitation excitation.h5 --method multisine -o "
        "kernel.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    const core::VolterraEstimate estimate = method == Method::qr ? by_least_squares() : by_excitation();
    write_estimate(results, estimate,
                   {{"analysis", std::string("volterra identify")},
                    {"method", std::string(name_of(method))},
                    {"file", file.string()},
                    {"y", y}});
    const core::VolterraCertificate& certificate = estimate.certificate;
    print_out(
        "noise {:.3g} a sample, which makes the response of the kernel uncertain by {:.2g} %\n"
        "certificate: memory {:.2g}, form {:.2g}, unclear {:.2g} of y, each at most {}\n{}\n",
        estimate.noise, 100 * certificate.noise, certificate.memory, certificate.form, certificate.unclear,
        core::VolterraCertificate::limit, verdict(certificate));
    return ExitCode::success;
  }

 private:
  [[nodiscard]] core::VolterraEstimate by_least_squares() const {
    if (!orders || !taps) throw InputError("ister analyze volterra identify --method qr needs --orders and --taps");
    const std::filesystem::path input = excitation_file.value_or(file);
    const Records xs = read_records(input, x), ys = read_records(file, y);
    if (xs.records != ys.records || xs.samples != ys.samples)
      throw InputError(
          fmt::format("{}: {} holds {} records of {} samples, but {} of {} holds {} of {}; they must match",
                      file.string(), y, ys.records, ys.samples, x, input.string(), xs.records, xs.samples));
    WorkProgress progress("samples taken in", xs.records * xs.samples);
    return naming(file, [&] {
      return core::identify_least_squares(xs.values, ys.values, xs.records, *orders, *taps,
                                          [&](std::int64_t sample) { progress.update(sample); });
    });
  }

  [[nodiscard]] core::VolterraEstimate by_excitation() const {
    const std::filesystem::path input = excitation_file.value_or(file);
    core::VolterraExcitation excitation = read_excitation(input);
    if (orders) excitation.orders = *orders;
    if (taps) excitation.taps = *taps;
    naming(input, [&] { excitation.check(); });
    const Records ys = read_records(file, y);
    if (ys.records != excitation.records() || ys.samples != excitation.samples())
      throw InputError(fmt::format("{}: {} holds {} records of {} samples, but the excitation in {} has {} of {}",
                                   file.string(), y, ys.records, ys.samples, input.string(), excitation.records(),
                                   excitation.samples()));
    return naming(file, [&] {
      return method == Method::multisine ? core::identify_multisine(excitation, ys.values)
                                         : core::identify_second_order(excitation, ys.values);
    });
  }
};

}  // namespace

void add_volterra(CLI::App& analyze, AnalyzeCommand& command) {
  CLI::App* app = analyze.add_subcommand("volterra", "nonlinear response with memory: apply it, or find it");
  app->require_subcommand(0, 1);
  add_analysis<ApplyOptions>(*app, command, "apply", "the response of a known kernel to records");
  add_analysis<ExciteOptions>(*app, command, "excite", "records to drive an unknown system with");
  add_analysis<IdentifyOptions>(*app, command, "identify", "the kernel of a system from its response");
}

}  // namespace ister::drivers
