#pragma once
#include <CLI/CLI.hpp>

#include "drivers/command_line.hpp"

// What stands below `ister analyze` and `ister bench`. Parsing sets `command` to the one that is chosen.
namespace ister::drivers {

/// All of `ister analyze`; in a build without the kernels a refusal.
void add_analyses(CLI::App& analyze, AnalyzeCommand& command);

void add_bench_compare(CLI::App& bench, AnalyzeCommand& command);
void add_bench_history(CLI::App& bench, AnalyzeCommand& command);
/// Nothing in a build without the kernels.
void add_bench_tune(CLI::App& bench, AnalyzeCommand& command);

}  // namespace ister::drivers
