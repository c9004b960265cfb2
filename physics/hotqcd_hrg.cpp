#include "physics/hotqcd_hrg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "core/base/error.hpp"
#include "physics/eos_type.hpp"
#include "physics/hotqcd.hpp"
#include "physics/interpolation.hpp"
#include "physics/units.hpp"

namespace ister::physics {
namespace {

/// As a function of ln T, T in 1/fm.
using Pressure = std::function<ScaledPressure(double log_t)>;

double log_e_of(const Pressure& pressure, double log_t) { return std::log(pressure(log_t).energy()) + 4.0 * log_t; }

/// The fit, whose second derivative follows from its speed of sound.
ScaledPressure fit_at(double log_t) {
  const hotqcd::Fit fit = hotqcd::fit(units::inverse_fm_to_mev(std::exp(log_t)));
  const double p = fit.pressure, first = fit.energy - 3.0 * p;
  return {p, first, (4.0 * p + first) / fit.sound_speed_squared - 12.0 * p - 7.0 * first};
}

/// A pressure by polynomials between two ln T: the sums of a gas of hundreds of hadrons are too slow for a table.
Pressure interpolated(const Pressure& exact, double from, double to) {
  constexpr int points = 40;
  std::vector<double> value, first, second;
  for (const double s : chebyshev_points(points)) {
    const ScaledPressure p = exact(0.5 * (from + to) + 0.5 * s * (to - from));
    value.push_back(p.value);
    first.push_back(p.first);
    second.push_back(p.second);
  }
  return [f = chebyshev_curve(from, to, value), g = chebyshev_curve(from, to, first),
          h = chebyshev_curve(from, to, second)](double log_t) {
    return ScaledPressure{f(log_t), g(log_t), h(log_t)};
  };
}

/// p/T^4 and three derivatives by ln T, the last one from differences of order 8.
std::array<double, 4> taylor(const Pressure& pressure, double log_t) {
  constexpr double step = 4e-3, weights[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
  double third = 0.0;
  for (int i = 0; i < 4; ++i) {
    const double h = (i + 1) * step;
    third += weights[i] / step * (pressure(log_t + h).second - pressure(log_t - h).second);
  }
  const ScaledPressure p = pressure(log_t);
  return {p.value, p.first, p.second, third};
}

/// The polynomial of degree 7 that has the value and three derivatives of `left` at ln T = a and of `right` at b.
class Joint {
 public:
  Joint(const Pressure& left, double a, const Pressure& right, double b) : m_from(a), m_width(b - a) {
    // In y = (ln T - a)/(b - a): c_0 + ... + c_3 y^3 + y^4 R(y) with R = r_0 + ... + r_3 (y - 1)^3, where
    // y^-4 = 1 - 4 (y - 1) + 10 (y - 1)^2 - 20 (y - 1)^3 + ...
    constexpr double inverse[] = {1, -4, 10, -20}, binomial[4][4] = {{1}, {-1, 1}, {1, -2, 1}, {-1, 3, -3, 1}};
    const std::array<double, 4> c = scaled(taylor(left, a));
    std::array<double, 4> rest = scaled(taylor(right, b));
    const double at_one[] = {c[0] + c[1] + c[2] + c[3], c[1] + 2 * c[2] + 3 * c[3], c[2] + 3 * c[3], c[3]};
    for (int i = 0; i < 4; ++i) rest[i] -= at_one[i];
    std::copy(c.begin(), c.end(), m_c.begin());
    for (int i = 0; i < 4; ++i) {
      double r = 0.0;
      for (int j = 0; j <= i; ++j) r += rest[j] * inverse[i - j];
      for (int j = 0; j <= i; ++j) m_c[4 + j] += r * binomial[i][j];
    }
  }

  ScaledPressure operator()(double log_t) const {
    const double y = (log_t - m_from) / m_width;
    double value = 0.0, first = 0.0, second = 0.0;  // the last one halved
    for (int i = 7; i >= 0; --i) {
      second = second * y + first;
      first = first * y + value;
      value = value * y + m_c[i];
    }
    return {value, first / m_width, 2.0 * second / (m_width * m_width)};
  }

 private:
  /// Coefficients of powers of y from derivatives by ln T.
  [[nodiscard]] std::array<double, 4> scaled(const std::array<double, 4>& d) const {
    const double w = m_width;
    return {d[0], d[1] * w, d[2] * w * w / 2.0, d[3] * w * w * w / 6.0};
  }

  double m_from, m_width;
  std::array<double, 8> m_c{};
};

/// At a given ln e, by Newton's method in ln T with d ln T/d ln e = (dp/de)/(1 + p/e).
EosPoint point_at(double log_e, const Pressure& pressure, double log_t_low, double log_t_high) {
  double log_t = 0.5 * (log_t_low + log_t_high);
  ScaledPressure p{};
  for (int iteration = 0; iteration < 50; ++iteration) {
    p = pressure(log_t);
    const double miss = log_e - std::log(p.energy()) - 4.0 * log_t;
    const double step = miss * p.sound_speed_squared() / (1.0 + p.value / p.energy());
    log_t = std::clamp(log_t + step, log_t_low, log_t_high);
    if (!(std::abs(step) > 1e-9)) break;  // its square is below rounding
  }
  p = pressure(log_t);
  return {p.value / p.energy(), p.sound_speed_squared(), std::exp(log_t)};
}

void require_fluid(const EosTable& table, double gas_below) {
  const std::optional<double> fault = first_fault(table);
  if (!fault) return;
  const EosPoint point = table.view().at(table.view().locate(*fault));
  throw InputError(fmt::format(
      "eos.hadrons, eos.hadron_gas_below = {:g} GeV: joined to the lattice, dp/de = {:.3g} at {:.4g} MeV, where 0 < "
      "dp/de < 1 and dT/de > 0 must hold: the list needs the resonances up to 2 GeV, or another joint",
      gas_below, point.sound_speed_squared, units::inverse_fm_to_mev(point.temperature)));
}

}  // namespace

EosTable tabulate_hotqcd_hrg(const HadronGas& gas, double gas_below) {
  using namespace units;
  const Pressure sums = [&](double log_t) { return gas.at(std::exp(log_t)); };
  const double low = std::log(mev_to_inverse_fm(hotqcd_hrg::gas_from_mev));
  const double middle = std::log(gev_to_inverse_fm(gas_below));
  const double e_low = log_e_of(sums, low), e_middle = log_e_of(sums, middle);
  // The joint bends more than the fit does: with cells of 0.05 T and dp/de belong together to 3e-8, with these to
  // 5e-11.
  const EosCells cells{e_low, e_middle, 0.0125};
  const double e_high = cells.boundary_from(hotqcd::log_e(mev_to_inverse_fm(hotqcd_hrg::fit_from_mev)));
  const double high = std::log(hotqcd::at(e_high).temperature);
  const Pressure hadrons = interpolated(sums, low, middle);
  const Pressure joint = Joint(sums, middle, fit_at, high);
  EosTable table =
      tabulate_above(cells, std::exp(low), mev_to_inverse_fm(hotqcd::highest_temperature_mev), [&](double log_e) {
        if (log_e <= e_middle) return point_at(log_e, hadrons, low, middle);
        return log_e < e_high ? point_at(log_e, joint, middle, high) : hotqcd::at(log_e);
      });
  require_fluid(table, gas_below);
  return table;
}

EosType hotqcd_hrg_eos() {
  return {
      {"hotqcd_hrg",
       {core::Option("hadrons", std::string(),
                     "CSV: name, mass_GeV, width_GeV, degeneracy, statistics, B, S, Q; empty: as inputs/hadrons.csv")
            .in(core::Unit::path),
        core::Option("hadron_gas_below", 0.155,
                     "temperature up to which there are hadrons; from 220 MeV on the lattice")
            .in(core::Unit::gev)
            .within(0.1, 0.18)}},
      [](const core::OptionValues& values) -> EquationOfState {
        const std::string& path = values.text("hadrons");
        const std::vector<Hadron> hadrons = path.empty() ? shipped_hadrons() : read_hadrons(path);
        require_neutral(hadrons, path.empty() ? "hadrons.csv" : path);
        return tabulate_hotqcd_hrg(HadronGas(hadrons), values.number("hadron_gas_below"));
      }};
}

}  // namespace ister::physics
