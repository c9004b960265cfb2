#include <fmt/format.h>

#include <random>
#include <sstream>

#include "drivers/eos/eos_rows.hpp"
#include "drivers/run/problem.hpp"
#include "drivers/run/simulation.hpp"
#include "io/atomic_file.hpp"
#include "io/collective.hpp"
#include "io/crc64.hpp"
#include "io/xdmf.hpp"

namespace ister::drivers {
namespace {

/// 16 hexadecimal digits that no other run has.
std::string make_run_id(MPI_Comm comm) {
  std::random_device entropy;
  return core::broadcast_text(comm, fmt::format("{:08x}{:08x}", entropy(), entropy()));
}

}  // namespace

/// Takes the lock, and decides what the run starts from.
void Simulation::choose_start() {
  int occupied = 0;
  std::string owner;  // the run that the files in the folder are of, where they say so
  io::on_rank_zero(m_ranks.comm(), [&] {
    if (!m_command.dry_run) {
      m_files.create_folder();
      m_lock = std::make_unique<io::RunLock>(m_files.lock());
    }
    occupied = static_cast<int>(!m_files.existing().empty());
    owner = io::run_id_of_xdmf(m_files.xdmf());
    if (occupied == 0 || m_command.restart || m_command.overwrite || m_command.dry_run) return;
    throw InputError(
        fmt::format("{} holds files of a run \"{}\": give --restart to go on with it, --overwrite to "
                    "replace it, or another run.output",
                    m_files.folder().string(), m_files.name()));
  });
  MPI_Bcast(&occupied, 1, MPI_INT, 0, m_ranks.comm());
  owner = core::broadcast_text(m_ranks.comm(), owner);
  m_run_id = make_run_id(m_ranks.comm());
  if (!m_command.restart) return;
  if (m_command.checkpoint)
    start_from_file(occupied != 0, owner);
  else if (occupied != 0)
    start_from_newest(owner);
  else
    say(fmt::format("{} holds no files of a run \"{}\": starting afresh", m_files.folder().string(), m_files.name()));
}

void Simulation::start_from_newest(const std::string& owner) {
  io::CheckpointSearch search = io::find_newest_checkpoint(m_ranks.comm(), m_files, owner);
  std::string reasons;
  for (const std::string& reason : search.passed_over) reasons += "\n  " + reason;
  const std::string what = fmt::format("{} holds files of a run \"{}\", but no checkpoint that it can go on from",
                                       m_files.folder().string(), m_files.name());
  if (search.newest) {
    if (!reasons.empty()) warn("not every checkpoint can be used:" + reasons);
    m_foreign = std::move(search.foreign);
    go_on_from(*std::move(search.newest));
  } else if (m_command.overwrite) {
    warn(what + reasons + "\n  --overwrite: starting anew");
  } else {
    throw FileError(what + ": nothing was touched, --overwrite would start anew" + reasons);
  }
}

/// From a checkpoint that was named. Where the folder has no files of the run yet, that is a run of its own, which
/// begins with this state.
void Simulation::start_from_file(bool occupied, const std::string& owner) {
  io::FieldFile checkpoint = io::open_checkpoint(m_ranks.comm(), *m_command.checkpoint);
  const auto id = checkpoint.attribute<std::string>("run_id");
  const bool same_run = occupied && (owner.empty() || owner == id);
  if (occupied && !same_run && !m_command.overwrite)
    throw InputError(
        fmt::format("{} is of another run ({}) than the files of \"{}\" in {} ({}): give another run.output, or "
                    "--overwrite",
                    checkpoint.path().string(), id, m_files.name(), m_files.folder().string(), owner));
  if (same_run)
    go_on_from(std::move(checkpoint));
  else
    take(std::move(checkpoint));
}

/// Accepts a checkpoint of the same problem.
void Simulation::take(io::FieldFile checkpoint) {
  for (const std::string& line : changes_since(checkpoint, m_input, m_digests)) say(line);
  m_checkpoint.emplace(std::move(checkpoint));
}

/// Takes a checkpoint with all that its run has written up to there.
void Simulation::go_on_from(io::FieldFile checkpoint) {
  take(std::move(checkpoint));
  const io::FieldFile& c = *m_checkpoint;
  m_run_id = c.attribute<std::string>("run_id");
  const auto steps = c.attribute<std::vector<std::int64_t>>("snapshot_steps");
  const auto times = c.attribute<std::vector<double>>("snapshot_times");
  const auto fields = c.attribute<std::vector<std::int64_t>>("snapshot_fields");
  if (times.size() != steps.size() || fields.size() != steps.size())
    throw FileError(c.path().string() + ": snapshot_steps, snapshot_times and snapshot_fields differ in length");
  for (std::size_t i = 0; i < steps.size(); ++i) m_snapshots.push_back({steps[i], times[i], fields[i]});
  int in_place = 0;
  io::on_rank_zero(m_ranks.comm(), [&] {
    std::error_code unknown;
    in_place = static_cast<int>(
        std::filesystem::equivalent(c.path(), m_files.checkpoint(c.attribute<std::int64_t>("step")), unknown));
  });
  MPI_Bcast(&in_place, 1, MPI_INT, 0, m_ranks.comm());
  m_checkpoint_in_place = in_place != 0;
}

/// What the checkpoint knows of observers and of their files.
void Simulation::restore_observers() {
  const io::FieldFile& c = *m_checkpoint;
  m_observers->observers.restored(c.attributes());
  if (m_run_id != c.attribute<std::string>("run_id")) {  // the files of the run begin here
    if (m_observers->surface != nullptr)
      warn("the surface file holds what is found from here on; elements of before are in that of the run that " +
           c.path().string() + " is of, while volume, energy and closure are those of both together");
    return;
  }
  const auto crc_of = [](const std::string& text) { return std::strtoull(text.c_str(), nullptr, 16); };
  m_history->restore({c.attribute<std::int64_t>("history_rows"), c.attribute<std::int64_t>("history_bytes"),
                      crc_of(c.attribute<std::string>("history_crc64"))});
  std::vector<io::SeriesMark> marks;
  std::istringstream checksums(c.attribute<std::string>("series_crc64"));
  for (const std::int64_t rows : c.attribute<std::vector<std::int64_t>>("series_rows")) {
    std::string crc;
    checksums >> crc;
    marks.push_back({rows, crc_of(crc)});
  }
  m_series.restore(std::move(marks));
  if (m_observers->surface == nullptr) return;
  std::vector<io::SurfaceMark> surfaces;
  std::istringstream texts(c.attribute<std::string>("surface_crc64"));
  for (const std::int64_t batches : c.attribute<std::vector<std::int64_t>>("surface_batches")) {
    std::string crc;
    texts >> crc;
    surfaces.push_back({batches, crc_of(crc)});
  }
  m_surface.restore(std::move(surfaces));
}

/// Whether there is nothing left to do for the checkpoint that was chosen.
bool Simulation::is_finished() const {
  const auto time = m_checkpoint->attribute<double>("time");
  const double stop = m_input.solver.time.stop_temperature;
  if (stop > 0.0 && m_checkpoint->attribute<double>("highest_temperature") <= stop) {
    say(fmt::format("the run is finished: in {} nothing is hotter than time.stop_temperature; nothing was touched",
                    m_checkpoint->path().string()));
    return true;
  }
  if (m_checkpoint->attributes().count("surface_frozen") > 0 &&
      m_checkpoint->attribute<std::int64_t>("surface_frozen") != 0) {
    say(fmt::format("the run is finished: in {} nothing is above the lowest surface; nothing was touched",
                    m_checkpoint->path().string()));
    return true;
  }
  if (time < m_input.solver.time.end) return false;
  say(fmt::format("the run is finished: {} is at time {:.6g} fm, and time.end = {:.6g}; nothing was touched",
                  m_checkpoint->path().string(), time, m_input.solver.time.end));
  return true;
}

/// Everything that can be wrong with the files of the run, before any of them is touched.
void Simulation::check_files() const {
  io::on_rank_zero(m_ranks.comm(), [&] {
    if (m_checkpoint) m_history->verify();
    if (m_checkpoint) m_series.verify(m_observers->series);
    if (m_checkpoint && m_observers->surface != nullptr) m_surface.verify(m_observers->surface->tables());
    if (m_command.dry_run) return;
    for (const auto& path :
         {m_files.history(), m_files.observers(), m_files.surface(), m_files.eos(), m_files.xdmf(), m_files.profile()})
      io::AtomicFile::require_writable(path);
  });
}

/// The files of a run that begins. The first checkpoint and then the XDMF file say so; the rest can be made again.
void Simulation::begin_files() {
  m_checkpoint.reset();
  if (!m_checkpoint_in_place) write_checkpoint(false);
  write_xdmf();
  io::on_rank_zero(m_ranks.comm(), [&] {
    std::vector<std::filesystem::path> kept = m_foreign;
    kept.push_back(m_files.checkpoint(m_system->step_count()));
    kept.push_back(m_files.xdmf());
    if (!m_surface.marks().empty()) kept.push_back(m_files.surface());
    m_files.remove_all_but(kept);
    io::write_text_file(m_files.eos(), eos_csv(m_fluid, m_input));
  });
  m_observers->observers.look({m_system->step_count(), m_system->time(), true, false});
}

/// The files of a run that goes on: what is later than its checkpoint is dropped, and will be written again.
void Simulation::resume_files() {
  m_checkpoint.reset();
  if (!m_checkpoint_in_place) write_checkpoint(false);
  const core::Attributes attributes = common_attributes();
  io::on_rank_zero(m_ranks.comm(), [&] {
    m_files.remove_after(m_system->step_count(), m_foreign);
    if (m_input.history.every_steps > 0 || m_history->mark().bytes > 0) m_history->rewind();
    if (!m_observers->series.empty()) m_series.rewind(m_observers->series);
    if (m_observers->surface != nullptr) m_surface.rewind(m_observers->surface->tables(), attributes);
    if (!std::filesystem::exists(m_files.eos())) io::write_text_file(m_files.eos(), eos_csv(m_fluid, m_input));
  });
  write_xdmf();
}

}  // namespace ister::drivers
