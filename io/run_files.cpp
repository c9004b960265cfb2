#include "io/run_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"
#include "io/atomic_file.hpp"

namespace ister::io {
namespace {

namespace fs = std::filesystem;

constexpr int step_digits = 8;  // at least: a run of more than 10^8 steps goes on with longer names

std::string numbered(const std::string& prefix, std::int64_t step) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%0*lld", step_digits, static_cast<long long>(step));
  return prefix + digits + ".h5";
}

/// The step in the name of a numbered file.
std::optional<std::int64_t> step_of(const std::string& entry, const std::string& prefix) {
  if (entry.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  std::int64_t step = -1;
  std::from_chars(entry.data() + prefix.size(), entry.data() + entry.size(), step);
  return step >= 0 && entry == numbered(prefix, step) ? std::optional(step) : std::nullopt;
}

}  // namespace

void remove_file(const fs::path& path) {
  std::error_code failure;
  fs::remove(path, failure);
  if (failure) throw FileError(path.string() + ": cannot remove: " + failure.message());
}

RunFiles::RunFiles(fs::path folder, std::string name) : m_folder(std::move(folder)), m_name(std::move(name)) {}

fs::path RunFiles::state(std::int64_t step) const { return m_folder / numbered(m_name + "_state_", step); }
fs::path RunFiles::checkpoint(std::int64_t step) const { return m_folder / numbered(m_name + "_checkpoint_", step); }

void RunFiles::create_folder() const {
  std::error_code failure;
  fs::create_directories(m_folder, failure);
  if (!failure && !fs::is_directory(m_folder, failure)) failure = std::make_error_code(std::errc::not_a_directory);
  if (!failure && ::access(m_folder.c_str(), W_OK | X_OK) != 0) failure.assign(errno, std::generic_category());
  if (failure) throw FileError(m_folder.string() + ": cannot write to this folder: " + failure.message());
}

std::vector<std::string> RunFiles::entries() const {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator entry(m_folder, failure), end; !failure && entry != end; entry.increment(failure)) {
    names.push_back(entry->path().filename().string());
  }
  if (failure && failure != std::errc::no_such_file_or_directory) {
    throw FileError(m_folder.string() + ": cannot list the folder: " + failure.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool RunFiles::is_ours(const std::string& entry) const {
  const fs::path path = m_folder / entry;
  return path == history() || path == observers() || path == surface() || path == eos() || path == profile() ||
         path == xdmf() || step_of(entry, m_name + "_state_") || step_of(entry, m_name + "_checkpoint_");
}

bool RunFiles::is_leftover(const std::string& entry) const {
  const auto target = AtomicFile::target_of(entry);
  return target && is_ours(target->string());
}

std::vector<fs::path> RunFiles::existing() const {
  std::vector<fs::path> result;
  for (const auto& entry : entries()) {
    if (is_ours(entry)) result.push_back(m_folder / entry);
  }
  return result;
}

std::vector<std::int64_t> RunFiles::steps(const std::string& kind) const {
  std::vector<std::int64_t> result;
  for (const auto& entry : entries()) {
    if (const auto step = step_of(entry, m_name + kind)) result.push_back(*step);
  }
  std::sort(result.begin(), result.end());
  return result;
}
std::vector<std::int64_t> RunFiles::state_steps() const { return steps("_state_"); }
std::vector<std::int64_t> RunFiles::checkpoint_steps() const { return steps("_checkpoint_"); }

void RunFiles::remove(std::int64_t after, std::vector<fs::path> others, const std::vector<fs::path>& kept) const {
  std::vector<fs::path> doomed;
  const auto add_later = [&](std::vector<std::int64_t> steps, auto&& path_of) {
    for (auto step = steps.rbegin(); step != steps.rend() && *step > after; ++step) doomed.push_back(path_of(*step));
  };
  add_later(checkpoint_steps(), [&](std::int64_t step) { return checkpoint(step); });
  add_later(state_steps(), [&](std::int64_t step) { return state(step); });
  doomed.insert(doomed.end(), others.begin(), others.end());
  for (const auto& entry : entries())
    if (is_leftover(entry)) doomed.push_back(m_folder / entry);
  for (const auto& path : doomed)
    if (std::find(kept.begin(), kept.end(), path) == kept.end()) remove_file(path);
}

void RunFiles::remove_all_but(const std::vector<fs::path>& kept) const {
  remove(-1, {history(), observers(), surface(), eos(), profile(), xdmf()}, kept);
}

void RunFiles::remove_after(std::int64_t step, const std::vector<fs::path>& kept) const { remove(step, {}, kept); }

}  // namespace ister::io
