#include "io/wisdom.hpp"

#include "core/base/error.hpp"
#include "core/spectral/line_transform.hpp"
#include "io/collective.hpp"
#include "io/guarded_read.hpp"

namespace ister::io {

void import_wisdom(MPI_Comm comm, const std::filesystem::path& path, const std::string& text) {
  const auto import = [&] {
    try {
      core::import_wisdom(text);
    } catch (const FileError& error) {
      throw FileError(path.string() + ": " + error.what());
    }
  };
  on_rank_zero(comm, [&] { read_guarded(path, "FFTW", [&](Budget&) { import(); }); });
  collectively(comm, import);
}

}  // namespace ister::io
