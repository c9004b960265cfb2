#include "io/initial_formats.hpp"
#include "tests/fuzz/harness.hpp"

// An event, as text or HDF5.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] { io::read_trento(fuzz::file_of(fuzz::text_of(data, size)), 0, 0.2); });
}
