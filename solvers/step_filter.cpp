#include "solvers/step_filter.hpp"

#include <cmath>
#include <cstddef>
#include <utility>

namespace ister::solvers {
namespace {

/// The wavenumber of an entry of a symbol in units of that of Nyquist.
double wavenumber(int entry, int points) { return 2.0 * (entry <= points / 2 ? entry : points - entry) / points; }

}  // namespace

StepFilter::StepFilter(const FilterOptions& options, const core::Grid& grid, bool idle)
    : m_options(options), m_grid(grid), m_active(!idle && options.type != FilterOptions::Type::none) {
  if (!m_active) return;
  for (int d = 0; d < grid.dimensions; ++d)
    for (int i = 0; i < grid.points[d]; ++i)
      m_powers[d].push_back(std::pow(wavenumber(i, grid.points[d]), options.order));
}

const std::array<core::LineSymbol, 3>& StepFilter::symbols(double dt, double dx) {
  const double damping = m_options.rate * dt / dx;
  if (damping == m_damping) return m_symbols;
  m_damping = damping;
  for (int d = 0; d < m_grid.dimensions; ++d) set(m_symbols[d], m_grid.points[d], m_powers[d]);
  return m_symbols;
}

void StepFilter::set(core::LineSymbol& symbol, int points, const std::vector<double>& powers) const {
  const bool sharp = m_options.type == FilterOptions::Type::two_thirds;
  symbol.factor.resize(powers.size());
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const double passed =
        sharp ? (wavenumber(static_cast<int>(i), points) > 2.0 / 3.0 ? 0.0 : 1.0) : std::exp(-m_damping * powers[i]);
    symbol.factor[i] = passed / points;
  }
  if (core::transform_length(points) != points) symbol = core::fit_transform_length(std::move(symbol));
}

}  // namespace ister::solvers
