#include "io/run_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "io/posix.hpp"

namespace ister::io {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  std::string line;
  std::ifstream file(path);
  std::getline(file, line);
  return line;
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// The batch job that this process belongs to, with its place in an array of jobs.
std::string job_name() {
  const auto variable = [](const char* name) -> std::string {
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
  };
  constexpr std::pair<const char*, const char*> systems[] = {
      {"SLURM_JOB_ID", "SLURM_ARRAY_TASK_ID"}, {"PBS_JOBID", "PBS_ARRAY_INDEX"}, {"LSB_JOBID", "LSB_JOBINDEX"}};
  for (const auto& [job, member] : systems)
    if (const std::string id = variable(job); !id.empty()) return fmt::format("{} {} {}", job, id, variable(member));
  return "";
}

/// The words of /proc/PID/stat behind the name of the program, which may hold anything: the state comes first, the
/// parent next, the start 19 words later.
std::vector<std::string> status_words(const std::string& pid) {
  std::string line = first_line("/proc/" + pid + "/stat");
  line.erase(0, line.rfind(')') + 1);
  std::vector<std::string> words;
  for (std::size_t begin = line.find_first_not_of(' '); begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(' ', end);
  }
  return words;
}

std::string start_of(const std::string& pid) {
  const auto words = status_words(pid);
  return words.size() > 19 ? words[19] : "";
}

bool is_alive(const std::string& pid, const std::string& started) {
  const long number = std::strtol(pid.c_str(), nullptr, 10);
  if (number <= 0) return true;  // not a lock of ours
  if (::kill(static_cast<pid_t>(number), 0) != 0 && errno == ESRCH) return false;
  const auto words = status_words(pid);
  if (words.size() <= 19) return true;  // there, and not to be looked at
  const bool over = words[0] == "Z" || words[0] == "X";
  return !over && (started.empty() || words[19] == started);
}

/// The text of a lock; nothing where there is none.
std::string read_lock(const fs::path& path) {
  std::error_code failure;
  if (!fs::exists(fs::symlink_status(path, failure))) return "";
  if (!fs::is_regular_file(fs::symlink_status(path, failure))) return "not a plain file";
  try {
    const Descriptor file(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    std::string text(static_cast<std::size_t>(std::min<std::int64_t>(file.size(), 4096)), '\0');
    file.read_at(text.data(), text.size(), 0);
    return text.empty() ? "empty" : text;
  } catch (const FileError&) {
    if (!fs::exists(path, failure)) return "";  // removed in between
    throw;
  }
}

/// Of this machine and this process space.
bool is_here(const LockHolder& holder) {
  const LockHolder here = LockHolder::self();
  return holder.host == here.host && holder.boot == here.boot && holder.processes == here.processes;
}

/// Ranks outlive an mpirun that was killed by two or three seconds: who restarts at once waits for their end.
void await_end_of_orphan(const LockHolder& holder) {
  using namespace std::chrono_literals;
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (holder.is_orphan() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(20ms);
}

fs::path beside(const fs::path& lock, const std::string& what) {
  return lock.parent_path() / fmt::format(".{}.{}.{}.{}", lock.filename().string(), host_name(), ::getpid(), what);
}

}  // namespace

LockHolder LockHolder::self() {
  const std::string pid = std::to_string(::getpid());
  std::error_code unknown;
  return {host_name(),
          first_line("/proc/sys/kernel/random/boot_id"),
          fs::read_symlink("/proc/self/ns/pid", unknown).string(),
          pid,
          start_of(pid),
          std::to_string(::getppid()),
          job_name()};
}

LockHolder LockHolder::parse(const std::string& text) {
  LockHolder holder;
  const std::pair<const char*, std::string*> members[] = {
      {"host = ", &holder.host}, {"boot = ", &holder.boot},       {"processes = ", &holder.processes},
      {"pid = ", &holder.pid},   {"started = ", &holder.started}, {"parent = ", &holder.parent},
      {"job = ", &holder.job}};
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    for (const auto& [key, member] : members) {
      const std::size_t length = std::char_traits<char>::length(key);
      if (text.compare(begin, length, key) == 0) *member = text.substr(begin + length, end - begin - length);
    }
    begin = end + 1;
  }
  return holder;
}

std::string LockHolder::text() const {
  return fmt::format("host = {}\nboot = {}\nprocesses = {}\npid = {}\nstarted = {}\nparent = {}\njob = {}\n", host,
                     boot, processes, pid, started, parent, job);
}

std::string LockHolder::name() const {
  if (pid.empty()) return "an unknown process";
  return fmt::format("process {} on {}{}", pid, host, job.empty() ? "" : " of the job " + job);
}

bool LockHolder::is_orphan() const {
  if (parent.empty() || !is_here(*this) || !is_alive(pid, started)) return false;
  const auto words = status_words(pid);
  return words.size() > 1 && words[1] != parent;
}

bool LockHolder::is_gone() const {
  const LockHolder here = self();
  if (is_here(*this)) return !is_alive(pid, started);
  if (!job.empty() && job == here.job) return true;
  return host == here.host && !boot.empty() && boot != here.boot;  // the machine was started anew
}

RunLock::RunLock(fs::path path) : m_path(std::move(path)), m_text(LockHolder::self().text()) {
  constexpr int most_attempts = 20;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (make()) return;
    const std::string found = read_lock(m_path);
    const LockHolder holder = LockHolder::parse(found);
    if (!found.empty()) await_end_of_orphan(holder);
    if (!found.empty() && !holder.is_gone())
      throw InputError(
          fmt::format("{}: {} is writing this run: wait for its end, or take another run.output or "
                      "run.name; where no such run is left, remove this file",
                      m_path.string(), holder.name()));
    if (!found.empty()) clear_away(found);
  }
  throw InputError(m_path.string() + ": other runs take this lock all the time: give each its own run.output");
}

