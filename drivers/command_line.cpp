#include "drivers/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/option_text.hpp"
#include "drivers/eos/eos_formats.hpp"
#include "drivers/help_formatter.hpp"
#include "drivers/nearest.hpp"
#include "drivers/number_option.hpp"
#include "drivers/subcommands.hpp"

namespace ister::drivers {
namespace {

/// Options of a subcommand that reads an input file.
struct InputArguments {
  std::vector<std::string> positionals;
  std::vector<std::string> overrides;
  std::string output;

  void add_to(CLI::App& app) {
    app.add_option("INPUT.toml", positionals, "the input file");
    app.add_option("--set", overrides, "section.key=value: replaces what the file says; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
  }
  void add_output_to(CLI::App& app) {
    app.add_option("--output", output, "folder of the run, in place of run.output")->type_name("DIR");
  }

  /// Values after the first one of --set arrive as positionals.
  void sort() {
    if (!overrides.empty()) {
      const auto is_input = [](const std::string& text) { return text.find('=') == std::string::npos; };
      const auto more = std::stable_partition(positionals.begin(), positionals.end(), is_input);
      overrides.insert(overrides.end(), more, positionals.end());
      positionals.erase(more, positionals.end());
    }
    if (!output.empty()) overrides.push_back("run.output=" + core::quoted(output));
  }

  [[nodiscard]] std::string input(const std::string& subcommand) const {
    if (positionals.empty()) throw InputError("ister " + subcommand + ": INPUT.toml is missing");
    if (positionals.size() > 1)
      throw InputError("ister " + subcommand + ": one INPUT.toml is expected, not also \"" + positionals[1] + "\"");
    return positionals[0];
  }
};

/// Options of ister modes.
struct ModesArguments {
  InputArguments common;
  ModesCommand command;
  std::vector<double> range;
  std::string csv, state;

  void add_to(CLI::App& app) {
    common.add_to(app);
    const auto number = [&](const char* name, auto& value, const char* meaning, const CLI::Validator& allowed) {
      return app.add_option(name, value, meaning)->check(allowed);
    };
    CLI::Option* temperature = number("--temperature", command.temperature,
                                      "of the matter, in 1/fm or, with units.system = \"gev-fm\", GeV; by default that "
                                      "of the initial state, or 200 MeV where it has none of its own",
                                      positive());
    temperature->type_name("T");
    number("--energy-density", command.energy_density, "in its place, 1/fm^4 or GeV/fm^3", positive())
        ->type_name("E")
        ->excludes(temperature);
    number("--velocity", command.velocity, "of the matter (default: 0)",
           number_that_is("a velocity from 0 to below 1", [](double v) { return v >= 0 && v < 1; }))
        ->type_name("V");
    number("--angle", command.angle, "between the velocity and k, rad (default: 0)", between(-7.0, 7.0))
        ->type_name("PHI");
    number("--k", range, "smallest and largest wavenumber, 1/fm, and how many, at equal ratios (default: 0.01 100 81)",
           positive())
        ->type_name("MIN MAX N")
        ->expected(3);
    app.add_option("--csv", csv, "k, omega and group velocities of all branches as a table")->type_name("FILE.csv");
    app.add_option("--state", state, "in place of waves: how much of this state of a run of the deck is acausal")
        ->type_name("FILE.h5");
    app.footer(
        "Plane waves exp(-i omega t + i k x) about uniform matter, from the equations that runs solve. Prints the "
        "speeds "
        "of fronts, where branches meet, frequencies, and whether the fluid is causal and its waves decay; acausal "
        "fluids are shown, not refused.\n"
        "Example: ister modes deck.toml --velocity 0.5 --csv modes.csv");
  }

  [[nodiscard]] ModesCommand finished() {
    common.sort();
    command.input = common.input("modes");
    command.overrides = common.overrides;
    if (!csv.empty()) command.csv = csv;
    if (!state.empty()) command.state = state;
    if (range.empty()) return command;
    const double count = range[2];
    if (!(range[0] < range[1]) || count < 2 || count > 100000 || count != std::floor(count))
      throw InputError("ister modes: --k expects MIN < MAX and a whole number from 2 to 100000");
    command.k_min = range[0];
    command.k_max = range[1];
    command.k_count = static_cast<int>(count);
    return command;
  }
};

/// Options of ister eos.
struct EosArguments {
  InputArguments common;
  EosCommand command;
  std::vector<double> range;
  std::string output;

