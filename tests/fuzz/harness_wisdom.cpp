#include <fftw3.h>

#include "io/wisdom.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  ister::fuzz::begin_session();
  return 0;
}

// FFTW's wisdom, as checkpoints keep it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  fuzz::read_or_refuse([&] { io::import_wisdom(MPI_COMM_SELF, "wisdom", fuzz::text_of(data, size)); });
  fftw_forget_wisdom();
  return 0;
}
