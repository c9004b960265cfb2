#include "drivers/analyze/surface_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.hpp"
#include "drivers/analyze/surface_choice.hpp"
#include "physics/units.hpp"
#include "solvers/observers/surface_finder.hpp"

namespace ister::drivers {
namespace {

using core::surface::ElementTable;
namespace units = physics::units;

/// An element with the components that u.u = -1 and pi.u = 0 imply; z components carry tau. Powers of 1/fm.
struct FullElement {
  std::array<double, 4> at, dS, u;
  double e, T, p, s, bulk;
  std::array<std::array<double, 4>, 4> pi;

  FullElement(const ElementTable& t, std::size_t row) {
    const auto value = [&](std::size_t c) { return t.values[c][row]; };
    for (std::size_t m = 0; m < 4; ++m) {
      at[m] = value(m);
      dS[m] = value(4 + m);
    }
    for (std::size_t i = 1; i < 4; ++i) u[i] = value(7 + i);
    u[0] = std::sqrt(1.0 + u[1] * u[1] + u[2] * u[2] + u[3] * u[3]);
    e = value(11), T = value(12), p = value(13), s = value(14), bulk = value(21);
    pi[1] = {0, value(15), value(16), value(17)};
    pi[2] = {0, value(16), value(18), value(19)};
    pi[3] = {0, value(17), value(19), value(20)};
    pi[0] = {};
    for (std::size_t i = 1; i < 4; ++i) {
      for (std::size_t j = 1; j < 4; ++j) pi[0][i] += pi[i][j] * u[j] / u[0];
      pi[i][0] = pi[0][i];
    }
    for (std::size_t i = 1; i < 4; ++i) pi[0][0] += pi[0][i] * u[i] / u[0];
  }
};

using Row = std::vector<double>;

/// MUSIC: dS without tau, W = pi, all in powers of 1/fm. No charges.
Row music_row(const FullElement& f) {
  Row row(f.at.begin(), f.at.end());
  row.insert(row.end(), f.dS.begin(), f.dS.end());
  row.insert(row.end(), f.u.begin(), f.u.end());
  row.insert(row.end(), {f.e, f.T, 0.0, 0.0, 0.0, f.s});
  for (std::size_t m = 0; m < 4; ++m)
    for (std::size_t n = m; n < 4; ++n) row.push_back(f.pi[m][n]);
  row.push_back(f.bulk);
  return row;
}

/// iS3D, mode 1 (gpu-vh): d sigma with tau, eta components without.
Row is3d_row(const FullElement& f) {
  const double tau = f.at[0];
  Row row(f.at.begin(), f.at.end());
  row.insert(row.end(), {tau * f.dS[0], tau * f.dS[1], tau * f.dS[2], tau * f.dS[3], f.u[1], f.u[2], f.u[3] / tau, f.e,
                         f.T, f.p, f.pi[1][1], f.pi[1][2], f.pi[1][3] / tau, f.pi[2][2], f.pi[2][3] / tau, f.bulk});
  return row;
}

/// vHLLE: Cartesian components, d sigma with tau, energies in GeV.
Row vhlle_row(const FullElement& f) {
  const double tau = f.at[0], c = std::cosh(f.at[3]), s = std::sinh(f.at[3]);
  const auto boosted = [&](const std::array<double, 4>& v) {
    return std::array{c * v[0] + s * v[3], v[1], v[2], s * v[0] + c * v[3]};
  };
  const std::array<double, 4> u = boosted(f.u);
  std::array<std::array<double, 4>, 4> half{}, pi{};
  for (std::size_t m = 0; m < 4; ++m) half[m] = boosted(f.pi[m]);
  for (std::size_t n = 0; n < 4; ++n) {
    const std::array<double, 4> column = boosted({half[0][n], half[1][n], half[2][n], half[3][n]});
    for (std::size_t m = 0; m < 4; ++m) pi[m][n] = units::natural_to_gev_per_fm3(column[m]);
  }
  Row row(f.at.begin(), f.at.end());
  row.insert(row.end(),
             {tau * c * f.dS[0] - s * f.dS[3], tau * f.dS[1], tau * f.dS[2], -tau * s * f.dS[0] + c * f.dS[3]});
  row.insert(row.end(), u.begin(), u.end());
  row.insert(row.end(), {units::inverse_fm_to_gev(f.T), 0.0, 0.0, 0.0});
  for (std::size_t n = 0; n < 4; ++n)
    for (std::size_t m = 0; m <= n; ++m)
      if (n < 3) row.push_back(pi[m][n]);
  row.insert(row.end(), {pi[0][3], pi[1][3], pi[2][3], pi[3][3], units::natural_to_gev_per_fm3(f.bulk)});
  return row;
}

/// All elements as rows, a boost-invariant surface in every slice of eta.
std::vector<Row> rows(const ElementTable& table, bool boost_invariant, const EtaSlices& slices,
                      Row (*make)(const FullElement&)) {
  std::vector<Row> all;
  const std::vector<double> middles = boost_invariant ? slices.middles : std::vector<double>{0.0};
  for (const double middle : middles)
    for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows()); ++r) {
      FullElement element(table, r);
      if (boost_invariant) {
        element.at[3] = middle;
        for (double& component : element.dS) component *= slices.width;
      }
      all.push_back(make(element));
    }
  return all;
}

