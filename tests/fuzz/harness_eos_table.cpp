#include "physics/eos_table.hpp"
#include "tests/fuzz/harness.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] { (void)physics::tabulate_file(fuzz::file_of(fuzz::text_of(data, size))); });
}
