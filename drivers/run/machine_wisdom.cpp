#include "drivers/run/machine_wisdom.hpp"

#include <fftw3.h>

#include "core/base/content_hash.hpp"
#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "core/parallel/collective.hpp"
#include "core/spectral/line_transform.hpp"
#include "drivers/build_info.hpp"
#include "drivers/machine/cache_folder.hpp"
#include "drivers/machine/fingerprint.hpp"
#include "drivers/print.hpp"
#include "io/atomic_file.hpp"
#include "io/wisdom.hpp"

namespace ister::drivers {
namespace {

/// What the file holds; empty where there is none.
std::string read_wisdom(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return {};
  return core::read_text(path, 10'000'000, "FFTW's wisdom");
}

}  // namespace

std::filesystem::path MachineWisdom::file() {
  const std::filesystem::path folder = cache_folder();
  if (folder.empty()) return {};
  core::ContentHash key;
  key.add(identify_machine().processor).add(std::string_view(fftw_version)).add(architecture());
  return folder / ("wisdom-" + key.short_text());
}

MachineWisdom::MachineWisdom(const core::Session& session) : m_session(session) {
  const std::filesystem::path path = file();
  try {
    std::string text;
    core::collectively(session.comm(), [&] {
      if (session.is_root()) text = read_wisdom(path);
    });
    text = core::broadcast_text(session.comm(), text);
    if (!text.empty()) io::import_wisdom(session.comm(), path, text);
  } catch (const FileError& error) {
    if (session.is_root())
      print_error(
          "ister: warning: {}; FFTW's plans are measured anew: this run may differ from others in the last bits\n",
          error.what());
  }
  if (session.is_root()) m_known = core::export_wisdom();
}

void MachineWisdom::keep() const {
  if (!m_session.is_root() || core::export_wisdom() == m_known) return;
  const std::filesystem::path path = file();
  if (path.empty()) return;
  try {
    const std::string others = read_wisdom(path);
    try {
      if (!others.empty()) io::import_wisdom(MPI_COMM_SELF, path, others);
    } catch (const FileError&) {  // of no use to anybody: ours takes its place
    }
    std::filesystem::create_directories(path.parent_path());
    io::write_text_file(path, core::export_wisdom());
  } catch (const FileError&) {
  } catch (const std::filesystem::filesystem_error&) {
  }
}

}  // namespace ister::drivers
