#include <fmt/format.h>

#include "drivers/commands.hpp"
#include "drivers/print.hpp"
#include "io/ensemble_file.hpp"
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

/// What rank 0 says of a file, on all ranks.
bool is(const core::Ranks& ranks, bool (*kind)(const std::filesystem::path&), const std::filesystem::path& path) {
  int found = ranks.is_root() && kind(path) ? 1 : 0;
  MPI_Bcast(&found, 1, MPI_INT, 0, ranks.comm());
  return found != 0;
}

/// What a file of surfaces holds; reading it compares with its checksums.
void show_surface(const std::filesystem::path& path) {
  const io::SurfaceContent content = io::read_surface_file(path);
  print_out("{}: {}\n", path.string(), io::surface_format);
  for (const auto& [name, value] : content.attributes) print_out("  {} = {}\n", name, text_of(value));
  for (const core::surface::ElementTable& table : content.surfaces) {
    print_out("  /{}: {} elements of {} columns\n", table.name, table.rows(), table.columns.size());
    for (const auto& [name, value] : table.attributes) print_out("    {} = {}\n", name, text_of(value));
  }
  print_out("the checksums agree\n");
}

/// What a file of an ensemble holds, a line for each event.
void show_ensemble(const std::filesystem::path& path) {
  const io::EnsembleContent content = io::read_ensemble_file(path);
  print_out("{}: {}\n", path.string(), io::ensemble_format);
  for (const auto& [name, value] : content.attributes) print_out("  {} = {}\n", name, text_of(value));
  for (const auto& [number, attributes] : content.events) {
    std::string line;
    for (const auto& [name, value] : attributes)
      if (value != core::Attribute(std::string()))
        line += fmt::format("{}{} = {}", line.empty() ? "" : ", ", name, text_of(value));
    print_out("  /event_{}: {}\n", number, line);
  }
  print_out(content.checksummed ? "the checksums agree\n" : "another program has written it: there is no checksum\n");
}

}  // namespace

ExitCode info(const core::Ranks& ranks, const InfoCommand& command) {
  if (is(ranks, io::is_surface_file, command.file)) {
    io::on_rank_zero(ranks.comm(), [&] { show_surface(command.file); });
    return ExitCode::success;
  }
  if (is(ranks, io::is_ensemble_file, command.file)) {
    io::on_rank_zero(ranks.comm(), [&] { show_ensemble(command.file); });
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
