#include "io/event_file.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  ister::fuzz::begin_session();
  return 0;
}

// Events of an ensemble, or particles of one, as analyses read them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  return fuzz::read_or_refuse([&] {
    (void)io::read_events(fuzz::file_of(fuzz::text_of(data, size)), {"dN_dy", "mean_pt", "vn", "psi_n"});
  });
}
