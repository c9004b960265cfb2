#include "io/guarded_read.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <new>

#include "core/base/damaged_file.hpp"
#include "core/base/input_file.hpp"
#include "core/parallel/failure.hpp"
#include "io/posix.hpp"

namespace ister::io {
namespace {

constexpr double base_seconds = 2.0, bytes_per_second = 50e6;  // of the processor
constexpr double base_bytes = 3e9, copies = 3.0;               // of memory
constexpr int patience_ms = 30'000;                            // before the user is told what takes so long

/// Lowers the soft limit of this process, never above the hard one.
void limit(__rlimit_resource_t resource, double value) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return;
  const double hard = now.rlim_max == RLIM_INFINITY ? 1e18 : static_cast<double>(now.rlim_max);
  now.rlim_cur = static_cast<rlim_t>(std::min(value, hard));
  ::setrlimit(resource, &now);
}

/// Writes the outcome for the parent: nothing where the action succeeded.
void tell(int pipe, const std::exception_ptr& failure) {
  const core::Failure outcome = core::describe(failure);
  const std::string text =
      fmt::format("{} {} {}", static_cast<int>(outcome.code), outcome.damaged ? 1 : 0, outcome.message);
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = ::write(pipe, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) return;
    done += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
  }
}

/// Prepares a child for whatever happens in it: it dies without a word, and with its parent.
void become_expendable() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int fatal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGXCPU}) {
    std::signal(fatal, SIG_DFL);  // MPI's handlers would print what happened
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (const int silence = ::open("/dev/null", O_WRONLY); silence >= 0) ::dup2(silence, STDERR_FILENO);
}

/// What the child has to say, until it ends; says itself what it waits for where that takes long.
std::string hear_out(int pipe, const std::filesystem::path& path) {
  std::string text;
  char piece[4096];
  for (;;) {
    pollfd ready{pipe, POLLIN, 0};
    const int events = ::poll(&ready, 1, patience_ms);
    if (events == 0)
      fmt::print(stderr, "ister: {}: still reading: the disk is slow, or the file is large\n", path.string());
    if (events <= 0) continue;
    const ssize_t got = ::read(pipe, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(piece, static_cast<std::size_t>(got));
  }
}

[[noreturn]] void raise_again(const std::string& text) {
  int code = 0, damaged = 0, length = 0;
  std::sscanf(text.c_str(), "%d %d %n", &code, &damaged, &length);
  const core::Failure failure{static_cast<ExitCode>(code), damaged != 0, text.substr(static_cast<std::size_t>(length))};
  core::raise(failure);
}

[[noreturn]] void explain(const std::filesystem::path& path, const std::string& library, int status) {
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  switch (signal) {
    case SIGTERM:
    case SIGINT:
    case SIGHUP:
    case SIGUSR1:
      throw Error(ExitCode::stopped_early, fmt::format("stopped by signal {} while reading {}", signal, path.string()));
    case SIGKILL:
      throw FileError(path.string() + ": cannot be read: the process that read it was killed (out of memory?)");
    case SIGXCPU:
      throw DamagedFile(
          fmt::format("{}: the file is damaged: {} does not come to an end with it", path.string(), library));
    default:
      throw DamagedFile(fmt::format("{}: the file is damaged: {} fails on it", path.string(), library));
  }
}

}  // namespace

void Budget::allow(double bytes) {
  m_bytes += bytes;
  if (m_limited) apply();
}

void Budget::begin() {
  m_limited = true;
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  m_base = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  apply();
}

void Budget::apply() const {
  limit(RLIMIT_CPU, base_seconds + m_bytes / bytes_per_second);
  if (m_base > 0) limit(RLIMIT_AS, static_cast<double>(m_base) + base_bytes + copies * m_bytes);
}

void read_guarded(const std::filesystem::path& path, const std::string& library,
                  const std::function<void(Budget&)>& action) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) core::fail_errno(path, "read: no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    become_expendable();
    try {
      Budget budget;
      budget.begin();
      action(budget);
      ::_exit(0);
    } catch (const std::bad_alloc&) {
      tell(pipe[1], std::make_exception_ptr(FileError(
                        path.string() + ": takes more memory to read than its size explains, or than there is")));
      ::_exit(1);
    } catch (...) {
      tell(pipe[1], std::current_exception());
      ::_exit(1);
    }
  }
  const int reason = errno;
  ::close(pipe[1]);
  std::string words;
  if (child > 0) words = hear_out(pipe[0], path);
  ::close(pipe[0]);
  errno = reason;
  if (child < 0) core::fail_errno(path, "be read: no process to try it in");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) return;
  if (WIFEXITED(status) && !words.empty()) raise_again(words);
  explain(path, library, status);
}

}  // namespace ister::io