/// A link appears whole and only where there is nothing, whichever machine looks.
bool RunLock::make() const {
  const fs::path draft = beside(m_path, "draft");
  std::error_code ignored;
  fs::remove(draft, ignored);
  {
    Descriptor file(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, m_path);
    file.write_at(m_text.data(), m_text.size(), 0);
    file.close();
  }
  const bool linked = ::link(draft.c_str(), m_path.c_str()) == 0;
  const int reason = errno;
  const bool made = linked || fs::hard_link_count(draft, ignored) == 2;  // the answer of a network disk may get lost
  fs::remove(draft, ignored);
  if (made || reason == EEXIST) return made;
  if (reason != EPERM && reason != EOPNOTSUPP && reason != ENOSYS) {
    errno = reason;
    fail_errno(m_path, "make this lock");
  }
  // A file system without links.
  const int descriptor = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor < 0 && errno == EEXIST) return false;
  if (descriptor < 0) fail_errno(m_path, "make this lock");
  const bool written = ::write(descriptor, m_text.data(), m_text.size()) == static_cast<ssize_t>(m_text.size());
  if (::close(descriptor) != 0 || !written) fail_errno(m_path, "write this lock");
  return true;
}

/// Of several that find a lock stale one moves it away. What it moved may be the fresh lock of another that was faster:
/// that goes back.
void RunLock::clear_away(const std::string& stale) const {
  const fs::path aside = beside(m_path, "stale");
  if (std::rename(m_path.c_str(), aside.c_str()) != 0) {
    if (errno == ENOENT) return;
    fail_errno(m_path, "remove this lock of a run that is over");
  }
  std::error_code ignored;
  if (read_lock(aside) != stale && ::link(aside.c_str(), m_path.c_str()) != 0 && errno != EEXIST)
    std::rename(aside.c_str(), m_path.c_str());
  fs::remove(aside, ignored);
}

RunLock::~RunLock() {
  try {
    if (read_lock(m_path) == m_text) ::unlink(m_path.c_str());
  } catch (const FileError&) {  // whatever it is by now, it is not ours to remove
  }
}

}  // namespace ister::io
