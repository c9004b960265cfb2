#pragma once
#include "core/base/error.hpp"
#include "core/parallel/ranks.hpp"
#include "drivers/command_line.hpp"

// One function per subcommand; each returns the exit code or throws an Error that is the same on every rank.
namespace ister::drivers {

/// Also for other programs: on the ranks of any communicator, beside others or one after another. Prints how far it is;
/// stops early where a rank has a core::pending_signal(). Collective, as all of these.
ExitCode run(const core::Ranks& ranks, const RunCommand& command);
ExitCode check(const core::Ranks& ranks, const CheckCommand& command);
ExitCode info(const core::Ranks& ranks, const InfoCommand& command);
ExitCode modes(const core::Ranks& ranks, const ModesCommand& command);
ExitCode eos(const core::Ranks& ranks, const EosCommand& command);
ExitCode bench(const core::Ranks& ranks, const BenchCommand& command);

}  // namespace ister::drivers
