#include "physics/hadron_gas.hpp"
#include "tests/fuzz/harness.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] {
    const auto hadrons = physics::read_hadrons(fuzz::file_of(fuzz::text_of(data, size)));
    physics::require_neutral(hadrons, "list");
    (void)physics::HadronGas(hadrons).at(0.7);
  });
}
