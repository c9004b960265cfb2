#include "core/base/error.hpp"
#include "drivers/commands.hpp"
#include "drivers/ensemble/ensemble.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/run/simulation.hpp"

namespace ister::drivers {

ExitCode run(const core::Ranks& ranks, const RunCommand& command) {
  Deck deck = read_deck_everywhere(ranks, command.input, command.overrides);
  Input input = deck.input();
  if (!command.events.empty() && !input.ensemble.active()) {
    deck.overrides.push_back("ensemble.events=" + command.events);
    input = deck.input();
  }
  if (input.ensemble.active()) return Ensemble(ranks, deck, input, command).run();
  if (command.retry_failed) throw InputError("ister run: --retry-failed: " + input.path + " has no ensemble.events");
  Simulation simulation(ranks, std::move(input), command);
  return simulation.prepare() ? simulation.evolve() : ExitCode::success;
}

}  // namespace ister::drivers
