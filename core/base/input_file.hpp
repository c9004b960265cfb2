#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace ister::core {

/// "PATH: cannot DO: REASON" as a FileError, with the reason of `errno`.
[[noreturn]] void fail_errno(const std::filesystem::path& path, const std::string& what);

/// Reads all of `bytes` at `offset`: FileError where the system refuses, DamagedFile where the file ends before.
void read_exactly(int descriptor, const std::filesystem::path& path, void* data, std::size_t bytes,
                  std::int64_t offset);

/// A file that somebody named as an input, open for reading: the door that every input goes through. FileError at once,
/// without waiting, for what is missing, may not be read, or is no plain file: a folder, pipe, device or socket.
class InputFile {
 public:
  explicit InputFile(std::filesystem::path path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] std::int64_t size() const { return m_size; }
  /// As read_exactly.
  void read_at(void* data, std::size_t bytes, std::int64_t offset) const;
  /// What is there from the beginning on, `most` bytes at most.
  [[nodiscard]] std::string begin(std::size_t most) const;

 private:
  std::filesystem::path m_path;
  int m_descriptor = -1;
  std::int64_t m_size = 0;
};

/// A whole text without the byte order mark that some editors put first. FileError as from InputFile, and where the
/// file is larger than `most_bytes` and so not `what`, such as "an input file".
std::string read_text(const std::filesystem::path& path, std::size_t most_bytes, const std::string& what);

/// Text as it may go to a terminal: control characters but line ends and tabs, and what is no UTF-8, as '?'; cut after
/// `most` bytes.
std::string printable(const std::string& text, std::size_t most = std::string::npos);

/// What may be meant by a word that is no number, as the end of a message: Fortran's exponents, decimal commas.
std::string number_hint(const std::string& word);

/// What a file that should be text is instead, by its first bytes, and what to do about it; empty where it may be text.
std::string foreign_format(const std::string& begin);

}  // namespace ister::core
