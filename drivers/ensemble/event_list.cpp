#include "drivers/ensemble/event_list.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <optional>
#include <regex>
#include <sstream>
#include <tuple>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/option_text.hpp"
#include "core/parallel/collective.hpp"
#include "io/collective.hpp"
#include "io/initial_formats.hpp"

namespace ister::drivers {
namespace {

/// The numbers A and B of "A:B".
std::optional<std::pair<std::int64_t, std::int64_t>> range_of(const std::string& text) {
  static const std::regex range("(\\d{1,9}):(\\d{1,9})");
  std::smatch part;
  if (!std::regex_match(text, part, range)) return std::nullopt;
  return std::pair(std::stoll(part[1]), std::stoll(part[2]));
}

/// Full names of the files that fit a pattern, relative to the folder of the deck, each ended by a zero.
std::string files_of(const std::string& pattern, const std::filesystem::path& deck) {
  const std::filesystem::path full = std::filesystem::absolute(deck.parent_path() / pattern).lexically_normal();
  glob_t found{};
  const int problem = ::glob(full.c_str(), 0, nullptr, &found);
  std::string files;
  for (std::size_t i = 0; problem == 0 && i < found.gl_pathc; ++i) files += std::string(found.gl_pathv[i]) + '\0';
  ::globfree(&found);
  if (files.empty())
    throw InputError(
        fmt::format("{}: ensemble.events = \"{}\": neither A:B, the first event and the one after the last, "
                    "nor a pattern that any file fits ({})",
                    deck.string(), pattern, full.string()));
  return files;
}

/// InputError where the file of the deck ends before its last event.
void require_in_file(const Input& input, std::int64_t end) {
  if (input.initial.type != "trento" && input.initial.type != "thickness") return;
  const std::string& file = input.initial.values.text("file");
  const std::int64_t there = io::count_trento_events(file);
  if (end > there)
    throw InputError(fmt::format("{}: ensemble.events = \"{}\": {} holds {} event{}: must lie within 0:{}", input.path,
                                 input.ensemble.events, file, there, there == 1 ? "" : "s", there));
}

}  // namespace

EventList::EventList(const core::Ranks& ranks, const Input& input, const std::string& share) {
  if (const auto range = range_of(input.ensemble.events)) {
    std::tie(m_begin, m_end) = *range;
    if (m_begin >= m_end)
      throw InputError(fmt::format("{}: ensemble.events = \"{}\": A:B are the events from A up to before B, A < B",
                                   input.path, input.ensemble.events));
    io::on_rank_zero(ranks.comm(), [&] { require_in_file(input, m_end); });
  } else {
    std::string files;
    core::collectively(ranks.comm(), [&] {
      if (ranks.is_root()) files = files_of(input.ensemble.events, input.path);
    });
    std::istringstream names(core::broadcast_text(ranks.comm(), files));
    for (std::string name; std::getline(names, name, '\0');) m_files.push_back(name);
    m_end = static_cast<std::int64_t>(m_files.size());
  }
  if (!share.empty()) choose(input, share);
}

void EventList::choose(const Input& input, const std::string& share) {
  const auto range = range_of(share);
  if (!range || range->first >= range->second || range->first < m_begin || range->second > m_end)
    throw InputError(
        fmt::format("--events {}: must be A:B, the events from A up to before B, within {}:{}", share, m_begin, m_end));
  const int chunk = input.ensemble.chunk;
  if (range->first % chunk != 0 && range->first != m_begin)
    throw InputError(fmt::format(
        "--events {}: must begin where a file of ensemble.chunk = {} events does, at {} or {}: jobs share no file",
        share, chunk, range->first / chunk * chunk, (range->first / chunk + 1) * chunk));
  std::tie(m_begin, m_end) = *range;
}

Event EventList::event(std::int64_t number) const {
  if (m_files.empty()) return {number, {fmt::format("initial.event={}", number)}, ""};
  const std::string& file = m_files.at(static_cast<std::size_t>(number));
  return {number, {"initial.file=" + core::quoted(file)}, file};
}

}  // namespace ister::drivers
