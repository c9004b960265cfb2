#include "drivers/machine/launcher.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "core/base/content_hash.hpp"
#include "core/base/error.hpp"
#include "drivers/build_info.hpp"
#include "drivers/same_everywhere.hpp"

namespace ister::drivers {
namespace {

/// How many ranks a variable of the environment speaks of; 0 where it does not.
long number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

/// Within a job of Slurm the number of tasks is that of this process only where srun started it: SLURM_NTASKS alone
/// also stands in the environment of the batch script itself.
const char* slurm_variable() {
  if (number_in("SLURM_STEP_NUM_TASKS") > 0) return "SLURM_STEP_NUM_TASKS";
  return std::getenv("SLURM_STEP_ID") != nullptr ? "SLURM_NTASKS" : nullptr;
}

/// The variable in which the launcher that started this process says how many ranks there are; nullptr: none does.
const char* launcher_variable() {
  for (const char* variable : {"OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (number_in(variable) > 0) return variable;
  return slurm_variable();
}

}  // namespace

void require_same_command(const core::Ranks& ranks, int argc, const char* const* argv) {
  core::ContentHash hash;
  hash.add(std::string_view(version_text()));
  for (int i = 1; i < argc; ++i) hash.add(std::string_view(argv[i]));
  if (!same_everywhere(ranks.comm(), hash.digest()))
    throw InputError(
        "the ranks were started with different arguments, or are different builds: all must be the same program, "
        "called in the same way");
}

void require_whole_world(const core::Ranks& ranks) {
  const char* variable = launcher_variable();
  if (ranks.count() > 1 || variable == nullptr || number_in(variable) <= 1) return;
  throw InputError(fmt::format(
      "this process is alone, but its launcher started {} ranks ({} = {}): the launcher does not belong to the MPI "
      "that ister was built with, and every rank would be a run of its own. Start it by the mpirun of that MPI, or by "
      "srun --mpi=pmix",
      number_in(variable), variable, std::getenv(variable)));
}

}  // namespace ister::drivers
