#include "io/rehearsal.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "core/damaged_file.hpp"

namespace ister::io {
namespace {

/// In seconds: generous for a slow disk and compressed data.
unsigned time_limit(const std::filesystem::path& path) {
  std::error_code unknown;
  const auto bytes = std::filesystem::file_size(path, unknown);
  return 5 + (unknown ? 0 : static_cast<unsigned>(bytes / 20'000'000));
}

[[noreturn]] void run_in_child(const std::filesystem::path& path, const std::function<void()>& action) {
  for (const int fatal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM, SIGTERM, SIGINT}) {
    std::signal(fatal, SIG_DFL);  // MPI's handlers would print what happened
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (const int silence = ::open("/dev/null", O_WRONLY); silence >= 0) ::dup2(silence, STDERR_FILENO);
  ::alarm(time_limit(path));
  try {
    action();
  } catch (...) {  // the caller meets it again
  }
  ::_exit(0);
}

}  // namespace

void rehearse(const std::filesystem::path& path, const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child == 0) run_in_child(path, action);
  if (child < 0) return;  // no process to spare: go without
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw DamagedFile(path.string() + ": the file is damaged: the HDF5 library fails on it");
}

}  // namespace ister::io
