#include "io/wisdom.hpp"

#include "core/line_transform.hpp"
#include "io/collective.hpp"
#include "io/rehearsal.hpp"

namespace ister::io {

void import_wisdom(MPI_Comm comm, const std::filesystem::path& path, const std::string& text) {
  on_rank_zero(comm, [&] { rehearse(path, "FFTW", [&](Budget&) { core::import_wisdom(text); }); });
  collectively(comm, [&] { core::import_wisdom(text); });
}

}  // namespace ister::io
