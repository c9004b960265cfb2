#include "drivers/input/input.hpp"
#include "tests/fuzz/harness.hpp"

// An input file. Its lines that begin with "#--set " are overrides, as on the command line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  const std::string text = fuzz::text_of(data, size), sign = "#--set ";
  std::vector<std::string> overrides;
  for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) {
    at += sign.size();
    overrides.push_back(text.substr(at, text.find('\n', at) - at));
  }
  return fuzz::read_or_refuse([&] {
    const drivers::Input input = drivers::parse_input(text, "input.toml", overrides);
    // What was understood reads back as the same.
    ISTER_REQUIRE(drivers::parse_input(input.resolved_toml, "input.toml").resolved_toml == input.resolved_toml);
  });
}
