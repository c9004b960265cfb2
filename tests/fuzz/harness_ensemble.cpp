#include "io/ensemble_file.hpp"
#include "tests/fuzz/harness.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  ister::fuzz::begin_session();
  return 0;
}

// A file of events, and a journal of some that are to be added to it.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  const auto file = fuzz::file_of(fuzz::text_of(data, size));
  fuzz::read_or_refuse([&] { (void)io::read_ensemble_file(file); });
  return fuzz::read_or_refuse([&] { (void)io::EventJournal(file); });
}
