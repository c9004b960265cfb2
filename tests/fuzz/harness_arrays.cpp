#include "drivers/analyze/two_time_file.hpp"
#include "io/crc64.hpp"
#include "tests/fuzz/harness.hpp"

// A file of arrays of any program: all that it holds, or what is taken for two-time correlations.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] {
    const io::ArrayFile file(fuzz::file_of(fuzz::text_of(data, size)));
    if (io::crc64(data, size) % 2 == 0) {
      drivers::TwoTimeChoice choice;
      choice.diagonal = true;
      return (void)drivers::read_two_time(file, drivers::two_time_layout(file), choice);
    }
    (void)file.attributes();
    for (const std::string& name : file.names()) {
      (void)file.units(name);
      (void)file.read(name);
    }
  });
}
