#include "drivers/modes/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "physics/units.hpp"

namespace ister::drivers {
namespace {

using physics::FluidPoint;
using physics::WaveBackground;
using Complex = std::complex<double>;

std::string fluid_line(const ModesResult& r) {
  const physics::PointEquations& equations = r.background.equations;
  const FluidPoint& f = equations.fluid;
  std::string line = fmt::format("T = {:.6g} MeV, e = {:.6g} GeV/fm^3, c_s^2 = {:.6g}",
                                 physics::units::inverse_fm_to_mev(f.temperature),
                                 physics::units::natural_to_gev_per_fm3(r.energy_density), f.sound_speed_squared);
  if (equations.has_shear)
    line += fmt::format(", tau_pi = {:.6g} fm, eta/w = {:.6g} fm", 1 / f.shear_rate, f.shear_stiffness / f.shear_rate);
  if (equations.has_bulk)
    line += fmt::format(", tau_Pi = {:.6g} fm, zeta/w = {:.6g} fm", 1 / f.bulk_rate, f.bulk_stiffness / f.bulk_rate);
  return line;
}

std::string motion_line(const WaveBackground& b) {
  if (b.velocity == 0) return "at rest";
  return fmt::format("moving with v = {:.6g} at {:.6g} rad to k", b.velocity, b.angle);
}

/// Of a frequency; a part that is rounding of the other is 0.
std::string frequency(Complex omega) {
  const double real = std::abs(omega.real()) < 1e-12 * std::abs(omega) ? 0.0 : omega.real();
  return fmt::format("{:.5g}{:+.5g}i", real, omega.imag());
}

std::string text_of(Complex z) {
  return std::abs(z.imag()) < 1e-7 ? fmt::format("{:.6g}", std::abs(z.real()) < 1e-7 ? 0.0 : z.real())
                                   : fmt::format("{:.6g}{:+.6g}i", z.real(), z.imag());
}

/// Speeds that are the same but for rounding once.
std::string distinct(const std::vector<Complex>& speeds) {
  std::vector<std::string> texts;
  for (const Complex& v : speeds)
    if (texts.empty() || texts.back() != text_of(v)) texts.push_back(text_of(v));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::vector<Complex> all_fronts(const WaveBackground& background) {
  std::vector<Complex> all;
  for (const physics::WaveSector& sector : physics::wave_sectors(background))
    for (const Complex& v : physics::front_speeds(background, sector)) all.push_back(v);
  return all;
}

std::string fronts(const WaveBackground& background) {
  std::string text = "speeds of fronts along k (omega/k of short waves):\n";
  for (const physics::WaveSector& sector : physics::wave_sectors(background))
    text += fmt::format("  {}: {}\n", sector.letter, distinct(physics::front_speeds(background, sector)));
  return text;
}

/// Long waves of matter at rest, and what they leave out.
std::string hydrodynamics(const physics::PointEquations& e) {
  const FluidPoint& f = e.fluid;
  const double eta = e.has_shear ? f.shear_stiffness / f.shear_rate : 0;
  const double zeta = e.has_bulk ? f.bulk_stiffness / f.bulk_rate : 0;
  std::string text = fmt::format("long waves at rest: sound omega = {:.6g} k - {:.6g}i k^2, shear omega = -{:.6g}i k^2",
                                 std::sqrt(f.sound_speed_squared), 0.5 * (4.0 / 3.0 * eta + zeta), eta);
  const double rates[] = {e.has_shear ? f.shear_rate : INFINITY, e.has_bulk ? f.bulk_rate : INFINITY};
  const double gap = std::min(rates[0], rates[1]);
  return text + (std::isfinite(gap) ? fmt::format("; all others decay with at least {:.6g}/fm\n", gap) : "\n");
}

std::string meetings(const ModesResult& r) {
  const auto points = physics::branch_points(r.background.equations, r.waves.k.front(), r.waves.k.back());
  if (points.empty()) return "no branches meet at these k in matter at rest\n";
  std::string text = "critical k, where branches of matter at rest meet:\n";
  for (const physics::BranchPoint& p : points)
    text += fmt::format("  {}: k = {:.10g}/fm, travelling waves {} below, {} above\n", p.letter, p.k,
                        p.travelling_below, p.travelling_above);
  return text;
}

std::string table(const physics::Dispersion& waves) {
  constexpr std::size_t most_rows = 9;
  const std::size_t last = waves.k.size() - 1, rows = std::min(most_rows, waves.k.size());
  std::string text = fmt::format("omega [1/fm], {}\n{:>10}", "damped where Im omega < 0:", "k [1/fm]");
  for (const physics::WaveBranch& branch : waves.branches) text += fmt::format("{:>24}", branch.name);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t row = rows == 1 ? 0 : (i * last) / (rows - 1);
    text += fmt::format("\n{:>10.4g}", waves.k[row]);
    for (const physics::WaveBranch& branch : waves.branches)
      text += fmt::format("{:>24}", frequency(branch.omega[row]));
  }
  return text + "\n";
}

std::string causality(const WaveBackground& background) {
  const physics::FastestFront rest = physics::fastest_front(background.equations, {});
  const physics::FastestFront here = physics::fastest_of(all_fronts(background));
  if (rest.causal()) return fmt::format("causal: at rest fronts have at most {:.8g} of the speed of light", rest.speed);
  std::string text = fmt::format("acausal: at rest fronts have {:.8g} times the speed of light", rest.speed);
  if (here.complex()) return text + fmt::format(", here their speeds are complex, up to {:.6g}i", here.growth);
  return text + (background.velocity == 0 ? "" : fmt::format(", here {:.8g} times", here.speed));
}

std::string stability(const ModesResult& r) {
  const physics::Instability found = physics::instability(r.background, r.waves);
  const double first = r.waves.k.front(), last = r.waves.k.back();
  if (!found.present())
    return fmt::format("stable: no wave grows from k = {:.6g} to {:.6g}/fm in this motion", first, last);
  return fmt::format("unstable: waves grow from k = {:.10g}/fm on{}, fastest with {:.6g}/fm at k = {:.6g}/fm ({})",
                     found.k_first, found.k_first == first ? " (the smallest looked at)" : "", found.rate,
                     found.k_of_rate, found.branch);
}

std::string sectors_of(const WaveBackground& background) {
  return background.axial() ? "L: longitudinal; T: odd under reflection, every root twice"
                            : "L, T: even and odd under reflection at the plane of k and the velocity";
}

}  // namespace

std::string describe(const ModesResult& r) {
  return fmt::format("matter {}: {}\n{}{}{}{}\n{}verdict: {}\nverdict: {}\n", motion_line(r.background), fluid_line(r),
                     hydrodynamics(r.background.equations), fronts(r.background), meetings(r), sectors_of(r.background),
                     table(r.waves), causality(r.background), stability(r));
}

std::string csv_of(const ModesResult& r) {
  std::string text = fmt::format(
      "# complex frequencies omega(k), exp(-i omega t + i k x), k and omega in 1/fm; {}\n# matter {}: {}\n"
      "# {}\n# {}\n# columns: k, omega of each branch (by |omega| at the smallest k, then continuous), then its group "
      "velocity Re d omega/dk\nk",
      sectors_of(r.background), motion_line(r.background), fluid_line(r), causality(r.background), stability(r));
  for (const physics::WaveBranch& branch : r.waves.branches) text += fmt::format(",{0}_re,{0}_im", branch.name);
  for (const physics::WaveBranch& branch : r.waves.branches) text += fmt::format(",{}_group", branch.name);
  for (std::size_t row = 0; row < r.waves.k.size(); ++row) {
    text += fmt::format("\n{:.17g}", r.waves.k[row]);
    for (const physics::WaveBranch& branch : r.waves.branches)
      text += fmt::format(",{:.17g},{:.17g}", branch.omega[row].real(), branch.omega[row].imag());
    for (const physics::WaveBranch& branch : r.waves.branches)
      text += fmt::format(",{:.17g}", branch.group[row].real());
  }
  return text + "\n";
}

}  // namespace ister::drivers
