#include "solvers/observers/surface_observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "solvers/step_length.hpp"

namespace ister::solvers {
namespace {

constexpr int neighbours = 4;  ///< layers that interpolation reaches

std::vector<int> all_components(int count) {
  std::vector<int> components(static_cast<std::size_t>(count));
  std::iota(components.begin(), components.end(), 0);
  return components;
}

core::HostArray on_host(core::FieldBundle& bundle) {
  return Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), bundle.view());
}

}  // namespace

SurfaceObserver::SurfaceObserver(HydroSystem& system, const SurfaceOptions& options, VerdictObserver& verdict)
    : m_system(system),
      m_context(system.context()),
      m_options(options),
      m_verdict(verdict),
      m_finder(make_surface_finder(m_context, options.elements)),
      m_halo(m_context.comm, m_context.decomposition, m_context.pool,
             core::surrounded(m_context.decomposition.grid(), neighbours),
             all_components(static_cast<int>(evolved_fields(m_context.fluid.stress()).size()))),
      m_source_halo(m_context.comm, m_context.decomposition, m_context.pool,
                    core::surrounded(m_context.decomposition.grid(), neighbours), {0}),
      m_source(m_context.pool, core::BlockLayout(m_context.decomposition), 1),
      m_source_around(m_context.pool, m_halo.layout(), 4) {
  for (int end = 0; end < 2; ++end) {
    m_values[end] = core::FieldBundle(m_context.pool, m_halo.layout(), m_halo.components());
    m_rates[end] = core::FieldBundle(m_context.pool, m_halo.layout(), m_halo.components());
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
  for (Level& level : m_levels) m_tables.push_back(&level.table);
}

void SurfaceObserver::add_level(double log_e) {
  Level level{Thermodynamics(m_context.fluid.model(), log_e), {}, {}, 0, 0, false, {}};
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

bool SurfaceObserver::due(const Moment& moment) const {
  return !m_started || moment.last || moment.time + 0.5 * m_system.last_dt() >= m_time + duration_from(m_time);
}

void SurfaceObserver::observe(const Observation& observation) {
  const core::Profiler::Region region(m_context.profiler, "surface");
  fetch(observation);
  SurfaceSlab slab = slab_of(observation);
  if (observation.previous == nullptr) {
    begin(slab, observation.moment.step);
  } else if (slab.duration > 0.0) {
    integrate_pressure(slab);
    double bend = 0.0;
    for (Level& level : m_levels) bend = std::max(bend, find(slab, level, observation.moment.step));
    limit_duration(bend, slab.duration);
  }
  m_time = observation.moment.time;
}

/// Both ends with their neighbours; the state at the start stands for both.
void SurfaceObserver::fetch(const Observation& observation) {
  const bool first = observation.previous == nullptr;
  m_halo.fetch(first ? observation.primitives : *observation.previous, m_values[0]);
  m_halo.fetch(first ? *observation.rates : *observation.previous_rates, m_rates[0]);
  m_halo.fetch(observation.primitives, m_values[1]);
  m_halo.fetch(*observation.rates, m_rates[1]);
  m_source_halo.fetch(m_source, m_source_around);
  for (int end = 0; end < 2; ++end) {
    m_host_values[end] = on_host(m_values[end]);
    m_host_rates[end] = on_host(m_rates[end]);
  }
  m_host_source = on_host(m_source_around);
}

SurfaceSlab SurfaceObserver::slab_of(const Observation& observation) {
  SurfaceSlab slab;
  const double now = observation.moment.time;
  slab.time = observation.previous == nullptr ? now : observation.previous_time;
  slab.duration = now - slab.time;
  slab.layout = m_halo.layout();
  const std::int64_t stride = slab.layout.component;
  for (int c = 0; c < m_halo.components(); ++c)
    slab.fields.push_back({{m_host_values[0].data() + c * stride, m_host_values[1].data() + c * stride},
                           {m_host_rates[0].data() + c * stride, m_host_rates[1].data() + c * stride}});
  double* source = m_host_source.data();
  slab.fields.push_back({{source, source + stride}, {source + 2 * stride, source + 3 * stride}});
  return slab;
}

/// Takes the integral of T^{zz} from the first end of a slab to the second, by Gauss' rule on the cubics of the
/// primitive variables. At the start it is zero, and in Minkowski space remains so.
void SurfaceObserver::integrate_pressure(SurfaceSlab& slab) {
  if (!m_context.milne()) return;
  const physics::FluidModel& fluid = m_context.fluid.model();
  const StressKind stress = m_context.fluid.stress();
  const double root = std::sqrt(0.6), weights[] = {5.0 / 18, 4.0 / 9, 5.0 / 18};
  const core::surface::CubicHermite times[] = {
      core::surface::CubicHermite(0.0), core::surface::CubicHermite(0.5 * (1.0 - root)),
      core::surface::CubicHermite(0.5), core::surface::CubicHermite(0.5 * (1.0 + root)),
      core::surface::CubicHermite(1.0)};
  const std::size_t count = slab.fields.size() - 1;
  std::vector<double> point(count);
  const auto pressure = [&](const core::surface::CubicHermite& t, std::int64_t i) {
    for (std::size_t f = 0; f < count; ++f) {
      const core::surface::SlabField& field = slab.fields[f];
      point[f] = t.value[0] * field.value[0][i] + t.value[1] * field.value[1][i] +
                 slab.duration * (t.rate[0] * field.rate[0][i] + t.rate[1] * field.rate[1][i]);
    }
    return SurfacePoint(stress, point.data() + 1).longitudinal_pressure(Thermodynamics(fluid, point[0]));
  };
  double* source = m_host_source.data();
  const std::int64_t stride = slab.layout.component;
  const core::Box box = slab.layout.box();
  for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
      for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x) {
        const std::int64_t i = slab.layout.at(x, y, z);
        double sum = 0.0;
        for (int g = 0; g < 3; ++g) sum += weights[g] * pressure(times[g + 1], i);
        source[stride + i] = source[i] + slab.duration * sum;
        source[2 * stride + i] = pressure(times[0], i);
        source[3 * stride + i] = pressure(times[4], i);
      }
  keep_source(slab);
}

/// The integral at the second end, on this rank's block.
void SurfaceObserver::keep_source(const SurfaceSlab& slab) {
  const core::Box box = m_context.decomposition.box();
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(box.points()));
  for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
      for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x)
        values.push_back(slab.fields.back().value[1][slab.layout.at(x, y, z)]);
  m_source.copy_in(0, values.data());
}

