#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/error.hpp"
#include "core/parallel/ranks.hpp"

namespace ister::drivers {

/// ister run INPUT.toml
struct RunCommand {
  std::filesystem::path input;
  std::vector<std::string> overrides;  ///< "section.key=value"; --output is among them
  bool restart = false;
  std::optional<std::filesystem::path> checkpoint;  ///< absent: the newest one of the run that verifies
  bool overwrite = false;
  bool dry_run = false;
  std::string events;         ///< in place of ensemble.events; of a pattern's files those with these numbers
  bool retry_failed = false;  ///< of an ensemble, with restart
};

/// ister check INPUT.toml
struct CheckCommand {
  std::filesystem::path input;
  std::vector<std::string> overrides;
  bool defaults = false;  ///< print all keys with their defaults instead
};

/// ister info FILE.h5
struct InfoCommand {
  std::filesystem::path file;
};

/// ister modes INPUT.toml
struct ModesCommand {
  std::filesystem::path input;
  std::vector<std::string> overrides;
  std::optional<double> temperature, energy_density;  ///< of the background, in the units of the deck; at most one
  double velocity = 0, angle = 0;                     ///< its motion: below 1; relative to k [rad]
  double k_min = 0.01, k_max = 100;                   ///< 1/fm
  int k_count = 81;                                   ///< equally spaced in ln k
  std::optional<std::filesystem::path> csv;
  std::optional<std::filesystem::path> state;  ///< look at the fronts of this state in place of waves
};

/// ister eos INPUT.toml
struct EosCommand {
  std::filesystem::path input;
  std::vector<std::string> overrides;
  std::string format = "csv";                   ///< one of eos_formats()
  std::optional<std::filesystem::path> output;  ///< absent: the name that the format has
  std::optional<int> points;                    ///< rows
  std::optional<double> lowest, highest;        ///< T [GeV] of the first and of the last one
};

/// ister bench
struct BenchCommand {
  std::vector<int> sizes;                       ///< points per direction; empty: the benchmarks' own
  std::string filter;                           ///< only benchmarks whose name contains it
  bool list = false;                            ///< print the names only
  std::optional<int> repetitions;               ///< absent: each benchmark's own
  std::optional<std::filesystem::path> output;  ///< JSON
};

/// ister analyze ... and ister bench compare, tune: one of these subcommands, with its options.
struct AnalyzeCommand {
  std::function<ExitCode(const core::Ranks&)> execute;
};

/// ister --version
struct VersionCommand {};

/// ister --help, also of a subcommand
struct HelpCommand {
  std::string text;
  bool asked_for = true;  ///< false: no arguments at all, which is bad usage
};

using Command = std::variant<HelpCommand, VersionCommand, RunCommand, CheckCommand, InfoCommand, ModesCommand,
                             EosCommand, BenchCommand, AnalyzeCommand>;

/// Reads the command line. Throws InputError with one message that names the nearest subcommand or option.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace ister::drivers
