#pragma once
#include "drivers/bench/bench.hpp"

// The benchmarks of the reusable kernels, one file each.
namespace ister::drivers {

void bench_correlation(const core::Session& session, BenchReport& report);
void bench_volterra(const core::Session& session, BenchReport& report);
void bench_angles(const core::Session& session, BenchReport& report);
void bench_voices(const core::Session& session, BenchReport& report);
void bench_homodyne(const core::Session& session, BenchReport& report);

}  // namespace ister::drivers
