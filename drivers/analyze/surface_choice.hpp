#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>

#include "io/surface_file.hpp"

namespace ister::drivers {

/// One surface of a file.
struct SurfaceChoice {
  std::filesystem::path source;
  int level = 0;

  /// FILE.h5 and --level
  void add_to(CLI::App& app);
  /// The surface that was chosen; InputError where there are not as many.
  [[nodiscard]] const core::surface::ElementTable& of(const io::SurfaceContent& content) const;
};

/// Directions of the grid of the run. InputError where the file does not say its points.
std::size_t surface_dimensions(const io::SurfaceContent& content);

/// What a surface is one of.
struct SurfaceLevel {
  double energy_density, temperature;  ///< GeV/fm^3, GeV
};

/// InputError where the file does not say.
SurfaceLevel surface_level(const core::surface::ElementTable& table);

}  // namespace ister::drivers
