#pragma once
#include "core/base/error.hpp"
#include "core/parallel/session.hpp"
#include "drivers/command_line.hpp"

// One function per subcommand; each returns the exit code or throws an Error that is the same on every rank.
namespace ister::drivers {

ExitCode run(const core::Session& session, const RunCommand& command);
ExitCode check(const core::Session& session, const CheckCommand& command);
ExitCode info(const core::Session& session, const InfoCommand& command);
ExitCode bench(const core::Session& session, const BenchCommand& command);

}  // namespace ister::drivers
