#include "io/initial_formats.hpp"
#include "tests/fuzz/harness.hpp"

// An initial state of another code, for each of the readers.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  const auto file = fuzz::file_of(fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] { io::read_trento(file, 0, 0.2); });
  fuzz::read_or_refuse([&] { io::read_supermc(file, 0.2); });
  fuzz::read_or_refuse([&] { io::read_music_table(file); });
  fuzz::read_or_refuse([&] { io::read_tensor_table(file, 0.2); });
  fuzz::read_or_refuse([&] { io::read_ccake(file); });
  return fuzz::read_or_refuse([&] { io::read_freestream_arrays(file, 0.2); });
}
