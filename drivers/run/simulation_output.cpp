#include <algorithm>
#include <utility>

#include "drivers/build_info.hpp"
#include "drivers/run/problem.hpp"
#include "drivers/run/simulation.hpp"
#include "io/collective.hpp"
#include "io/crc64.hpp"
#include "io/state_file.hpp"
#include "io/xdmf.hpp"
#include "solvers/output_fields.hpp"

namespace ister::drivers {
namespace {

/// The names of the fields that the bits of Snapshot::fields stand for.
std::vector<std::string> names_of(std::int64_t fields) {
  const std::vector<std::string>& all = solvers::output_field_names();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i)
    if ((fields >> i & 1) != 0) names.push_back(all[i]);
  return names;
}

std::int64_t bits_of(const std::vector<std::string>& names) {
  const std::vector<std::string>& all = solvers::output_field_names();
  std::int64_t fields = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::find(names.begin(), names.end(), all[i]) != names.end()) fields |= std::int64_t{1} << i;
  return fields;
}

/// What state files say of their fields and coordinates.
io::Legend legend(physics::Geometry geometry, double time) {
  const bool milne = geometry == physics::Geometry::milne;
  io::Legend said{{"x", "y", milne ? "eta" : "z"}, time, {}};
  for (const char* axis : {"x", "y", "z", "time"}) said.labels[axis] = {"fm", axis};
  if (milne) said.labels["time"] = {"fm", "proper time tau"};
  said.labels["eta"] = {"1", "space-time rapidity eta"};
  const std::vector<std::string>& names = solvers::output_field_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const solvers::FieldLabel label = solvers::output_field_label(static_cast<int>(i));
    said.labels[names[i]] = {label.units, label.long_name};
  }
  return said;
}

}  // namespace

/// What watches the run, the run itself last: rows of the history, then snapshots.
void Simulation::add_observers() {
  const int every = m_input.history.every_steps;
  const auto ends = [this] { return is_condemned(); };
  solvers::Observers& observers = m_observers->observers;
  observers.add(std::make_unique<CallingObserver>(
      "history",
      [every, ends](const solvers::Moment& m) { return every > 0 && (m.step % every == 0 || m.last || ends()); },
      [this] { write_history(); }));
  observers.add(std::make_unique<CallingObserver>(
      "states", [ends](const solvers::Moment& m) { return m.output || ends(); }, [this] { write_state(); }));
  std::vector<std::string> columns{"step", "time", "dt"};
  for (std::string& column : observers.columns()) columns.push_back(std::move(column));
  m_history.emplace(m_files.history(), columns);
}

void Simulation::write_history() {
  const core::Profiler::Region region(&m_profiler, "history");
  std::vector<double> row{static_cast<double>(m_system->step_count()), m_system->time(), m_system->last_dt()};
  const std::vector<double> values = m_observers->observers.row();
  row.insert(row.end(), values.begin(), values.end());
  io::on_rank_zero(m_ranks.comm(), [&] { m_history->append(row); });
}

/// Passes what observers saw on to their file, before a checkpoint counts on it.
void Simulation::write_series() {
  if (m_observers->series.empty()) return;
  io::on_rank_zero(m_ranks.comm(), [&] { m_series.append(m_observers->series); });
}

/// The same for the elements of surfaces, from the first state on.
void Simulation::write_surface() {
  if (m_observers->surface == nullptr || !m_observers->surface->started()) return;
  const core::Attributes attributes = common_attributes();
  io::on_rank_zero(m_ranks.comm(), [&] { m_surface.append(m_observers->surface->tables(), attributes); });
}

core::Attributes Simulation::common_attributes() const {
  const core::Grid& grid = m_input.grid;
  const auto n = static_cast<std::size_t>(grid.dimensions);
  core::Attributes attributes = m_observers->verdict->verdicts().attributes();
  attributes.insert(
      {{"time", m_system->time()},
       {"step", m_system->step_count()},
       {"geometry", std::string(m_input.solver.geometry == physics::Geometry::milne ? "milne" : "minkowski")},
       {"units", std::string("natural")},
       {"points", std::vector<std::int64_t>(grid.points.begin(), grid.points.begin() + n)},
       {"lower", std::vector<double>(grid.lower.begin(), grid.lower.begin() + n)},
       {"upper", std::vector<double>(grid.upper.begin(), grid.upper.begin() + n)},
       {"input", m_input.resolved_toml},
       {"build", version_text()}});
  return attributes;
}

void Simulation::write_state() {
  const core::Profiler::Region region(&m_profiler, "output");
  const std::int64_t step = m_system->step_count();
  std::vector<core::NamedField> fields;
  for (core::NamedField& field : m_system->state_fields())
    for (const std::string& wanted : m_input.output.fields)
      if (field.name == wanted) fields.push_back(std::move(field));
  io::write_state(m_ranks.comm(), m_files.state(step), m_decomposition, common_attributes(), fields,
                  legend(m_input.solver.geometry, m_system->time()));
  m_last_output = Clock::now();
  m_snapshots.push_back({step, m_system->time(), bits_of(m_input.output.fields)});
  write_xdmf();
}

