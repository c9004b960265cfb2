#include "drivers/analyze/surface_formats.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/base/error.hpp"
#include "drivers/analyze/surface_choice.hpp"
#include "drivers/analyze/surface_hadrons.hpp"
#include "drivers/analyze/surface_rows.hpp"
#include "drivers/particles/freeze_out_elements.hpp"
#include "solvers/observers/surface_finder.hpp"

namespace ister::drivers {
namespace {

using core::surface::ElementTable;
using MakeRow = SurfaceRow (SurfaceElement::*)() const;

constexpr std::size_t music_columns = 34;  ///< no density of charge, no diffusion

/// All elements, a boost-invariant surface in every slice of eta.
class Elements {
 public:
  Elements(const ElementTable& table, bool boost_invariant, EtaSlices slices)
      : m_table(table), m_flat(boost_invariant), m_slices(std::move(slices)) {}

  template <class Use>
  void rows(MakeRow make, const Use& use) const {
    const auto count = static_cast<std::size_t>(m_table.rows());
    if (!m_flat)
      for (std::size_t r = 0; r < count; ++r) use((SurfaceElement(m_table, r).*make)());
    else
      for (const double middle : m_slices.middles)
        for (std::size_t r = 0; r < count; ++r) use((SurfaceElement(m_table, r, {middle, m_slices.width}).*make)());
  }

  [[nodiscard]] std::string text(MakeRow make, const char* format, const char* between) const {
    std::string text;
    rows(make, [&](const SurfaceRow& row) {
      for (std::size_t c = 0; c < row.size(); ++c)
        text += (c == 0 ? "" : between) + fmt::format(fmt::runtime(format), row[c]);
      text += '\n';
    });
    return text;
  }

  /// Native numbers without a header, zeros behind those of a row up to `columns`.
  template <class Number>
  [[nodiscard]] std::string bytes(MakeRow make, std::size_t columns) const {
    std::string bytes;
    rows(make, [&](const SurfaceRow& row) {
      std::vector<Number> values(columns);
      for (std::size_t c = 0; c < row.size(); ++c) values[c] = static_cast<Number>(row[c]);
      bytes.append(reinterpret_cast<const char*>(values.data()), columns * sizeof(Number));
    });
    return bytes;
  }

 private:
  const ElementTable& m_table;
  bool m_flat;
  EtaSlices m_slices;
};

/// What iSS reads beside the surface. Its hadron gas gives T at the energy density. The last line speaks of none of its
/// keys: it takes an empty line behind for one more of the last key, without a value.
constexpr const char* music_input =
    "EOS_to_use 9\nInclude_Bulk_Visc_Yes_1_No_0 1\nInclude_Rhob_Yes_1_No_0 0\nturn_on_baryon_diffusion 0\n"
    "freeze_surface_in_binary 1\nEndOfData\n";

/// What the FIST sampler is started with. Where hadrons at the temperature of the surface carry another energy than the
/// fluid, it takes T from its hadron gas at the energy density; else not, since it finds none at some (0.242 GeV/fm^3).
std::string fist_input(const ElementTable& table, const std::filesystem::path& path) {
  if (path.string().find_first_of(" \t\n#") != std::string::npos)
    throw InputError(fmt::format("{}: the FIST sampler reads no paths with blanks or #", path.string()));
  constexpr double much = 0.01;
  const HadronMismatch more = hadron_mismatch(table, physics::HadronGas(physics::shipped_hadrons()));
  return fmt::format(
      "fist_sampler_mode 0\nhypersurface_filetype 1\nhypersurface_file {}\nrescaleTmu {}\nedens {:.12g}\n"
      "shear_correction 1\nnevents 1000\noutput_file fist_events.dat\n",
      path.string(), std::abs(more.energy) > much ? 1 : 0, surface_level(table).energy_density);
}

std::string as_csv(const ElementTable& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.columns, ","));
  for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows()); ++r)
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      text += fmt::format("{:.17g}{}", table.values[c][r], c + 1 < table.columns.size() ? ',' : '\n');
  return text;
}

/// InputError where what was asked for cannot be said in the format.
void require_sayable(const std::string& format, const ElementTable& table, std::size_t directions, bool in_slices) {
  if (format != "csv" && (table.columns != solvers::surface_columns(true) || directions < 2))
    throw InputError(
        fmt::format("--to {} takes surfaces of runs with x and y in Milne coordinates; --to csv any", format));
  if (in_slices && (format == "csv" || directions > 2))
    throw InputError("--eta-slices is for surfaces of runs in x and y, in the formats of other codes");
  if (format != "frzout" || directions > 2) return;
  if (in_slices) throw InputError("--to frzout takes no --eta-slices: frzout itself spreads particles over rapidity");
  require_no_flow_along_eta(table, "--to frzout");
}

}  // namespace

const std::vector<SurfaceFormat>& surface_formats() {
  static const std::vector<SurfaceFormat> formats{{"csv", "17 digits"},
                                                  {"music", "34 numbers of 4 bytes (single precision) an element"},
                                                  {"music-text", "11 digits"},
                                                  {"iss", "34 numbers of 4 bytes (single precision) an element"},
                                                  {"is3d", "11 digits, of runs with eta 16"},
                                                  {"vhlle", "16 digits"},
                                                  {"fist", "30 numbers of 8 bytes an element"},
                                                  {"frzout", "16 numbers of 8 bytes an element, of runs with eta 22"}};
  return formats;
}

std::vector<io::FileContent> surface_as(const std::string& format, const io::SurfaceContent& content,
                                        const ElementTable& table, const std::optional<EtaSlices>& slices,
                                        const std::filesystem::path& path) {
  const std::size_t directions = format == "csv" ? 0 : surface_dimensions(content);
  require_sayable(format, table, directions, slices.has_value());
  if (format == "csv") return {{path, as_csv(table)}};
  const bool flat = directions == 2;
  const Elements all(table, flat, slices.value_or(EtaSlices{}));
  using E = SurfaceElement;
  if (format == "music") return {{path, all.bytes<float>(&E::music, music_columns)}};
  if (format == "iss")
    return {{path, all.bytes<float>(&E::music, music_columns)}, {path.parent_path() / "music_input", music_input}};
  if (format == "vhlle") return {{path, all.text(&E::vhlle, "{:24.15e}", "")}};
  if (format == "fist")
    return {{path, all.bytes<double>(&E::fist, 30)}, {path.parent_path() / "fist_input", fist_input(table, path)}};
  if (format == "frzout")
    return {{path, flat ? all.bytes<double>(&E::frzout_flat, 16) : all.bytes<double>(&E::frzout, 22)}};
  if (format == "is3d" && !flat) return {{path, all.text(&E::is3d, "{:.15e}", " ")}};
  return {{path, all.text(&E::music, "{:.10e}", " ")}};
}

}  // namespace ister::drivers
