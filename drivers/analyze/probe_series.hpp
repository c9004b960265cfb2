#pragma once
#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "core/kernels/probes/point_probe.hpp"

namespace ister::drivers {

/// A field of a run at a few points over time.
struct ProbeSeries {
  int dimensions = 1;
  std::vector<std::array<double, 3>> positions;
  std::vector<double> times;                ///< ascending
  std::vector<std::vector<double>> values;  ///< one record for each probe

  /// Whether the times are equally spaced, to a millionth of their spacing.
  [[nodiscard]] bool is_uniform() const;
  /// Mean time between states.
  [[nodiscard]] double spacing() const;
};

/// Where the series of an analysis come from, as options of its command line.
struct ProbeOptions {
  std::vector<std::filesystem::path> sources;  ///< one folder of a run, or state files
  std::string field = "energy_density";
  std::vector<std::string> probes;  ///< "x,y,z"; none: four along x
  core::GridInterpolation interpolation = core::GridInterpolation::spectral;

  void add_to(CLI::App& app);

  /// Reads all states. InputError and FileError where they, the field or the probes do not fit.
  [[nodiscard]] ProbeSeries read() const;

 private:
  [[nodiscard]] std::vector<std::array<double, 3>> positions(const core::Grid& grid) const;
};

}  // namespace ister::drivers
