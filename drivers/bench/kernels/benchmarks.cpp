#include "drivers/bench/kernels/benchmarks.hpp"

namespace ister::drivers {

std::vector<Benchmark> kernel_benchmarks() {
  return {{"kernels/correlation", bench_correlation},
          {"kernels/volterra", bench_volterra},
          {"kernels/angles", bench_angles},
          {"kernels/voices", bench_voices},
          {"kernels/homodyne", bench_homodyne}};
}

}  // namespace ister::drivers
