#include <fmt/format.h>

#include "drivers/commands.hpp"
#include "drivers/print.hpp"
#include "io/field_file.hpp"

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

}  // namespace

ExitCode info(const core::Ranks& ranks, const InfoCommand& command) {
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
