#include "solvers/observers/diagnostics_observer.hpp"

namespace ister::solvers {

DiagnosticsObserver::DiagnosticsObserver(HydroSystem& system, const SolverOptions& options)
    : m_system(system),
      m_averages(options.geometry == physics::Geometry::milne),
      m_driven(!options.drive.tones.empty()),
      m_stabilized(options.stabilizer.active()) {}

std::vector<std::string> DiagnosticsObserver::columns() const {
  std::vector<std::string> columns = {"energy",    "momentum_x", "momentum_y",    "momentum_z",
                                      "e_max",     "e_min",      "u_max",         "pi_ratio_max",
                                      "regulated", "balance",    "sponge_energy", "floor_energy"};
  if (m_averages)
    for (const char* average : {"eps_p", "mean_radial_flow", "mean_T", "hot_area"}) columns.emplace_back(average);
  if (m_driven) columns.emplace_back("drive_energy");
  if (m_stabilized)
    for (const char* column : {"stabilizer_energy", "stabilizer_points", "stabilizer_share"})
      columns.emplace_back(column);
  return columns;
}

void DiagnosticsObserver::add_values(std::vector<double>& row) {
  const Diagnostics& d = m_system.diagnostics();
  row.insert(row.end(),
             {d.energy, d.momentum_x, d.momentum_y, d.momentum_z, d.e_max, d.e_min, d.u_max, d.pi_ratio_max,
              m_system.capped_share(), m_system.balance(), m_system.sponge_energy(), m_system.floor_energy()});
  if (m_averages) row.insert(row.end(), {d.eps_p, d.mean_radial_flow, d.mean_T, d.hot_area});
  if (m_driven) row.push_back(m_system.drive_energy());
  if (m_stabilized)
    row.insert(row.end(), {m_system.stabilizer_energy(), m_system.stabilizer_points(), m_system.stabilizer_share()});
}

}  // namespace ister::solvers