std::string as_text(const std::vector<Row>& all, const char* format, const char* between) {
  std::string text;
  for (const Row& row : all) {
    for (std::size_t c = 0; c < row.size(); ++c)
      text += (c == 0 ? "" : between) + fmt::format(fmt::runtime(format), row[c]);
    text += '\n';
  }
  return text;
}

/// MUSIC's 34 numbers: no density of charge, no diffusion.
std::string as_floats(const std::vector<Row>& all) {
  constexpr std::size_t numbers = 34;
  std::string bytes;
  for (const Row& row : all) {
    std::array<float, numbers> values{};
    std::transform(row.begin(), row.end(), values.begin(), [](double v) { return static_cast<float>(v); });
    bytes.append(reinterpret_cast<const char*>(values.data()), sizeof values);
  }
  return bytes;
}

/// What iSS reads beside the surface. Its hadron gas gives T at the energy density.
constexpr const char* music_input =
    "EOS_to_use 9\nInclude_Bulk_Visc_Yes_1_No_0 1\nInclude_Rhob_Yes_1_No_0 0\nturn_on_baryon_diffusion 0\n"
    "freeze_surface_in_binary 1\n";

std::string as_csv(const ElementTable& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.columns, ","));
  for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows()); ++r)
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      text += fmt::format("{:.17g}{}", table.values[c][r], c + 1 < table.columns.size() ? ',' : '\n');
  return text;
}

}  // namespace

const std::vector<std::string>& surface_format_names() {
  static const std::vector<std::string> names{"csv", "music", "music-text", "iss", "is3d", "vhlle"};
  return names;
}

std::vector<io::FileContent> surface_as(const std::string& format, const io::SurfaceContent& content,
                                        const ElementTable& table, const EtaSlices& slices,
                                        const std::filesystem::path& path) {
  if (format == "csv") return {{path, as_csv(table)}};
  const std::size_t directions = surface_dimensions(content);
  if (table.columns != solvers::surface_columns(true) || directions < 2)
    throw InputError(
        fmt::format("--to {} takes surfaces of runs with x and y in Milne coordinates; --to csv any", format));
  const bool flat = directions == 2;
  if (format == "vhlle") return {{path, as_text(rows(table, flat, slices, vhlle_row), "{:24.15e}", "")}};
  if (format == "is3d" && !flat) return {{path, as_text(rows(table, flat, slices, is3d_row), "{:.15e}", " ")}};
  const std::vector<Row> all = rows(table, flat, slices, music_row);
  if (format == "music-text" || format == "is3d") return {{path, as_text(all, "{:.10e}", " ")}};
  std::vector<io::FileContent> files{{path, as_floats(all)}};
  if (format == "iss") files.push_back({path.parent_path() / "music_input", music_input});
  return files;
}

}  // namespace ister::drivers
