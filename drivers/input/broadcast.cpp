#include "drivers/input/broadcast.hpp"

#include "core/parallel/collective.hpp"

namespace ister::drivers {

Deck read_deck_everywhere(const core::Ranks& ranks, const std::filesystem::path& path,
                          const std::vector<std::string>& overrides) {
  std::string text;
  core::collectively(ranks.comm(), [&] {
    if (ranks.is_root()) text = read_text(path);
  });
  return {core::broadcast_text(ranks.comm(), std::move(text)), path, overrides};
}

Input Deck::input(const std::vector<std::string>& more) const {
  std::vector<std::string> all = overrides;
  all.insert(all.end(), more.begin(), more.end());
  return parse_input(text, path, all);
}

}  // namespace ister::drivers
