#include "core/base/error.hpp"
#include "drivers/bench/bench.hpp"
#include "drivers/subcommands.hpp"

// What a build without the kernels has in place of what uses them.
namespace ister::drivers {

void add_analyses(CLI::App& analyze, AnalyzeCommand& command) {
  analyze.footer("This build has no analyses: they come with -DISTER_ANALYSIS=ON.");
  analyze.allow_extras();
  analyze.callback([&command] {
    command.execute = [](const core::Ranks&) -> ExitCode {
      throw InputError("ister analyze: this build has no analyses; configure it with -DISTER_ANALYSIS=ON");
    };
  });
}

void add_bench_tune(CLI::App&, AnalyzeCommand&) {}

std::vector<Benchmark> kernel_benchmarks() { return {}; }

}  // namespace ister::drivers
