#include "drivers/print.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "io/collective.hpp"

namespace ister::drivers {

void open_standard_streams() {
  // Of the wrong direction, so that writing to a closed standard output stays an error.
  constexpr int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};
  for (int stream = 0; stream < 3; ++stream)
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", modes[stream]);
}

void write_standard_output(const std::string& text) { std::fputs(core::printable(text).c_str(), stdout); }

void write_standard_error(const std::string& text) { std::fputs(core::printable(text).c_str(), stderr); }

std::string behind(const std::string& prefix, std::string lines) {
  for (auto end = lines.find('\n'); end != std::string::npos; end = lines.find('\n', end + prefix.size() + 1))
    lines.insert(end + 1, prefix);
  return prefix + lines;
}

void require_printed(const core::Ranks& ranks) {
  io::on_rank_zero(ranks.comm(), [] {
    const bool flushed = std::fflush(stdout) == 0;
    if (!flushed || std::ferror(stdout) != 0) throw FileError("standard output cannot be written: full, or closed");
  });
}

}  // namespace ister::drivers
