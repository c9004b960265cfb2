#include "drivers/input/broadcast.hpp"

#include "core/parallel/collective.hpp"

namespace ister::drivers {

Input read_input_everywhere(const core::Ranks& ranks, const std::filesystem::path& path,
                            const std::vector<std::string>& overrides) {
  std::string text;
  core::collectively(ranks.comm(), [&] {
    if (ranks.is_root()) text = read_text(path);
  });
  text = core::broadcast_text(ranks.comm(), std::move(text));
  return parse_input(text, path, overrides);
}

}  // namespace ister::drivers
