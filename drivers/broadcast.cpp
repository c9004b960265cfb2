#include "drivers/broadcast.hpp"

#include "core/collective.hpp"

namespace ister::drivers {

Input read_input_everywhere(const core::Session& session, const std::filesystem::path& path,
                            const std::vector<std::string>& overrides) {
  std::string text;
  core::collectively(session.comm(), [&] {
    if (session.is_root()) text = read_text(path);
  });
  auto size = static_cast<int>(text.size());
  MPI_Bcast(&size, 1, MPI_INT, 0, session.comm());
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), size, MPI_CHAR, 0, session.comm());
  return parse_input(text, path, overrides);
}

}  // namespace ister::drivers
