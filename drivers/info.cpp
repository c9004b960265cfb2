#include <fmt/format.h>

#include "drivers/commands.hpp"
#include "drivers/print.hpp"
#include "io/field_file.hpp"
#include "io/surface_file.hpp"

namespace ister::drivers {
namespace {

std::string text_of(const core::Attribute& attribute) {
  return std::visit(
      [](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          const bool block = value.find('\n') != std::string::npos;
          return block ? fmt::format("({} characters)", value.size()) : '"' + value + '"';
        } else if constexpr (std::is_arithmetic_v<Value>) {
          return fmt::format("{}", value);
        } else {
          return value.size() > 8 ? fmt::format("({} numbers)", value.size())
                                  : fmt::format("[{}]", fmt::join(value, ", "));
        }
      },
      attribute);
}

bool is_surface(const core::Ranks& ranks, const std::filesystem::path& path) {
  int found = ranks.is_root() && io::is_surface_file(path) ? 1 : 0;
  MPI_Bcast(&found, 1, MPI_INT, 0, ranks.comm());
  return found != 0;
}

/// What a file of surfaces holds; reading it compares with its checksums.
void show_surface(const std::filesystem::path& path) {
  const io::SurfaceContent content = io::read_surface_file(path);
  print_out("{}: {}\n", path.string(), io::surface_format);
  for (const auto& [name, value] : content.attributes) print_out("  {} = {}\n", name, text_of(value));
  for (const core::surface::ElementTable& table : content.surfaces) {
    print_out("  /{}: {} elements of {} columns, found in {} pieces\n", table.name, table.rows(), table.columns.size(),
              table.slabs.size());
    for (const auto& [name, value] : table.attributes) print_out("    {} = {}\n", name, text_of(value));
  }
  print_out("the checksums agree\n");
}

}  // namespace

ExitCode info(const core::Ranks& ranks, const InfoCommand& command) {
  if (is_surface(ranks, command.file)) {
    io::on_rank_zero(ranks.comm(), [&] { show_surface(command.file); });
    return ExitCode::success;
  }
  const io::FieldFile file(ranks.comm(), command.file, {io::state_format, io::checkpoint_format});
  if (ranks.is_root()) {
    print_out("{}: {}, version {}\n", command.file.string(), file.format().name, file.format().version);
    for (const auto& [name, value] : file.attributes()) print_out("  {} = {}\n", name, text_of(value));
    for (const io::FieldFile::Field& field : file.fields())
      print_out("  /{}/{} [{}] crc64 {}\n", file.format().group, field.name, fmt::join(field.points, " x "),
                field.crc64.value_or("(none)"));
  }
  file.verify();
  if (ranks.is_root()) print_out("the checksums agree\n");
  return ExitCode::success;
}

}  // namespace ister::drivers
