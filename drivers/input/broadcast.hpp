#pragma once
#include "core/parallel/ranks.hpp"
#include "drivers/input/input.hpp"

namespace ister::drivers {

/// The text of an input file, its name in messages, and what overrides it.
struct Deck {
  std::string text;
  std::filesystem::path path;
  std::vector<std::string> overrides;

  /// Parsed, see parse_input, with more overrides behind those.
  [[nodiscard]] Input input(const std::vector<std::string>& more = {}) const;
};

/// What rank 0 reads, on every rank. Collective; errors are the same on all ranks.
Deck read_deck_everywhere(const core::Ranks& ranks, const std::filesystem::path& path,
                          const std::vector<std::string>& overrides);

/// The same, parsed.
inline Input read_input_everywhere(const core::Ranks& ranks, const std::filesystem::path& path,
                                   const std::vector<std::string>& overrides) {
  return read_deck_everywhere(ranks, path, overrides).input();
}

}  // namespace ister::drivers
