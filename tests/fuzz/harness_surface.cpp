#include "io/surface_file.hpp"
#include "tests/fuzz/harness.hpp"

// A file of surfaces, as restarts and analyses read it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] { (void)io::read_surface_file(fuzz::file_of(fuzz::text_of(data, size))); });
}
