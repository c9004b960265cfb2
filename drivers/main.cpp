#include <fmt/format.h>

#include <exception>
#include <new>
#include <type_traits>

#include "core/signals.hpp"
#include "drivers/build_info.hpp"
#include "drivers/commands.hpp"
#include "drivers/launcher.hpp"

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
          if (session.is_root()) fmt::print("{}\n", version_text());
        }
        if constexpr (std::is_same_v<C, HelpCommand>) {
          if (session.is_root()) fmt::print(c.asked_for ? stdout : stderr, "{}", c.text);
          return c.asked_for ? ExitCode::success : ExitCode::bad_input;
        }
        return ExitCode::success;
      },
      command);
}

/// Errors that users can cause reach all ranks alike: one message, and every rank ends by itself. Anything else may
/// have happened on one rank only, while others wait for it: those are ended with it.
int report(const core::Session& session, ExitCode code, const char* message) {
  const bool alike = code != ExitCode::internal;
  if (session.is_root() || !alike) fmt::print(stderr, "ister: {}\n", message);
  if (!alike && session.ranks() > 1) MPI_Abort(session.comm(), static_cast<int>(code));
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  core::mark_signals();
  const core::Session session(argc, argv);
  core::mark_signals();
  try {
    require_same_command(session, argc, argv);
    const Command command = parse_command_line(argc, argv);
    if (!std::holds_alternative<RunCommand>(command)) core::obey_signals();
    return static_cast<int>(execute(session, command));
  } catch (const Error& error) {
    return report(session, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return report(session, ExitCode::internal, "out of memory");
  } catch (const std::exception& error) {
    return report(session, ExitCode::internal, error.what());
  }
}
