#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/parallel/collective.hpp"
#include "drivers/command_line.hpp"
#include "io/array_file.hpp"

// What the subcommands of `ister analyze` and some of `ister bench` share: they read and write files on rank 0.
namespace ister::drivers {

/// Where an analysis puts its results.
struct Results {
  std::optional<std::filesystem::path> output;  ///< HDF5
  std::optional<std::filesystem::path> csv;     ///< also as a table

  /// --output and --csv
  void add_to(CLI::App& app, bool required = true);
  /// Writes all files that were asked for, with those `besides`, or none; `table` goes into the CSV file, below a
  /// comment.
  void write(const std::vector<io::NamedArray>& arrays, const core::Attributes& attributes,
             const std::vector<io::NamedArray>& table, const std::string& comment = {},
             std::vector<io::FileContent> besides = {}) const;
  void write(const std::vector<io::NamedArray>& arrays, const core::Attributes& attributes) const {
    write(arrays, attributes, arrays);
  }
};

/// The files that a command line names.
struct FilesOfOptions {
  std::vector<std::filesystem::path> read, written;

  /// Of a command line that has been parsed.
  explicit FilesOfOptions(const CLI::App& app);
  /// What would only be found after the work: InputError where a file would be written over one that is read or
  /// written besides, FileError where it could not be written at all.
  void check() const;
};

/// Adds a subcommand with its options. Options has members add_to(CLI::App&) and execute() const, which returns an
/// ExitCode and throws Errors; it runs on rank 0, and all ranks agree on the outcome.
template <class Options>
void add_analysis(CLI::App& analyze, AnalyzeCommand& command, const std::string& name, const std::string& what) {
  CLI::App* app = analyze.add_subcommand(name, what);
  const auto options = std::make_shared<Options>();
  options->add_to(*app);
  app->callback([app, options, &command] {
    command.execute = [options, files = FilesOfOptions(*app)](const core::Ranks& ranks) {
      int code = 0;
      core::collectively(ranks.comm(), [&] {
        if (!ranks.is_root()) return;
        files.check();
        code = static_cast<int>(options->execute());
      });
      MPI_Bcast(&code, 1, MPI_INT, 0, ranks.comm());
      return static_cast<ExitCode>(code);
    };
  });
}

}  // namespace ister::drivers
