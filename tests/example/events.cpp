// Events of a deck: three one after another on all ranks, then two at once, each on half of them.
//   mpirun -n 2 events DECK        writes out/event_<number>/
#include <fmt/format.h>

#include <algorithm>

#include "core/parallel/communicator.hpp"
#include "core/parallel/session.hpp"
#include "core/parallel/signals.hpp"
#include "drivers/commands.hpp"

namespace {

using namespace ister;

/// As ister run DECK --set run.name=event_<number> --set initial.amplitude=<number + 1>; one that fails is reported and
/// does not stop the others.
ExitCode run_event(const core::Ranks& ranks, const char* deck, int number) {
  drivers::RunCommand command;
  command.input = deck;
  command.overrides = {fmt::format("run.name=event_{}", number), fmt::format("initial.amplitude={}", number + 1)};
  try {
    return drivers::run(ranks, command);
  } catch (const Error& error) {
    if (ranks.is_root()) fmt::print(stderr, "event {}: {}\n", number, error.what());
    return error.code();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const core::Session session(argc, argv);
  core::mark_signals();  // SIGTERM and the like: a checkpoint, and the end
  const core::Ranks world = session.world();
  if (argc != 2) return static_cast<int>(ExitCode::bad_input);
  ExitCode worst = ExitCode::success;
  for (const int number : {0, 1, 2}) worst = std::max(worst, run_event(world, argv[1], number));
  const int part = 2 * world.rank() / world.count();
  const auto half = core::Communicator::part_of(world.comm(), part);
  worst = std::max(worst, run_event(core::Ranks(half.comm()), argv[1], 3 + part));
  return static_cast<int>(worst);
}
