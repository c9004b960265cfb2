#include "io/checkpoint.hpp"

#include <algorithm>

#include "core/base/damaged_file.hpp"
#include "io/collective.hpp"

namespace ister::io {

CheckpointSearch find_newest_checkpoint(MPI_Comm comm, const RunFiles& files, const std::string& run_id) {
  std::vector<std::int64_t> steps;
  on_rank_zero(comm, [&] { steps = files.checkpoint_steps(); });
  auto count = static_cast<int>(steps.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  steps.resize(static_cast<std::size_t>(count));
  MPI_Bcast(steps.data(), count, MPI_INT64_T, 0, comm);

  CheckpointSearch result;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const std::filesystem::path path = files.checkpoint(*step);
    try {
      FieldFile checkpoint = open_checkpoint(comm, path);
      const auto id = checkpoint.attribute<std::string>("run_id");
      if (run_id.empty() || id == run_id) {
        result.newest.emplace(std::move(checkpoint));
        break;
      }
      result.foreign.push_back(path);
      result.passed_over.push_back(path.string() + ": is of another run (" + id + ") than the files beside it (" +
                                   run_id + "), and left alone");
    } catch (const DamagedFile& error) {
      result.passed_over.emplace_back(error.what());
    }
  }
  return result;
}

void prune_checkpoints(MPI_Comm comm, const RunFiles& files, std::int64_t step, int keep) {
  on_rank_zero(comm, [&] {
    auto steps = files.checkpoint_steps();
    steps.erase(std::upper_bound(steps.begin(), steps.end(), step), steps.end());
    const auto kept = static_cast<std::size_t>(std::max(keep, 1));
    for (std::size_t i = 0; i + kept < steps.size(); ++i) remove_file(files.checkpoint(steps[i]));
  });
}

}  // namespace ister::io
