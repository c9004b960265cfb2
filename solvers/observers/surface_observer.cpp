#include "solvers/observers/surface_observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "solvers/step_length.hpp"

namespace ister::solvers {
namespace {

/// The points that interpolation in some cells reads.
core::Box reach(const core::Grid& grid, core::Box cells) {
  for (int d = 0; d < grid.dimensions && cells.points() > 0; ++d) {
    cells.offset[d] -= 2;
    cells.count[d] += 2 + 4;
  }
  return cells;
}

core::WantedBox read_around(const core::Grid& grid) {
  return [grid](const core::Box& owned) { return reach(grid, owned); };
}

/// Whether all of a box is in another one.
bool contains(const core::Box& outer, const core::Box& inner) {
  bool all = true;
  for (int d = 0; d < 3; ++d)
    all = all && inner.offset[d] >= outer.offset[d] &&
          inner.offset[d] + inner.count[d] <= outer.offset[d] + outer.count[d];
  return all || inner.points() == 0;
}

std::vector<int> all_components(int count) {
  std::vector<int> components(static_cast<std::size_t>(count));
  std::iota(components.begin(), components.end(), 0);
  return components;
}

}  // namespace

SurfaceObserver::SurfaceObserver(HydroSystem& system, const SurfaceOptions& options, VerdictObserver& verdict)
    : m_system(system),
      m_context(system.context()),
      m_options(options),
      m_verdict(verdict),
      m_finder(make_surface_finder(m_context, options.elements)),
      m_region(m_context),
      m_halo(m_context.comm, m_context.decomposition, m_context.pool, read_around(m_context.decomposition.grid()),
             all_components(static_cast<int>(evolved_fields(m_context.fluid.stress()).size()))),
      m_balance(m_context, m_halo.layout()) {
  for (int end = 0; end < 2; ++end) {
    m_values[end] = core::FieldBundle(m_context.pool, m_halo.layout(), m_halo.components());
    m_rates[end] = core::FieldBundle(m_context.pool, m_halo.layout(), m_halo.components());
    if (m_context.pool.counts()) continue;
    m_host_values[end] = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_values[end].view());
    m_host_rates[end] = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_rates[end].view());
  }
  const physics::FluidModel& fluid = m_context.fluid.model();
  for (const double temperature : options.temperatures) {
    const double natural = physics::units::gev_to_inverse_fm(temperature);
    if (natural < fluid.lowest_temperature() || natural > fluid.highest_temperature())
      throw InputError(
          fmt::format("surface.temperature = {}: the equation of state knows temperatures from {:.4g} to {:.4g} GeV",
                      temperature, physics::units::inverse_fm_to_gev(fluid.lowest_temperature()),
                      physics::units::inverse_fm_to_gev(fluid.highest_temperature())));
    add_level(fluid.log_e_of_temperature(natural));
  }
  for (const double density : options.energy_densities)
    add_level(std::log(physics::units::gev_per_fm3_to_natural(density)));
  std::vector<double> logs;
  for (Level& level : m_levels) {
    m_tables.push_back(&level.table);
    logs.push_back(level.matter.log_e);
  }
  system.watch_hot_energy(logs);
}

void SurfaceObserver::add_level(double log_e) {
  Level level{Thermodynamics(m_context.fluid.model(), log_e), {}, {}, {}};
  level.table.name = m_levels.empty() ? "surface" : fmt::format("surface_{}", m_levels.size());
  level.table.columns = surface_columns(m_context.milne());
  level.table.values.resize(level.table.columns.size());
  m_levels.push_back(std::move(level));
}

void SurfaceObserver::require_matter() const {
  for (const Level& level : m_levels)
    if (!(m_system.range().e_max > level.matter.energy_density))
      throw InputError(fmt::format(
          "{}: no matter is above it at the start, where e reaches {:.6g} GeV/fm^3 (T = {:.4g} GeV): a lower level, or "
          "other initial data",
          m_options.temperatures.empty()
              ? fmt::format("surface.energy_density = {:.6g}",
                            physics::units::natural_to_gev_per_fm3(level.matter.energy_density))
              : fmt::format("surface.temperature = {:.6g}",
                            physics::units::inverse_fm_to_gev(level.matter.temperature)),
          physics::units::natural_to_gev_per_fm3(m_system.range().e_max), m_system.highest_temperature()));
}

bool SurfaceObserver::all_frozen() const {
  return std::all_of(m_levels.begin(), m_levels.end(),
                     [this](const Level& level) { return m_system.range().e_max <= level.matter.energy_density; });
}

