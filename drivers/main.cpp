#include <fmt/format.h>

#include <exception>
#include <new>
#include <variant>

#include "core/parallel/process_memory.hpp"
#include "core/parallel/session.hpp"
#include "core/parallel/signals.hpp"
#include "drivers/build_info.hpp"
#include "drivers/commands.hpp"
#include "drivers/machine/instruction_set.hpp"
#include "drivers/machine/launcher.hpp"
#include "drivers/print.hpp"

namespace {

using namespace ister;
using namespace ister::drivers;

/// What a command does.
struct Commands {
  const core::Ranks ranks;

  ExitCode operator()(const RunCommand& c) const {
    core::ignore_broken_pipes();
    require_whole_world(ranks);
    return run(ranks, c);
  }
  ExitCode operator()(const CheckCommand& c) const { return check(ranks, c); }
  ExitCode operator()(const InfoCommand& c) const { return info(ranks, c); }
  ExitCode operator()(const ModesCommand& c) const { return modes(ranks, c); }
  ExitCode operator()(const EosCommand& c) const { return eos(ranks, c); }
  ExitCode operator()(const BenchCommand& c) const { return bench(ranks, c); }
  ExitCode operator()(const AnalyzeCommand& c) const { return c.execute(ranks); }
  ExitCode operator()(const VersionCommand&) const {
    if (ranks.is_root()) print_out("{}\n", version_text());
    return ExitCode::success;
  }
  ExitCode operator()(const HelpCommand& c) const {
    if (ranks.is_root()) (c.asked_for ? write_standard_output : write_standard_error)(c.text);
    return c.asked_for ? ExitCode::success : ExitCode::bad_input;
  }
};

/// Errors that users can cause reach all ranks alike: one message, and every rank ends by itself. Anything else may
/// have happened on one rank only, while others wait for it: those are ended with it.
int report(const core::Ranks& ranks, ExitCode code, const char* message, bool alike) {
  if (ranks.is_root() || !alike) print_error("ister: {}\n", message);
  if (!alike && ranks.count() > 1) MPI_Abort(ranks.comm(), static_cast<int>(code));
  return static_cast<int>(code);
}

int execute(const core::Ranks& world, int argc, char** argv) {
  try {
    require_same_command(world, argc, argv);
    const Command command = parse_command_line(argc, argv);
    if (!std::holds_alternative<RunCommand>(command)) core::obey_signals();
    const ExitCode code = std::visit(Commands{world}, command);
    if (code != ExitCode::stopped_early) require_printed(world);  // resubmitting comes first
    return static_cast<int>(code);
  } catch (const AgreedError& error) {
    return report(world, error.code(), error.what(), true);
  } catch (const Error& error) {
    return report(world, error.code(), error.what(), error.code() != ExitCode::internal);
  } catch (const std::bad_alloc&) {
    return report(world, ExitCode::internal, core::out_of_memory_message().c_str(), false);
  } catch (const std::exception& error) {
    return report(world, ExitCode::internal, error.what(), false);
  }
}

/// What the loader calls first of all.
[[gnu::section(".preinit_array"), gnu::used]] void (*const before_all_initialisers)() = require_instructions;

}  // namespace

int main(int argc, char** argv) {
  core::mark_signals();
  open_standard_streams();
  try {
    const core::Session session(argc, argv);
    core::mark_signals();
    return execute(session.world(), argc, argv);
  } catch (const AgreedError& error) {  // a rank has no GPU
    const int code = report(core::Ranks(MPI_COMM_WORLD), error.code(), error.what(), true);
    MPI_Finalize();
    return code;
  }
}
