#include "drivers/bench/compare.hpp"
#include "drivers/machine/thresholds.hpp"
#include "io/crc64.hpp"
#include "tests/fuzz/harness.hpp"

// A file of thresholds or of timings.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  const auto file = fuzz::file_of(fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] { (void)drivers::read_thresholds(file); });
  return fuzz::read_or_refuse([&] {
    const drivers::BenchResults results = drivers::read_bench_results(file);
    if (io::crc64(data, size) % 64 == 0)  // it draws thousands of samples
      (void)drivers::comparison_report(results, results, drivers::compare(results, results));
  });
}