/// The error of the cubics is about the square of the bend. Cut to two binary digits, so that rounding leaves no trace.
void SurfaceObserver::limit_duration(double bend, double duration) {
  constexpr double goal = 3e-3;
  int exponent = 0;
  const double mantissa = std::frexp(duration * std::fmin(2.0, std::sqrt(goal / bend)), &exponent);
  m_limit = std::ldexp(std::floor(4.0 * mantissa) / 4.0, exponent);
}

/// As long as a grid spacing, as a tenth of the proper time, and no longer than what cubics in time bear.
double SurfaceObserver::duration_from(double time) const {
  constexpr double longest = 0.2, share_of_tau = 0.1;
  if (m_options.every_time) return *m_options.every_time;
  const double spacing =
      std::min(longest, finest_spacing(m_context.decomposition.grid(), m_context.options.geometry, time));
  const double expanding = m_context.milne() ? std::min(spacing, share_of_tau * time) : spacing;
  return m_limit > 0.0 ? std::min(m_limit, expanding) : expanding;
}

double SurfaceObserver::lowest_level() const {
  double lowest = m_levels.front().matter.log_e;
  for (const Level& level : m_levels) lowest = std::min(lowest, level.matter.log_e);
  return lowest;
}

bool SurfaceObserver::due(const Moment& moment) const { return moment.last || keeps(moment); }

/// Where the run ends before the time has come the rest is found all the same, for its files.
bool SurfaceObserver::keeps(const Moment& moment) const {
  return !m_started || moment.time + 0.5 * m_system.last_dt() >= m_time + duration_from(m_time);
}

void SurfaceObserver::observe(const Observation& observation) {
  const core::Profiler::Region region(m_context.profiler, "surface");
  const bool kept = keeps(observation.moment);
  SurfaceSlab slab = slab_of(observation);
  fetch(observation, slab.points);
  m_balance.complete(slab);
  double bend = 0.0;
  if (observation.previous == nullptr)
    begin(slab, observation.moment.step);
  else if (slab.duration > 0.0)
    bend = find(slab, observation.moment.step);
  for (std::size_t i = 0; i < m_levels.size(); ++i) {
    Level& level = m_levels[i];
    level.now.booked = m_system.hot_energy_changes()[i];
    describe(level);
    if (kept) level.kept = level.now;
    level.table.glimpsed = kept ? 0 : std::int64_t{slab.duration > 0.0};
  }
  if (!kept) return;
  turn(slab.points);
  if (slab.duration > 0.0) limit_duration(bend, slab.duration);
  m_time = observation.moment.time;
}

/// Both ends with their neighbours; the state at the start stands for both. The first one is there already where the
/// last observation has seen as much of it.
void SurfaceObserver::fetch(const Observation& observation, const core::Box& points) {
  const bool first = observation.previous == nullptr;
  int missing = !contains(m_fetched, points);
  MPI_Allreduce(MPI_IN_PLACE, &missing, 1, MPI_INT, MPI_MAX, m_context.comm);
  if (first || missing != 0)
    fetch(first ? observation.primitives : *observation.previous,
          first ? *observation.rates : *observation.previous_rates, points, 0);
  fetch(observation.primitives, *observation.rates, points, 1);
}

void SurfaceObserver::fetch(const core::FieldBundle& values, const core::FieldBundle& rates, const core::Box& points,
                            int end) {
  m_halo.fetch(values, m_values[end], points);
  m_halo.fetch(rates, m_rates[end], points);
  core::copy(m_host_values[end], m_values[end].view());
  core::copy(m_host_rates[end], m_rates[end].view());
}

/// The second end becomes the first one of the next.
void SurfaceObserver::turn(const core::Box& points) {
  std::swap(m_values[0], m_values[1]);
  std::swap(m_rates[0], m_rates[1]);
  std::swap(m_host_values[0], m_host_values[1]);
  std::swap(m_host_rates[0], m_host_rates[1]);
  m_fetched = points;
}

/// At the start all cells, for what is outside.
core::Box SurfaceObserver::cells_of(const Observation& observation) const {
  if (observation.previous == nullptr) return m_context.decomposition.box();
  return m_region.cells(lowest_level(), *observation.previous, observation.primitives);
}

SurfaceSlab SurfaceObserver::slab_of(const Observation& observation) {
  SurfaceSlab slab;
  const double now = observation.moment.time;
  slab.time = observation.previous == nullptr ? now : observation.previous_time;
  slab.duration = now - slab.time;
  slab.layout = m_halo.layout();
  slab.cells = cells_of(observation);
  slab.points = reach(m_context.decomposition.grid(), slab.cells);
  const std::int64_t stride = slab.layout.component;
  for (int c = 0; c < m_halo.components(); ++c)
    slab.fields.push_back({{m_host_values[0].data() + c * stride, m_host_values[1].data() + c * stride},
                           {m_host_rates[0].data() + c * stride, m_host_rates[1].data() + c * stride}});
  return slab;
}

