#include "physics/decay_table.hpp"
#include "tests/fuzz/harness.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  static const auto hadrons = physics::shipped_hadrons();
  return fuzz::read_or_refuse([&] { (void)physics::read_decays(fuzz::file_of(fuzz::text_of(data, size)), hadrons); });
}
