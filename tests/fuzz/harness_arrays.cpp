#include "drivers/analyze/two_time_file.hpp"
#include "tests/fuzz/harness.hpp"

// A file of arrays of any program: all that it holds, and as two-time correlations.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] {
    const io::ArrayFile file(fuzz::file_of(fuzz::text_of(data, size)));
    fuzz::read_or_refuse([&] { (void)file.attributes(); });
    for (const std::string& name : file.names()) {
      fuzz::read_or_refuse([&] { (void)file.units(name); });
      fuzz::read_or_refuse([&] { (void)file.read(name); });
    }
    (void)drivers::read_two_time(file, 0, 1, true);
  });
}