void SurfaceObserver::begin(const SurfaceSlab& slab, std::int64_t step) {
  m_started = true;
  m_hot_seam = {};
  for (Level& level : m_levels) {
    const InsideSums inside = look_inside(slab, level);
    level.now.start_energy = level.now.inside = inside.energy;
    for (int d = 0; d < 3; ++d) m_hot_seam[d] = m_hot_seam[d] || inside.at_seam[d] > 0.0;
    if (m_options.corona) find_corona(slab, level, step);
  }
}

void SurfaceObserver::find_corona(const SurfaceSlab& slab, Level& level, std::int64_t step) {
  m_elements.clear();
  SurfaceSums& corona = level.now.corona;
  m_finder->find_outside(slab, level.matter, m_elements, corona);
  double sums[] = {corona.volume, corona.energy, corona.elements};
  MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_DOUBLE, MPI_SUM, m_context.comm);
  corona.volume = sums[0];
  corona.energy = sums[1];
  corona.elements = sums[2];
  gather(level, step);
}

InsideSums SurfaceObserver::look_inside(const SurfaceSlab& slab, const Level& level) {
  InsideSums inside;
  m_finder->look_inside(slab, level.matter, inside);
  double sums[] = {inside.energy, inside.lost, inside.cells, inside.at_seam[0], inside.at_seam[1], inside.at_seam[2]};
  MPI_Allreduce(MPI_IN_PLACE, sums, 6, MPI_DOUBLE, MPI_SUM, m_context.comm);
  return {sums[0], sums[1], sums[2], {sums[3], sums[4], sums[5]}};
}

/// Returns the bend of ln e.
double SurfaceObserver::find(const SurfaceSlab& slab, std::int64_t step) {
  double bend = 0.0;
  for (Level& level : m_levels) find(slab, level, step, bend);
  MPI_Allreduce(MPI_IN_PLACE, &bend, 1, MPI_DOUBLE, MPI_MAX, m_context.comm);
  double at_seam = 0.0;
  for (const Level& level : m_levels)
    for (const double cells : level.now.sums.at_seam) at_seam += cells;
  m_verdict.note_surface_at_seam(at_seam);
  return bend;
}

void SurfaceObserver::find(const SurfaceSlab& slab, Level& level, std::int64_t step, double& bend) {
  SurfaceSums found;
  m_elements.clear();
  m_finder->find(slab, level.matter, m_elements, found);
  bend = std::max(bend, found.bend);
  double sums[] = {found.volume,   found.energy,     found.lost,       found.elements,
                   found.backward, found.at_seam[0], found.at_seam[1], found.at_seam[2]};
  MPI_Allreduce(MPI_IN_PLACE, sums, 8, MPI_DOUBLE, MPI_SUM, m_context.comm);
  const InsideSums inside = look_inside(slab, level);
  level.now.sums.volume += sums[0];
  level.now.sums.energy += sums[1];
  level.now.sums.lost += sums[2] + inside.lost;
  level.now.sums.elements += sums[3];
  level.now.sums.backward += sums[4];
  for (int d = 0; d < 3; ++d)
    if (!m_hot_seam[d]) level.now.sums.at_seam[d] += sums[5 + d];
  level.now.inside = inside.energy;
  level.now.cells_inside = inside.cells;
  gather(level, step);
}

/// Brings the elements of all ranks to rank 0, in the order of the cells.
void SurfaceObserver::gather(Level& level, std::int64_t step) {
  const std::size_t columns = level.table.columns.size(), row = columns + 1;
  const bool root = m_context.decomposition.rank() == 0;
  const auto ranks = static_cast<std::size_t>(m_context.decomposition.ranks());
  const int count = static_cast<int>(m_elements.size());
  std::vector<int> counts(root ? ranks : 0), places(counts);
  MPI_Gather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, m_context.comm);
  std::partial_sum(counts.begin(), counts.end(), places.begin());
  const std::size_t total = root ? static_cast<std::size_t>(places.back()) : 0;
  for (std::size_t r = 0; r < places.size(); ++r) places[r] -= counts[r];
  m_all_elements.resize(total);
  MPI_Gatherv(m_elements.data(), count, MPI_DOUBLE, m_all_elements.data(), counts.data(), places.data(), MPI_DOUBLE, 0,
              m_context.comm);
  if (!root) return;
  m_order.resize(total / row);
  std::iota(m_order.begin(), m_order.end(), std::size_t{0});
  std::stable_sort(m_order.begin(), m_order.end(),
                   [&](std::size_t a, std::size_t b) { return m_all_elements[a * row] < m_all_elements[b * row]; });
  for (std::size_t c = 0; c < columns; ++c)
    for (const std::size_t element : m_order) level.table.values[c].push_back(m_all_elements[element * row + 1 + c]);
  core::surface::ElementSlab slab;
  slab.step = step;
  slab.count = static_cast<std::int64_t>(m_order.size());
  level.table.slabs.push_back(slab);
}

