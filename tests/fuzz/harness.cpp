#include "tests/fuzz/harness.hpp"

#include <unistd.h>

#include <fstream>

#include "core/parallel/session.hpp"
#include "tests/scratch_folder.hpp"

namespace ister::fuzz {

std::filesystem::path file_of(const std::string& bytes) {
  static const tests::ScratchFolder folder;
  std::filesystem::path path = folder.path() / "input";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

void begin_session() {
  static int argc = 0;
  static char** argv = nullptr;
  static const core::Session session(argc, argv);
}

}  // namespace ister::fuzz