/// Writes the snapshot that is due within the next step, which bears the number of the step that it follows; returns
/// where the next step ends at the latest. Where a second snapshot of that number would be due the step ends there:
/// outputs closer than steps shorten these, none is lost.
double Simulation::write_state_before(double end) {
  const double now = m_system->time(), next = std::min(end, m_system->next_time());
  const double due = m_output.next_time(now), rounding = 1e-9 * (next - now);
  const bool within = due < next - rounding;
  const bool taken = !m_snapshots.empty() && m_snapshots.back().step == m_system->step_count();
  const bool written = !m_snapshots.empty() && m_snapshots.back().time > due - rounding;
  if (!within || written) return end;
  if (taken) return due;
  m_system->visit(due, [this] { write_state(); });
  const double second = m_output.next_time(due);
  return second < next - rounding ? second : end;
}

/// Shows the medium the states that it wants to see within the next step, which ends at `end` at the latest.
void Simulation::look_before(double end) {
  solvers::MediumObserver* medium = m_observers->medium;
  if (medium == nullptr) return;
  const double now = m_system->time(), next = std::min(end, m_system->next_time());
  bool met = true;
  while (met && medium->next_time() < next - 1e-9 * (next - now)) {
    const solvers::Moment moment{m_system->step_count(), medium->next_time()};
    met = m_system->visit(moment.time, [&] { medium->observe({moment, m_system->primitives()}); });
  }
}

/// Snapshots may have been moved away meanwhile.
void Simulation::write_xdmf() const {
  io::on_rank_zero(m_ranks.comm(), [&] {
    const auto there = m_files.state_steps();
    std::vector<io::Snapshot> snapshots;
    for (const Snapshot& s : m_snapshots)
      if (std::binary_search(there.begin(), there.end(), s.step))
        snapshots.push_back({m_files.state(s.step).filename().string(), s.time, names_of(s.fields)});
    io::write_xdmf(m_files.xdmf(), m_input.grid, snapshots, io::state_format.group, m_run_id,
                   {{"u", {"ux", "uy", "uz"}}, {"T0i", {"T0x", "T0y", "T0z"}}});
  });
}

std::vector<core::NamedField> Simulation::checkpoint_fields() {
  std::vector<core::NamedField> fields = m_system->checkpoint_fields();
  for (core::NamedField& field : m_observers->observers.checkpoint_fields()) fields.push_back(std::move(field));
  return fields;
}

void Simulation::write_checkpoint(bool finished) {
  const core::Profiler::Region region(&m_profiler, "checkpoint");
  core::Attributes attributes = common_attributes();
  for (const auto& numbers : {m_system->checkpoint_numbers(), m_observers->observers.checkpoint_numbers()})
    attributes.insert(numbers.begin(), numbers.end());
  write_series();
  write_surface();
  std::vector<std::int64_t> steps, fields;
  std::vector<double> times;
  for (const Snapshot& s : m_snapshots) {
    steps.push_back(s.step);
    times.push_back(s.time);
    fields.push_back(s.fields);
  }
  attributes["run_id"] = m_run_id;
  attributes["finished"] = std::int64_t{finished};
  attributes["highest_temperature"] = m_system->highest_temperature();
  attributes["digests"] = digest_text(m_digests);
  attributes["snapshot_steps"] = steps;
  attributes["snapshot_times"] = times;
  attributes["snapshot_fields"] = fields;
  attributes["history_rows"] = m_history->mark().rows;
  attributes["history_bytes"] = m_history->mark().bytes;
  attributes["history_crc64"] = io::crc64_text(m_history->mark().crc);
  attributes["fftw_wisdom"] = m_ranks.is_root() ? m_plans : std::string();
  std::vector<std::int64_t> series_rows;
  std::string series_crc;
  for (const io::SeriesMark& mark : m_series.marks()) {
    series_rows.push_back(mark.rows);
    series_crc += io::crc64_text(mark.crc) + '\n';
  }
  attributes["series_rows"] = series_rows;
  attributes["series_crc64"] = series_crc;
  if (m_observers->surface != nullptr) {
    std::vector<std::int64_t> batches;
    std::string checksums;
    for (const io::SurfaceMark& mark : m_surface.marks()) {
      batches.push_back(mark.batches);
      checksums += io::crc64_text(mark.crc) + '\n';
    }
    attributes["surface_batches"] = batches;
    attributes["surface_crc64"] = checksums;
    attributes["surface_frozen"] = std::int64_t{is_frozen()};
  }
  io::on_rank_zero(m_ranks.comm(), [&] { m_history->sync(); });
  const std::int64_t step = m_system->step_count();
  io::write_checkpoint(m_ranks.comm(), m_files.checkpoint(step), m_decomposition, attributes, checkpoint_fields());
  io::prune_checkpoints(m_ranks.comm(), m_files, step, m_input.checkpoint.keep);
  m_last_checkpoint = Clock::now();
}

}  // namespace ister::drivers