void SurfaceObserver::describe(Level& level) const {
  static const char* kinds[] = {"cell", "simplex", "quadrature"};
  const Progress& now = level.now;
  level.table.attributes = {{"level_energy_density", level.matter.energy_density},
                            {"level_temperature", level.matter.temperature},
                            {"elements", std::string(kinds[static_cast<int>(m_options.elements)])},
                            {"complete", std::int64_t{now.complete()}},
                            {"energy_inside", now.inside},
                            {"energy_start", now.start_energy},
                            {"closure", now.closure()},
                            {"volume", now.sums.volume},
                            {"energy", now.sums.energy},
                            {"work", now.sums.lost},
                            {"booked", now.booked},
                            {"inward_share", now.sums.elements > 0.0 ? now.sums.backward / now.sums.elements : 0.0}};
  if (!m_options.corona) return;
  level.table.attributes["corona_volume"] = now.corona.volume;
  level.table.attributes["corona_energy"] = now.corona.energy;
  level.table.attributes["corona_elements"] = now.corona.elements;
}

std::vector<std::string> SurfaceObserver::columns() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < m_levels.size(); ++i)
    for (const char* what : {"volume", "energy", "elements", "closure"})
      names.push_back(fmt::format("surface_{}{}", what, i == 0 ? "" : fmt::format("_{}", i)));
  return names;
}

void SurfaceObserver::add_values(std::vector<double>& row) {
  for (const Level& level : m_levels)
    row.insert(row.end(), {level.now.sums.volume, level.now.sums.energy, level.now.sums.elements, level.now.closure()});
}

std::vector<std::string> SurfaceObserver::lines() const {
  using physics::units::inverse_fm_to_gev;
  std::vector<std::string> lines;
  for (const Level& level : m_levels) {
    const Progress& l = level.now;
    std::string line =
        fmt::format("surface at T = {:.4g} GeV: {:.0f} elements, volume {:.7g} fm^3, energy {:.7g} GeV, closure {:.2g}",
                    inverse_fm_to_gev(level.matter.temperature), l.sums.elements, l.sums.volume,
                    inverse_fm_to_gev(l.sums.energy), l.closure());
    if (l.sums.backward > 0.0) line += fmt::format("; matter flows in through {:.0f} elements", l.sums.backward);
    if (!l.complete())
      line += fmt::format("; not complete, {:.4g} GeV of the {:.4g} GeV at the start are inside still",
                          inverse_fm_to_gev(l.inside), inverse_fm_to_gev(l.start_energy));
    lines.push_back(std::move(line));
  }
  return lines;
}

core::Attributes SurfaceObserver::checkpoint_numbers() const {
  if (!m_started) return {};
  core::Attributes numbers{{"seen", m_time},
                           {"limit", m_limit},
                           {"hot_seam", std::vector<std::int64_t>(m_hot_seam.begin(), m_hot_seam.end())}};
  for (std::size_t i = 0; i < m_levels.size(); ++i) {
    Progress kept = m_levels[i].kept;
    std::vector<double> values;
    for (const double* number : kept.numbers()) values.push_back(*number);
    numbers[fmt::format("level_{}", i)] = values;
  }
  return numbers;
}

void SurfaceObserver::restored(const core::Attributes& numbers) {
  m_started = numbers.count("seen") > 0;
  if (!m_started) return;
  m_time = std::get<double>(numbers.at("seen"));
  m_limit = std::get<double>(numbers.at("limit"));
  const auto& hot = std::get<std::vector<std::int64_t>>(numbers.at("hot_seam"));
  for (std::size_t d = 0; d < 3; ++d) m_hot_seam[d] = hot.at(d) != 0;
  for (std::size_t i = 0; i < m_levels.size(); ++i) {
    const auto& saved = std::get<std::vector<double>>(numbers.at(fmt::format("level_{}", i)));
    Progress& now = m_levels[i].now;
    const std::vector<double*> values = now.numbers();
    for (std::size_t v = 0; v < values.size(); ++v) *values[v] = saved.at(v);
    m_levels[i].kept = now;
    describe(m_levels[i]);
  }
}

}  // namespace ister::solvers