void SurfaceObserver::begin(const SurfaceSlab& slab, std::int64_t step) {
  m_started = true;
  m_hot_seam = {};
  for (Level& level : m_levels) {
    const InsideSums inside = look_inside(slab, level);
    level.start_energy = level.inside = inside.current;
    for (int d = 0; d < 3; ++d) m_hot_seam[d] = m_hot_seam[d] || inside.at_seam[d] > 0.0;
    if (m_options.corona) find_corona(slab, level, step);
    describe(level);
  }
}

void SurfaceObserver::find_corona(const SurfaceSlab& slab, Level& level, std::int64_t step) {
  std::vector<double> elements;
  m_finder->find_outside(slab, level.matter, elements, level.corona);
  double sums[] = {level.corona.volume, level.corona.energy, level.corona.elements};
  MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_DOUBLE, MPI_SUM, m_context.comm);
  level.corona.volume = sums[0];
  level.corona.energy = sums[1];
  level.corona.elements = sums[2];
  gather(elements, level, step);
}

InsideSums SurfaceObserver::look_inside(const SurfaceSlab& slab, const Level& level) {
  InsideSums inside;
  m_finder->look_inside(slab, level.matter, inside);
  double sums[] = {inside.current, inside.cells, inside.at_seam[0], inside.at_seam[1], inside.at_seam[2]};
  MPI_Allreduce(MPI_IN_PLACE, sums, 5, MPI_DOUBLE, MPI_SUM, m_context.comm);
  return {sums[0], sums[1], {sums[2], sums[3], sums[4]}};
}

/// Returns the bend of ln e.
double SurfaceObserver::find(const SurfaceSlab& slab, Level& level, std::int64_t step) {
  SurfaceSums found;
  std::vector<double> elements;
  m_finder->find(slab, level.matter, elements, found);
  double sums[] = {found.volume,     found.energy,     found.current,   found.elements,
                   found.at_seam[0], found.at_seam[1], found.at_seam[2]};
  MPI_Allreduce(MPI_IN_PLACE, sums, 7, MPI_DOUBLE, MPI_SUM, m_context.comm);
  MPI_Allreduce(MPI_IN_PLACE, &found.bend, 1, MPI_DOUBLE, MPI_MAX, m_context.comm);
  level.sums.volume += sums[0];
  level.sums.energy += sums[1];
  level.sums.current += sums[2];
  level.sums.elements += sums[3];
  for (int d = 0; d < 3; ++d)
    if (!m_hot_seam[d]) m_at_seam[d] += sums[4 + d];
  m_verdict.note_surface_at_seam(m_at_seam[0] + m_at_seam[1] + m_at_seam[2]);
  const InsideSums inside = look_inside(slab, level);
  level.inside = inside.current;
  level.complete = inside.cells == 0.0;
  gather(elements, level, step);
  describe(level);
  return found.bend;
}

