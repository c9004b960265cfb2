#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/parallel/ranks.hpp"
#include "drivers/input/input.hpp"

namespace ister::drivers {

/// An event of an ensemble, and what makes a run of it of the deck.
struct Event {
  std::int64_t number;
  std::vector<std::string> overrides;  ///< "section.key=value"
  std::string file;                    ///< of a pattern; else empty
};

/// The events that a job is asked for.
class EventList {
 public:
  /// `share`, "A:B", chooses among those of ensemble.events, by number; empty: all. InputError where either is not
  /// such, where no file fits the pattern, where the file of the deck holds fewer, or where a share begins within a
  /// chunk. Collective.
  EventList(const core::Ranks& ranks, const Input& input, const std::string& share);

  [[nodiscard]] std::int64_t begin() const { return m_begin; }
  [[nodiscard]] std::int64_t end() const { return m_end; }
  [[nodiscard]] Event event(std::int64_t number) const;

 private:
  void choose(const Input& input, const std::string& share);

  std::int64_t m_begin = 0, m_end = 0;
  std::vector<std::string> m_files;  ///< of a pattern, in alphabetical order
};

}  // namespace ister::drivers
