#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/grid/grid.hpp"
#include "physics/units.hpp"
#include "solvers/observers/medium_options.hpp"
#include "solvers/observers/surface_options.hpp"
#include "solvers/options.hpp"
#include "solvers/output_fields.hpp"

namespace ister::drivers {

struct RunOptions {
  std::string name = "run";                ///< prefix of the output files
  std::string output;                      ///< folder, relative to the current one; out/<name> where not given
  std::optional<double> wall_clock_limit;  ///< seconds
  double stall_limit = 900;                ///< seconds; 0: none
  bool keep_going = false;                 ///< though a verdict would end the run
};

/// When something is due; at most one member is positive, none: never.
struct Cadence {
  int every_steps = 0;
  double every_time = 0;  ///< fm
  double every_wall = 0;  ///< seconds
};

struct OutputOptions {
  Cadence cadence;
  std::vector<std::string> fields = solvers::default_output_fields();
};

struct CheckpointOptions {
  Cadence cadence{0, 0, 1800};
  int keep = 2;
};

struct HistoryOptions {
  int every_steps = 1;                                              ///< 0: never
  double energy_cut = physics::units::gev_per_fm3_to_natural(1.0);  ///< 1/fm^4
};

/// Many events of one deck in a job.
struct EnsembleOptions {
  std::string events;  ///< "A:B", half-open, of those in initial.file, or a pattern of file names; empty: no ensemble
  int ranks_per_event = 1;
  int chunk = 100;                           ///< events in a file
  std::vector<std::string> keep{"history"};  ///< of each event

  [[nodiscard]] bool active() const { return !events.empty(); }
  [[nodiscard]] bool keeps(const std::string& what) const;
};

struct FftwOptions {
  bool wisdom = true;  ///< plans from the machine's file
};

/// Everything an input file says, checked, in natural units (fm and powers of 1/fm). Paths of files that it names are
/// absolute; run.output is left as given.
struct Input {
  std::string path;               ///< the input file, as messages name it
  std::string units = "natural";  ///< the system the file was written in
  std::string preset = "auto";    ///< whose defaults hold; none or event once it is read
  RunOptions run;
  core::Grid grid;
  solvers::SolverOptions solver;
  solvers::InitialOptions initial;
  OutputOptions output;
  CheckpointOptions checkpoint;
  HistoryOptions history;
  solvers::ModesOptions modes;
  solvers::MediumOptions medium;
  solvers::SurfaceOptions surface;
  FftwOptions fftw;
  EnsembleOptions ensemble;
  std::string resolved_toml;  ///< every key that applies, in natural units; reads back to the same Input
};

/// The text of an input file. Throws FileError where it is missing, not a plain file, unreadable or above 1 MB.
std::string read_text(const std::filesystem::path& path);

/// Parses and checks the text of an input file. `path` names it in messages and is what its own relative paths start
/// from. Each override is "section.key=value", the value in TOML or a bare word, and replaces what the file says;
/// keys of the file that an override makes meaningless (another type's, another way to set the time step) are dropped.
/// Pure: no file is touched, so every rank gets the same Input, or the same InputError, from the same text.
Input parse_input(const std::string& text, const std::filesystem::path& path,
                  const std::vector<std::string>& overrides = {});

/// read_text and parse_input in one.
Input read_input(const std::filesystem::path& path, const std::vector<std::string>& overrides = {});

/// All keys with defaults, units and ranges, as TOML: what inputs/defaults.toml holds.
std::string default_input_text();

}  // namespace ister::drivers
