#pragma once
#include "drivers/analysis.hpp"

// The subcommands of `ister analyze`, one file each. They work on rank 0 with all of its threads.
namespace ister::drivers {

void add_compare(CLI::App& analyze, AnalyzeCommand& command);
void add_spectrum(CLI::App& analyze, AnalyzeCommand& command);
void add_correlate(CLI::App& analyze, AnalyzeCommand& command);
void add_g2(CLI::App& analyze, AnalyzeCommand& command);
void add_volterra(CLI::App& analyze, AnalyzeCommand& command);
void add_angles(CLI::App& analyze, AnalyzeCommand& command);
void add_probes(CLI::App& analyze, AnalyzeCommand& command);
void add_sonify(CLI::App& analyze, AnalyzeCommand& command);
void add_fit(CLI::App& analyze, AnalyzeCommand& command);
void add_surface(CLI::App& analyze, AnalyzeCommand& command);
void add_particles(CLI::App& analyze, AnalyzeCommand& command);
void add_ensemble(CLI::App& analyze, AnalyzeCommand& command);
void add_medium(CLI::App& analyze, AnalyzeCommand& command);

}  // namespace ister::drivers