  void add_to(CLI::App& app) {
    common.add_to(app);
    std::vector<std::string> names;
    for (const EosFormat& format : eos_formats()) names.push_back(format.name);
    app.add_option(
           "--to", command.format,
           "csv: e, p, s, T, dp/de with names and units, also for eos.type = \"table\" (default); music: MUSIC, "
           "EOS_to_use = 9; vhlle: vHLLE, eosType = 0")
        ->type_name("FORMAT")
        ->check(CLI::IsMember(names));
    app.add_option("--output", output, "where to; by default eos.csv, or the name that MUSIC or vHLLE reads")
        ->type_name("FILE");
    app.add_option("--points", command.points,
                   "rows; by default as many as a table that is read here keeps, 0.05 apart in ln e, for csv, 1000 for "
                   "vhlle; MUSIC reads 100000")
        ->type_name("N")
        ->check(CLI::Range(2, 1000000));
    app.add_option("--temperature", range, "of the first and of the last row, GeV (default: 0.01 1; music: 0.05 1)")
        ->type_name("MIN MAX")
        ->expected(2)
        ->check(positive());
    app.footer(
        "The equation of state of a deck as a table, at equal ratios of e; for MUSIC, which interpolates linearly, at "
        "equal steps of e. Units are GeV, GeV/fm^3 and 1/fm^3.\n"
        "Example: ister eos deck.toml --to music --temperature 0.05 0.6");
  }

  [[nodiscard]] EosCommand finished() {
    common.sort();
    command.input = common.input("eos");
    command.overrides = common.overrides;
    if (!output.empty()) command.output = output;
    if (range.empty()) return command;
    command.lowest = range[0];
    command.highest = range[1];
    return command;
  }
};

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& text : texts) result += (result.empty() ? "" : ", ") + text;
  return result;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> subcommand_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* subcommand : app.get_subcommands(nullptr)) names.push_back(subcommand->get_name());
  return names;
}

/// What is wrong with words that belong to nothing: the first of them, with what is nearest to it.
std::string describe_extras(const CLI::App& app, const std::string& where) {
  for (const CLI::App* subcommand : app.get_subcommands())
    if (const std::string text = describe_extras(*subcommand, where + " " + subcommand->get_name()); !text.empty())
      return text;
  const auto extras = app.remaining();
  if (extras.empty()) return "";
  const std::string word = extras.front();
  const bool is_option = word.rfind('-', 0) == 0;
  const auto known = is_option ? option_names(app) : subcommand_names(app);
  const std::string what = is_option       ? "unknown option "
                           : known.empty() ? "unexpected argument "
                                           : "unknown subcommand ";
  return where + ": " + what + "\"" + word + "\"" +
         (known.empty() ? "" : "; the nearest is " + nearest(word, known) + " (known: " + joined(known) + ")");
}

