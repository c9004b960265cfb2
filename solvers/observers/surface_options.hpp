#pragma once
#include <optional>
#include <vector>

namespace ister::solvers {

/// What a surface is written as: one element for each cell that it cuts, for each of the simplices that it is made of
/// there, or for each point of their quadrature.
enum class SurfaceElements { cell, simplex, quadrature };

/// The observer of surfaces of constant energy density; off without levels.
struct SurfaceOptions {
  std::vector<double> temperatures;      ///< GeV
  std::vector<double> energy_densities;  ///< GeV/fm^3
  std::optional<double> every_time;      ///< fm; absent: from the grid and the time
  SurfaceElements elements = SurfaceElements::cell;
  bool corona = false;  ///< what is below a level at the start as elements as well
  bool stop = true;     ///< the run ends where nothing is above the lowest level

  [[nodiscard]] bool active() const { return !temperatures.empty() || !energy_densities.empty(); }
};

}  // namespace ister::solvers
