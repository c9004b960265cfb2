#include <fmt/format.h>

#include "core/kernels/angles/angle_filter.hpp"
#include "core/kernels/angles/wavevectors.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/choice.hpp"
#include "drivers/analyze/option_text.hpp"
#include "drivers/analyze/units.hpp"
#include "drivers/machine/thresholds.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

using core::AngleEngine;
using core::IfNone;

/// Indices of the angles, or of the wavevectors by their directions, inside any of several ranges.
struct AnglesOptions {
  std::filesystem::path file;
  std::string dataset, kx, ky, units;
  std::vector<std::string> ranges, shells;
  bool axial = false;
  IfNone if_none = IfNone::error;
  AngleEngine engine = AngleEngine::automatic;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", file, "HDF5 file with the angles")->required();
    CLI::Option* angles = app.add_option("--dataset", dataset, "the angles, of any shape")->type_name("NAME");
    CLI::Option* x = app.add_option("--kx", kx, "in place of angles: wavevectors, whose directions are used");
    CLI::Option* y = app.add_option("--ky", ky, "their other component, of the same shape");
    x->type_name("NAME")->needs(y)->excludes(angles);
    y->type_name("NAME")->needs(x)->excludes(angles);
    app.add_option("--units", units,
                   "of the angles: degrees or radians; of kx and ky: 1/Angstrom, 1/nm, ... (default: the attribute "
                   "units of the datasets; of angles without one degrees)")
        ->type_name("UNIT");
    app.add_option(
           "--range", ranges,
           "degrees, both ends included; several are joined. 170:-170 runs through 180. May be left out with --shell "
           "alone: all directions")
        ->type_name("LOWER:UPPER");
    app.add_option("--shell", shells, "with --kx and --ky: only wavevectors of such a length |k|; several are joined")
        ->type_name("LOWER:UPPER")
        ->needs(x);
    app.add_flag("--axial", axial, "angles of axes, which have no head: 10 and 190 degrees are the same");
    app.add_option("--if-none", if_none, "where no angle is inside: stop with an error, or take all with a warning")
        ->type_name("error|all")
        ->transform(choice<IfNone>({{"error", IfNone::error}, {"all", IfNone::all}}))
        ->default_str("error");
    app.add_option("--engine", engine, "the algorithm; all give the same answer")
        ->type_name("auto|scalar|vector|parallel")
        ->transform(choice<AngleEngine>({{"auto", AngleEngine::automatic},
                                         {"scalar", AngleEngine::scalar},
                                         {"vector", AngleEngine::vector},
                                         {"parallel", AngleEngine::parallel}}))
        ->default_str("auto");
    results.add_to(app);
    app.footer(
        "At least one --range or --shell is needed. Angles count modulo 360 degrees (--axial: 180); that of a "
        "wavevector is atan2(ky, kx), which k = 0 does not have. NaN is inside no range. Lengths are in the units "
        "of kx, into which ky is brought.\n"
        "Writes index (selected), ascending: the place in the dataset, from 0, the last of several indices running "
        "fastest; and angle (selected), in degrees.\n"
        "Example: ister analyze angles data.h5 --dataset phi --range -10:10 170:-170 -o selected.h5\n"
        "Example: ister analyze angles data.h5 --kx kx --ky ky --shell 0.5:1.5 --range=-45:45 -o selected.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    std::vector<core::AngleRange> selected;
    for (const std::string& text : ranges) {
      const core::Interval ends = parse_interval("--range", text);
      selected.emplace_back(ends.lower, ends.upper, axial);
    }
    if (selected.empty() && shells.empty())
      throw InputError("analyze angles: at least one --range (or --shell) says what to select");
    if (selected.empty()) selected.emplace_back(0.0, 360.0, axial);

    const std::vector<double> angles = read_angles();
    const auto count = static_cast<std::int64_t>(angles.size());
    std::vector<std::int64_t> indices(angles.size());
    core::AngleFilter filter(selected, engine, machine_thresholds());
    core::AngleSelection selection{};
    try {
      selection = filter.select(angles.data(), count, indices.data(), if_none);
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", what_is_selected(), error.what()));
    }
    if (selection.none_matched)
      print_error("ister: warning: {}: no angle is inside any of the ranges; all {} are taken\n", what_is_selected(),
                  count);
    write(angles, indices, selection);
    return ExitCode::success;
  }