/// Brings the elements of all ranks to rank 0, in the order of the cells.
void SurfaceObserver::gather(const std::vector<double>& elements, Level& level, std::int64_t step) const {
  const std::size_t columns = level.table.columns.size(), row = columns + 1;
  const bool root = m_context.decomposition.rank() == 0;
  const auto ranks = static_cast<std::size_t>(m_context.decomposition.ranks());
  const int count = static_cast<int>(elements.size());
  std::vector<int> counts(root ? ranks : 0), places(counts);
  MPI_Gather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, m_context.comm);
  std::partial_sum(counts.begin(), counts.end(), places.begin());
  const std::size_t total = root ? static_cast<std::size_t>(places.back()) : 0;
  for (std::size_t r = 0; r < places.size(); ++r) places[r] -= counts[r];
  std::vector<double> all(total);
  MPI_Gatherv(elements.data(), count, MPI_DOUBLE, all.data(), counts.data(), places.data(), MPI_DOUBLE, 0,
              m_context.comm);
  if (!root) return;
  std::vector<std::size_t> order(total / row);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all[a * row] < all[b * row]; });
  for (const std::size_t element : order)
    for (std::size_t c = 0; c < columns; ++c) level.table.values[c].push_back(all[element * row + 1 + c]);
  core::surface::ElementSlab slab;
  slab.step = step;
  slab.count = static_cast<std::int64_t>(order.size());
  level.table.slabs.push_back(slab);
}

void SurfaceObserver::describe(Level& level) const {
  static const char* kinds[] = {"cell", "simplex", "quadrature"};
  level.table.attributes = {{"level_energy_density", level.matter.energy_density},
                            {"level_temperature", level.matter.temperature},
                            {"elements", std::string(kinds[static_cast<int>(m_options.elements)])},
                            {"complete", std::int64_t{level.complete}},
                            {"energy_inside", level.inside},
                            {"energy_start", level.start_energy},
                            {"closure", level.closure()},
                            {"volume", level.sums.volume},
                            {"energy", level.sums.energy}};
  if (!m_options.corona) return;
  level.table.attributes["corona_volume"] = level.corona.volume;
  level.table.attributes["corona_energy"] = level.corona.energy;
  level.table.attributes["corona_elements"] = level.corona.elements;
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
    row.insert(row.end(), {level.sums.volume, level.sums.energy, level.sums.elements, level.closure()});
}

std::vector<std::string> SurfaceObserver::lines() const {
  using physics::units::inverse_fm_to_gev;
  std::vector<std::string> lines;
  for (const Level& l : m_levels) {
    lines.push_back(fmt::format(
        "surface at T = {:.4g} GeV: {:.0f} elements, volume {:.7g} fm^3, energy {:.7g} GeV, closure {:.2g}{}",
        inverse_fm_to_gev(l.matter.temperature), l.sums.elements, l.sums.volume, inverse_fm_to_gev(l.sums.energy),
        l.closure(),
        l.complete ? ""
                   : fmt::format("; not complete, {:.4g} GeV of the {:.4g} GeV at the start are inside still",
                                 inverse_fm_to_gev(l.inside), inverse_fm_to_gev(l.start_energy))));
  }
  return lines;
}

core::Attributes SurfaceObserver::checkpoint_numbers() const {
  if (!m_started) return {};
  core::Attributes numbers{{"seen", m_time},
                           {"limit", m_limit},
                           {"hot_seam", std::vector<std::int64_t>(m_hot_seam.begin(), m_hot_seam.end())},
                           {"at_seam", std::vector<double>(m_at_seam.begin(), m_at_seam.end())}};
  for (std::size_t i = 0; i < m_levels.size(); ++i) {
    const Level& l = m_levels[i];
    numbers[fmt::format("level_{}", i)] =
        std::vector<double>{l.sums.volume,  l.sums.energy,        l.sums.current,  l.sums.elements, l.inside,
                            l.start_energy, l.complete ? 1. : 0., l.corona.volume, l.corona.energy, l.corona.elements};
  }
  return numbers;
}

std::vector<core::NamedField> SurfaceObserver::checkpoint_fields() {
  return {{"source", [this](double* values) { m_source.copy_out(0, values); },
           [this](const double* values) { m_source.copy_in(0, values); }}};
}

void SurfaceObserver::restored(const core::Attributes& numbers) {
  m_started = numbers.count("seen") > 0;
  if (!m_started) return;
  m_time = std::get<double>(numbers.at("seen"));
  m_limit = std::get<double>(numbers.at("limit"));
  const auto& hot = std::get<std::vector<std::int64_t>>(numbers.at("hot_seam"));
  const auto& at = std::get<std::vector<double>>(numbers.at("at_seam"));
  for (std::size_t d = 0; d < 3; ++d) {
    m_hot_seam[d] = hot.at(d) != 0;
    m_at_seam[d] = at.at(d);
  }
  for (std::size_t i = 0; i < m_levels.size(); ++i) {
    const auto& saved = std::get<std::vector<double>>(numbers.at(fmt::format("level_{}", i)));
    Level& l = m_levels[i];
    l.sums.volume = saved.at(0);
    l.sums.energy = saved.at(1);
    l.sums.current = saved.at(2);
    l.sums.elements = saved.at(3);
    l.inside = saved.at(4);
    l.start_energy = saved.at(5);
    l.complete = saved.at(6) != 0.0;
    l.corona.volume = saved.at(7);
    l.corona.energy = saved.at(8);
    l.corona.elements = saved.at(9);
    describe(l);
  }
}

}  // namespace ister::solvers
