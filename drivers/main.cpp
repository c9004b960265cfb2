#include <fmt/format.h>

#include <exception>
#include <new>
#include <type_traits>

#include "core/parallel/process_memory.hpp"
#include "core/parallel/signals.hpp"
#include "drivers/build_info.hpp"
#include "drivers/commands.hpp"
#include "drivers/machine/instruction_set.hpp"
#include "drivers/machine/launcher.hpp"
#include "drivers/print.hpp"

namespace {

using namespace ister;
using namespace ister::drivers;

ExitCode execute(const core::Session& session, const Command& command) {
  return std::visit(
      [&](const auto& c) -> ExitCode {
        using C = std::decay_t<decltype(c)>;
        if constexpr (std::is_same_v<C, RunCommand>) return run(session, c);
        if constexpr (std::is_same_v<C, CheckCommand>) return check(session, c);
        if constexpr (std::is_same_v<C, InfoCommand>) return info(session, c);
        if constexpr (std::is_same_v<C, BenchCommand>) return bench(session, c);
        if constexpr (std::is_same_v<C, AnalyzeCommand>) return c.execute(session);
        if constexpr (std::is_same_v<C, VersionCommand>) {
          if (session.is_root()) print_out("{}\n", version_text());
        }
        if constexpr (std::is_same_v<C, HelpCommand>) {
          if (session.is_root()) (c.asked_for ? write_standard_output : write_standard_error)(c.text);
          return c.asked_for ? ExitCode::success : ExitCode::bad_input;
        }
        return ExitCode::success;
      },
      command);
}

/// Errors that users can cause reach all ranks alike: one message, and every rank ends by itself. Anything else may
/// have happened on one rank only, while others wait for it: those are ended with it.
int report(const core::Session& session, ExitCode code, const char* message, bool alike) {
  if (session.is_root() || !alike) print_error("ister: {}\n", message);
  if (!alike && session.ranks() > 1) MPI_Abort(session.comm(), static_cast<int>(code));
  return static_cast<int>(code);
}

/// What the loader calls first of all.
[[gnu::section(".preinit_array"), gnu::used]] void (*const before_all_initialisers)() = require_instructions;

}  // namespace

int main(int argc, char** argv) {
  core::mark_signals();
  open_standard_streams();
  const core::Session session(argc, argv);
  core::mark_signals();
  try {
    require_same_command(session, argc, argv);
    const Command command = parse_command_line(argc, argv);
    if (!std::holds_alternative<RunCommand>(command)) core::obey_signals();
    const ExitCode code = execute(session, command);
    if (code != ExitCode::stopped_early) require_printed(session);  // resubmitting comes first
    return static_cast<int>(code);
  } catch (const AgreedError& error) {
    return report(session, error.code(), error.what(), true);
  } catch (const Error& error) {
    return report(session, error.code(), error.what(), error.code() != ExitCode::internal);
  } catch (const std::bad_alloc&) {
    return report(session, ExitCode::internal, core::out_of_memory_message().c_str(), false);
  } catch (const std::exception& error) {
    return report(session, ExitCode::internal, error.what(), false);
  }
}
