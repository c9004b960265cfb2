#include "drivers/run/machine_wisdom.hpp"

#include <fcntl.h>
#include <fftw3.h>

#include "core/base/content_hash.hpp"
#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "core/parallel/collective.hpp"
#include "core/spectral/line_transform.hpp"
#include "core/spectral/wisdom.hpp"
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

MachineWisdom::MachineWisdom(const core::Ranks& ranks) : m_ranks(ranks) {
  const std::filesystem::path path = file();
  try {
    std::string text;
    core::collectively(ranks.comm(), [&] {
      if (ranks.is_root()) text = read_wisdom(path);
    });
    text = core::broadcast_text(ranks.comm(), text);
    if (!text.empty()) io::import_wisdom(ranks.comm(), path, text);
  } catch (const FileError& error) {
    if (ranks.is_root())
      print_error(
          "ister: warning: {}; FFTW's plans are measured anew: this run may differ from others in the last bits\n",
          error.what());
  }
  if (ranks.is_root()) m_known = core::export_wisdom();
}

void MachineWisdom::keep(const std::string& wisdom) const {
  const std::filesystem::path path = file();
  if (!m_ranks.is_root() || wisdom == m_known || path.empty()) return;
  try {
    std::filesystem::create_directories(path.parent_path());
    io::Descriptor one_by_one(path.parent_path() / ("." + path.filename().string() + ".lock"), O_RDWR | O_CREAT);
    one_by_one.lock();
    const std::string others = read_wisdom(path);
    core::forget_wisdom();
    try {
      if (!others.empty()) io::import_wisdom(MPI_COMM_SELF, path, others);
    } catch (const FileError&) {  // of no use to anybody: ours takes its place
    }
    core::import_wisdom(wisdom);
    io::write_text_file(path, core::export_wisdom());
  } catch (const FileError&) {
  } catch (const std::filesystem::filesystem_error&) {
  }
}

}  // namespace ister::drivers
