#pragma once
#include <stdexcept>
#include <string>

namespace ister {

/// The exit codes that batch jobs rely on.
enum class ExitCode : int {
  success = 0,
  difference = 1,      ///< a comparison found a difference
  bad_input = 2,       ///< usage, TOML, ranges, initial data that cannot be evolved
  bad_file = 3,        ///< missing, unreadable, truncated, foreign or unwritable file
  breakdown = 4,       ///< the solution broke down
  internal = 70,       ///< a bug, or out of memory
  stopped_early = 75,  ///< signal or wall-clock limit, after a checkpoint: resubmit
};

/// An error with the exit code it leads to; caught once, in main.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), m_code(code) {}
  [[nodiscard]] ExitCode code() const { return m_code; }

 private:
  ExitCode m_code;
};

struct InputError : Error {
  explicit InputError(const std::string& message) : Error(ExitCode::bad_input, message) {}
};

struct FileError : Error {
  explicit FileError(const std::string& message) : Error(ExitCode::bad_file, message) {}
};

struct BreakdownError : Error {
  explicit BreakdownError(const std::string& message) : Error(ExitCode::breakdown, message) {}
};

/// An internal error that every rank throws alike.
struct AgreedError : Error {
  explicit AgreedError(const std::string& message) : Error(ExitCode::internal, message) {}
};

/// Throws an internal error that names the failed condition and its place.
[[noreturn]] inline void fail_internal(const char* condition, const char* file, int line) {
  throw Error(ExitCode::internal,
              std::string("internal error: ") + condition + " does not hold at " + file + ":" + std::to_string(line));
}

}  // namespace ister

#define ISTER_REQUIRE(condition) ((condition) ? void() : ::ister::fail_internal(#condition, __FILE__, __LINE__))