 private:
  [[nodiscard]] std::string what_is_selected() const {
    std::string text = fmt::format("{}: {}", file.string(), dataset.empty() ? kx + ", " + ky : dataset);
    if (!ranges.empty()) text += fmt::format(" with --range {}", fmt::join(ranges, " "));
    if (!shells.empty()) text += fmt::format(" with --shell {}", fmt::join(shells, " "));
    return text;
  }

  [[nodiscard]] std::vector<double> read_angles() const {
    std::vector<double> angles = find_angles();
    if (angles.empty()) throw InputError(fmt::format("{}: {} is empty", file.string(), dataset.empty() ? kx : dataset));
    return angles;
  }

  /// The unit of a dataset: as --units has it, or else its attribute, or else `fallback`.
  [[nodiscard]] std::string unit_of(const io::ArrayFile& input, const std::string& name,
                                    const std::string& fallback) const {
    const std::string own = input.units(name);
    if (units.empty()) return own.empty() ? fallback : own;
    if (!own.empty() && own != units)
      print_error("ister: warning: {}: {} says that its units are \"{}\"; --units {} is used\n", file.string(), name,
                  own, units);
    return units;
  }

  [[nodiscard]] std::vector<double> find_angles() const {
    const io::ArrayFile input(file);
    if (!dataset.empty()) return read_degrees(input);
    if (kx.empty()) throw InputError("analyze angles: --dataset, or --kx and --ky, say where the angles are");
    return directions(input);
  }

  [[nodiscard]] std::vector<double> read_degrees(const io::ArrayFile& input) const {
    std::vector<double> angles = input.read(dataset).values;
    const double unit = degrees_of_unit(unit_of(input, dataset, ""), fmt::format("{}: {}", file.string(), dataset));
    for (double& angle : angles) angle = in_degrees(angle, unit);
    return angles;
  }

  /// What one of ky is in units of kx.
  [[nodiscard]] double ky_in_kx(const io::ArrayFile& input) const {
    const auto value = [&](const std::string& name, const std::string& other) {
      return inverse_angstrom_of_unit(unit_of(input, name, input.units(other)),
                                      fmt::format("{}: {}", file.string(), name));
    };
    const double x = value(kx, ky), y = value(ky, kx);
    return x == y ? 1.0 : y / x;
  }

  [[nodiscard]] std::vector<double> directions(const io::ArrayFile& input) const {
    const io::Array x = input.read(kx);
    io::Array y = input.read(ky);
    if (x.extents != y.extents)
      throw InputError(fmt::format("{}: {} has {} values in [{}], {} has {} in [{}]; they must agree", file.string(),
                                   kx, x.values.size(), fmt::join(x.extents, ", "), ky, y.values.size(),
                                   fmt::join(y.extents, ", ")));
    const double unit = ky_in_kx(input);
    for (double& k : y.values) k *= unit;
    std::vector<core::Interval> lengths;
    for (const std::string& text : shells) {
      lengths.push_back(parse_interval("--shell", text));
      if (!(lengths.back().lower >= 0 && lengths.back().lower <= lengths.back().upper))
        throw InputError(fmt::format("--shell \"{}\": expected 0 <= LOWER <= UPPER", text));
    }
    std::vector<double> angles(x.values.size());
    core::wavevector_angles(x.values.data(), y.values.data(), static_cast<std::int64_t>(angles.size()), lengths,
                            angles.data());
    return angles;
  }

  void write(const std::vector<double>& angles, const std::vector<std::int64_t>& indices,
             const core::AngleSelection& selection) const {
    std::vector<double> positions, values;
    for (std::int64_t n = 0; n < selection.count; ++n) {
      const std::int64_t i = indices[static_cast<std::size_t>(n)];
      positions.push_back(static_cast<double>(i));
      values.push_back(angles[static_cast<std::size_t>(i)]);
    }
    results.write({{"index", io::Array(positions)}, {"angle", io::Array(values), "degrees"}},
                  {{"analysis", std::string("angles")},
                   {"ranges", fmt::format("{}", fmt::join(ranges, " "))},
                   {"shells", fmt::format("{}", fmt::join(shells, " "))},
                   {"axial", std::int64_t{axial}},
                   {"angles", static_cast<std::int64_t>(angles.size())},
                   {"none_matched", std::int64_t{selection.none_matched}}});
  }
};

}  // namespace

void add_angles(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<AnglesOptions>(analyze, command, "angles",
                              "indices of angles or wavevectors inside ranges of directions");
}

}  // namespace ister::drivers
