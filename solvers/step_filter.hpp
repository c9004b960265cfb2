#pragma once
#include <array>
#include <vector>

#include "core/grid/grid.hpp"
#include "core/spectral/line_transform.hpp"
#include "solvers/options.hpp"

namespace ister::solvers {

/// The filter's symbols for steps of any length.
class StepFilter {
 public:
  /// `idle`: nothing is set up.
  StepFilter(const FilterOptions& options, const core::Grid& grid, bool idle);
  [[nodiscard]] bool active() const { return m_active; }

  /// One symbol per direction for a step of dt on a grid whose finest spacing is dx. Made anew, without allocating
  /// anything where lines are not padded (see transform_length), only when dt/dx has changed; the same on all ranks.
  const std::array<core::LineSymbol, 3>& symbols(double dt, double dx);

 private:
  void set(core::LineSymbol& symbol, int points, const std::vector<double>& powers) const;

  FilterOptions m_options;
  core::Grid m_grid;
  bool m_active;
  std::array<std::vector<double>, 3> m_powers;  ///< (|k|/k_N)^order by wavenumber
  std::array<core::LineSymbol, 3> m_symbols;
  double m_damping = -1.0;  ///< rate dt/dx that the symbols are for
};

}  // namespace ister::solvers
