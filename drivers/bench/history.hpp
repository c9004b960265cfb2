#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "drivers/bench/compare.hpp"
#include "drivers/command_line.hpp"

/// `ister bench history`: slow-downs too small for one build to show, from what earlier builds took on this machine.
namespace ister::drivers {

/// The accepted results of one machine, the oldest first; each counts as one run, whatever it was made of.
struct BenchHistory {
  std::vector<BenchResults> entries;
  std::size_t other_settings = 0;  ///< left out: of other numbers of ranks or threads, or another backend than `like`
};

/// Where results of the machine of `results` lie: FOLDER/<machine fingerprint>. InputError where they do not name one.
std::filesystem::path history_folder(const std::filesystem::path& folder, const BenchResults& results);

/// What the history holds that compares with `like`; nothing where there is none yet.
BenchHistory read_history(const std::filesystem::path& folder, const BenchResults& like);

/// Adds results: FOLDER/<machine fingerprint>/<date>-<hash>.json. The same results are added once.
void append_history(const std::filesystem::path& folder, const BenchResults& results);

/// The oldest entries and the latest, at most `most` of each, which do not overlap. `next` is the latest.
struct BenchSpan {
  BenchResults oldest, latest;
};
BenchSpan oldest_and_latest(const BenchHistory& history, const BenchResults& next, std::size_t most);

}  // namespace ister::drivers
