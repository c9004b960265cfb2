#pragma once
#include "drivers/bench/bench.hpp"

// The benchmarks of the reusable kernels, one file each.
namespace ister::drivers {

void bench_correlation(const core::Ranks& ranks, BenchReport& report);
void bench_volterra(const core::Ranks& ranks, BenchReport& report);
void bench_angles(const core::Ranks& ranks, BenchReport& report);
void bench_voices(const core::Ranks& ranks, BenchReport& report);
void bench_homodyne(const core::Ranks& ranks, BenchReport& report);

}  // namespace ister::drivers
