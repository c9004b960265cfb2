#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/bench/bench.hpp"
#include "drivers/bench/problem.hpp"
#include "io/checkpoint.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {
namespace {

/// This rank's share of a file, written at once and synced.
void write_plainly(const std::filesystem::path& path, const std::vector<double>& values, std::int64_t offset) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
  const char* bytes = reinterpret_cast<const char*>(values.data());
  const auto size = static_cast<std::int64_t>(values.size() * sizeof(double));
  bool good = file >= 0;
  for (std::int64_t done = 0; good && done < size;) {
    const ssize_t written = pwrite(file, bytes + done, static_cast<std::size_t>(size - done), offset + done);
    good = written > 0;
    done += written;
  }
  good = good && fsync(file) == 0;
  if (file >= 0) close(file);
  if (!good) throw FileError(path.string() + " cannot be written");
}

}  // namespace

void bench_checkpoint(const core::Ranks& ranks, int size, BenchReport& report) {
  const MPI_Comm comm = ranks.comm();
  const core::Decomposition decomposition(CubeProblem::cube(size), ranks.count(), ranks.rank());
  const solvers::SolverOptions options = CubeProblem::options();
  core::ArrayPool pool;
  solvers::HydroSystem system(comm, decomposition, pool, physics::FluidModel(options.eos, options.transport), options,
                              1.0);
  const std::vector<core::NamedField> fields = system.checkpoint_fields();
  int number = static_cast<int>(getpid());  // one name for all ranks
  MPI_Bcast(&number, 1, MPI_INT, 0, comm);
  const auto folder = std::filesystem::temp_directory_path();
  const auto path = folder / fmt::format("ister_bench_{}.h5", number),
             plain = folder / fmt::format("ister_bench_{}.raw", number);

  const std::vector<double> values(fields.size() * static_cast<std::size_t>(decomposition.box().points()), 1.0);
  std::int64_t mine = static_cast<std::int64_t>(values.size() * sizeof(double)), offset = 0;
  MPI_Exscan(&mine, &offset, 1, MPI_INT64_T, MPI_SUM, comm);
  if (ranks.is_root()) offset = 0;
  const auto remove = [&](const std::filesystem::path& file) {
    MPI_Barrier(comm);
    if (ranks.is_root()) std::filesystem::remove(file);
    MPI_Barrier(comm);
  };
  // Both start without a file; removing it is part of the time of both.
  const std::vector<Timing> timings =
      report.time_in_turn(5, {{"checkpoint",
                               [&] {
                                 io::write_checkpoint(comm, path, decomposition, {}, fields);
                                 remove(path);
                               }},
                              {"plain write", [&] {
                                 core::collectively(comm, [&] { write_plainly(plain, values, offset); });
                                 remove(plain);
                               }}});
  for (const Timing& timing : timings) report.add(timing);
  const double bytes =
      static_cast<double>(fields.size()) * 8.0 * static_cast<double>(decomposition.grid().total_points());
  const auto rate = [&](const Timing& timing) { return bytes / timing.best() / 1e9; };
  report.add({fmt::format("checkpoint/{}", size), rate(timings[0]) / rate(timings[1]), "x",
              fmt::format("{:.2f} GB/s against {:.2f} of write and sync in {}", rate(timings[0]), rate(timings[1]),
                          folder.string()),
              Target{0.8, 0.95, {}, true}});
}

}  // namespace ister::drivers
