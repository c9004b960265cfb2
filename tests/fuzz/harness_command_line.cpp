#include "drivers/command_line.hpp"
#include "tests/fuzz/harness.hpp"

// One word of the command line a line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  std::string words = fuzz::text_of(data, size) + '\n';
  std::vector<const char*> argv{"ister"};
  for (std::size_t begin = 0, end; (end = words.find('\n', begin)) != std::string::npos; begin = end + 1) {
    words[end] = '\0';
    argv.push_back(words.data() + begin);
  }
  return fuzz::read_or_refuse([&] { drivers::parse_command_line(static_cast<int>(argv.size()), argv.data()); });
}
