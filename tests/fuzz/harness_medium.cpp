#include "drivers/analyze/medium_formats.hpp"
#include "tests/fuzz/harness.hpp"

// A file of observers, as the formats of other codes are made from it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] {
    const drivers::Medium medium = drivers::read_medium(fuzz::file_of(fuzz::text_of(data, size)));
    (void)drivers::as_music(medium, 1.0, "medium.dat");
    (void)drivers::as_hydroinfo(medium, "medium.h5");
  });
}