/// Help of the innermost subcommand that was named.
std::string help_of_chosen(const CLI::App& app, const std::string& parents) {
  const std::string name = parents.empty() ? app.get_name() : parents + " " + app.get_name();
  for (const CLI::App* subcommand : app.get_subcommands()) return help_of_chosen(*subcommand, name);
  return app.help(parents);
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app("Relativistic viscous hydrodynamics, Israel-Stewart equations, pseudospectral.", "ister");
  app.formatter(std::make_shared<HelpFormatter>());
  bool version = false;
  app.add_flag("--version", version, "version, git revision, Kokkos backend and library versions");
  app.require_subcommand(0, 1);

  RunCommand run;
  InputArguments run_arguments;
  std::vector<std::string> restart;
  CLI::App* run_app = app.add_subcommand("run", "run an input file");
  run_arguments.add_to(*run_app);
  run_arguments.add_output_to(*run_app);
  CLI::Option* restart_option =
      run_app->add_option("--restart", restart, "continue from FILE, or from the newest checkpoint that verifies")
          ->type_name("[FILE]")
          ->expected(0, 1);
  run_app->add_flag("--overwrite", run.overwrite, "replace the files of an earlier run");
  run_app->add_flag("--dry-run", run.dry_run, "check input, initial data and output folder, then stop");
  run_app
      ->add_option("--events", run.events,
                   "of an ensemble, from A up to before B, in whole chunks: a share of its events")
      ->type_name("A:B");
  run_app->add_flag("--retry-failed", run.retry_failed, "of an ensemble, with --restart: run those again that failed");

  CheckCommand check;
  InputArguments check_arguments;
  CLI::App* check_app =
      app.add_subcommand("check", "validate; print the resolved input, memory per rank, time and advice");
  check_arguments.add_to(*check_app);
  check_arguments.add_output_to(*check_app);
  check_app->add_flag("--defaults", check.defaults, "print every key with its default, unit and range instead");

  std::vector<std::string> info_files;
  CLI::App* info_app = app.add_subcommand("info", "what a state or checkpoint file holds; verifies its checksums");
  info_app->add_option("FILE.h5", info_files, "the file");

  ModesArguments modes_arguments;
  CLI::App* modes_app = app.add_subcommand("modes", "linear waves of the configured fluid: omega(k), fronts, verdict");
  modes_arguments.add_to(*modes_app);

  EosArguments eos_arguments;
  CLI::App* eos_app = app.add_subcommand("eos", "the configured equation of state as a table, also for other codes");
  eos_arguments.add_to(*eos_app);

  BenchCommand bench;
  std::string bench_output;
  AnalyzeCommand analyze;
  CLI::App* bench_app = app.add_subcommand("bench", "benchmarks");
  bench_app
      ->add_option(
          "--size", bench.sizes,
          "points per direction of the benchmarks rhs/N, each from 8 on; several are run in turn (default: 64 128)")
      ->type_name("N")
      ->check(CLI::Range(8, 4096));
  bench_app->add_option("--filter", bench.filter, "only benchmarks whose name, as --list prints it, contains this text")
      ->type_name("TEXT");
  bench_app->add_flag("--list", bench.list,
                      "print the names of the benchmarks, which --filter chooses from, and run none");
  bench_app
      ->add_option("--repetitions", bench.repetitions, "how often each is timed; by default each has its own number")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  bench_app->add_option("--output", bench_output, "where to write the results as JSON")->type_name("FILE.json");
  bench_app->footer(
      "Measures figures of speed and accuracy, each beside a reference that is timed in the same process in turn with "
      "it. A line is: name, value, unit, what it was measured against, and where there is a target whether it is met.\n"
      "--size concerns rhs/N alone, the right-hand side of the equations on N^3 points; the others have sizes of "
      "their own, which stand in their names where there is one. FILE.json is in Google Benchmark's format with the "
      "seconds of every repetition, for `ister bench compare`, and the lines in the array figures.\n"
      "Example: ister bench --filter rhs --size 32 64 --output rhs.json");
  bench_app->require_subcommand(0, 1);
  add_bench_compare(*bench_app, analyze);
  add_bench_history(*bench_app, analyze);
  add_bench_tune(*bench_app, analyze);

  CLI::App* analyze_app = app.add_subcommand("analyze", "post-processing of HDF5 files");
  add_analyses(*analyze_app, analyze);

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return HelpCommand{help_of_chosen(app, ""), true};
  } catch (const CLI::ExtrasError&) {
    throw InputError(describe_extras(app, "command line"));
  } catch (const CLI::ParseError& error) {
    throw InputError(error.what());
  }

  if (version) return VersionCommand{};
  if (*run_app) {
    if (!restart.empty() && run_arguments.positionals.empty())  // --restart INPUT.toml: the file is the input
      std::swap(restart, run_arguments.positionals);
    run_arguments.sort();
    run.input = run_arguments.input("run");
    run.overrides = run_arguments.overrides;
    run.restart = restart_option->count() > 0;
    if (!restart.empty() && !restart.front().empty()) run.checkpoint = restart.front();
    if (run.retry_failed && !run.restart) throw InputError("ister run: --retry-failed goes with --restart");
    return run;
  }
  if (*check_app) {
    check_arguments.sort();
    if (!check.defaults) check.input = check_arguments.input("check");
    check.overrides = check_arguments.overrides;
    return check;
  }
  if (*info_app) {
    if (info_files.size() != 1) throw InputError("ister info: one FILE.h5 is expected");
    return InfoCommand{info_files.front()};
  }
  if (*modes_app) return modes_arguments.finished();
  if (*eos_app) return eos_arguments.finished();
  if (analyze.execute) return analyze;
  if (*analyze_app) return HelpCommand{help_of_chosen(app, ""), false};
  if (*bench_app) {
    if (!bench_output.empty()) bench.output = bench_output;
    return bench;
  }
  return HelpCommand{app.help(), false};
}

}  // namespace ister::drivers
