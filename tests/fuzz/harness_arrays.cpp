#include "drivers/analyze/two_time_file.hpp"
#include "tests/fuzz/harness.hpp"

// A file of arrays of any program: all that it holds, and as two-time correlations.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  const auto path = fuzz::file_of(fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] {
    const io::ArrayFile file(path);
    (void)file.attributes();
    for (const std::string& name : file.names()) {
      (void)file.units(name);
      (void)file.read(name);
    }
  });
  return fuzz::read_or_refuse([&] { (void)drivers::read_two_time(io::ArrayFile(path), 0, 1, true); });
}
