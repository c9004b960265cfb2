#include "drivers/analyze/surface_choice.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "physics/units.hpp"

namespace ister::drivers {

void SurfaceChoice::add_to(CLI::App& app) {
  app.add_option("FILE.h5", source, "the surfaces of a run, <name>_surface.h5")->required();
  app.add_option("--level", level, "which surface of several, in the order of the input")
      ->check(CLI::Range(0, 15))
      ->capture_default_str();
}

const core::surface::ElementTable& SurfaceChoice::of(const io::SurfaceContent& content) const {
  if (level >= static_cast<int>(content.surfaces.size()))
    throw InputError(
        fmt::format("{}: --level {}, but there are {} surfaces", source.string(), level, content.surfaces.size()));
  return content.surfaces[static_cast<std::size_t>(level)];
}

std::size_t surface_dimensions(const io::SurfaceContent& content) {
  const auto points = content.attributes.find("points");
  const auto* list =
      points == content.attributes.end() ? nullptr : std::get_if<std::vector<std::int64_t>>(&points->second);
  if (list == nullptr) throw InputError("the surface does not say the points of its grid");
  return list->size();
}

SurfaceLevel surface_level(const core::surface::ElementTable& table) {
  const auto value = [&](const char* name) {
    const auto found = table.attributes.find(name);
    const auto* number = found == table.attributes.end() ? nullptr : std::get_if<double>(&found->second);
    if (number == nullptr) throw InputError(fmt::format("the surface does not say its {}", name));
    return *number;
  };
  return {physics::units::natural_to_gev_per_fm3(value("level_energy_density")),
          physics::units::inverse_fm_to_gev(value("level_temperature"))};
}

}  // namespace ister::drivers
