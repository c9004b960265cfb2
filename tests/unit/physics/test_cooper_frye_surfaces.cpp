#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "physics/cooper_frye.hpp"
#include "physics/particle_moments.hpp"
#include "tests/unit/physics/freeze_out_cases.hpp"

namespace ister::tests {
namespace {

using namespace physics;

/// ln(T/T_f) = c - k ln(tau/tau_0) - x^2/2a^2 - y^2/2b^2 with u = (h_x tau x, h_y tau y) and stress as in set_stress.
/// dN/(dy d^2pT) [1/GeV^2] of the surface T = T_f, mean over angles, and v_2, v_4 by other software, without and with
/// 14 moments of shear; methods agree to 6e-15.
struct Ellipsoid {
  Kind kind;
  double pt;
  bool shear;
  double spectrum, v2, v4;
};
constexpr Ellipsoid ellipsoid[] = {
    {{0.13957, -1}, 0.2, false, 20.3541186273529, 0.0243213471571865, 3.3571098730292e-05},
    {{0.13957, -1}, 0.2, true, 19.0453038761491, 0.0301824257337696, 0.000364407361004413},
    {{0.13957, -1}, 1, false, 0.421508572438132, 0.072158196924628, 0.000909967199420545},
    {{0.13957, -1}, 1, true, 0.530157836576931, 0.190866644345662, 0.0123890787392166},
    {{0.13957, -1}, 2, false, 0.00213568228673716, 0.10475616412387, 0.00337011284846828},
    {{0.13957, -1}, 2, true, 0.00530839960282697, 0.338788198286694, 0.0322954908064833},
    {{0.49368, -1}, 0.2, false, 2.54248570869328, 0.0124668664876886, 8.77464533906113e-06},
    {{0.49368, -1}, 0.2, true, 2.22777344212778, 0.0150329883945826, 0.000138224458831913},
    {{0.49368, -1}, 1, false, 0.190749593594228, 0.0694793975655294, 0.000860522722468383},
    {{0.49368, -1}, 1, true, 0.230965125949579, 0.184020491270897, 0.0118854472721747},
    {{0.49368, -1}, 2, false, 0.00140997207096724, 0.103853293566617, 0.00332122763104864},
    {{0.49368, -1}, 2, true, 0.00344096911218927, 0.337276309592141, 0.0320615788130143},
    {{0.93827, 0}, 0.2, false, 0.132106554670372, 0.0075717607487463, 4.58037363582375e-06},
    {{0.93827, 0}, 0.2, true, 0.107809119774809, 0.00790101270539524, 7.31696153190608e-05},
    {{0.93827, 0}, 1, false, 0.0282324321340804, 0.0637106786499714, 0.000758871894398109},
    {{0.93827, 0}, 1, true, 0.0312520921022491, 0.167410146609376, 0.0107665024077354},
    {{0.93827, 0}, 2, false, 0.000459604650474566, 0.10145971573616, 0.00319272241058483},
    {{0.93827, 0}, 2, true, 0.00106694452584421, 0.333067446789329, 0.031431990274359},
    {{0.93827, 1}, 0.2, false, 0.132016234996645, 0.00756717984134435, 4.5638504012235e-06},
    {{0.93827, 1}, 0.2, true, 0.107730882854637, 0.00789839287724621, 7.30919053492014e-05},
    {{0.93827, 1}, 1, false, 0.0282282047666245, 0.0637062318281103, 0.000758570396526825},
    {{0.93827, 1}, 1, true, 0.031245899051132, 0.167395727757538, 0.0107646390511868},
    {{0.93827, 1}, 2, false, 0.000459603471802023, 0.101459575730874, 0.0031927045776135},
    {{0.93827, 1}, 2, true, 0.00106693979081039, 0.333067117439765, 0.0314318903046958},
};

std::vector<FreezeOutElement> ellipsoid_surface(bool shear) {
  constexpr double c = 1.0, k = 0.4, a = 3.0, b = 4.2, hx = 0.03, hy = 0.02, start = 0.8, t = 0.14 * gev;
  constexpr int rings = 40, angles = 64;
  const MomentumGrid radius(std::sqrt(2.0 * c), rings);
  const double w = 4.0 / 3.0 * 42.25 * pi * pi / 30.0 * std::pow(t, 4);
  std::vector<FreezeOutElement> elements;
  for (int i = 0; i < rings; ++i)
    for (int j = 0; j < angles; ++j) {
      const double s = radius.pt[i], phi = 2.0 * pi * j / angles, area = radius.weight[i] * s * a * b * 2 * pi / angles;
      const double x = a * s * std::cos(phi), y = b * s * std::sin(phi), tau = start * std::exp((c - 0.5 * s * s) / k);
      FreezeOutElement e{0,
                         tau * area,
                         tau * area * tau * x / (k * a * a),
                         tau * area * tau * y / (k * b * b),
                         0,
                         hx * tau * x,
                         hy * tau * y,
                         0,
                         t,
                         0,
                         0,
                         0,
                         0,
                         0,
                         0,
                         {}};
      set_stress(e, w, -0.06, 0.02);
      if (shear) e.delta.stress = 0.5 / (w * t * t);
      elements.push_back(e);
    }
  return elements;
}

TEST(CooperFrye, EllipsoidWithShear) {
  for (const Ellipsoid& row : ellipsoid) {
    const Harmonics found = harmonics_of(cooper_frye(ellipsoid_surface(row.shear), row.kind.mass * gev,
                                                     row.kind.statistics, row.pt * gev, Directions(24)));
    EXPECT_LT(relative(found[0].real() * gev * gev, row.spectrum), 1e-10) << row.pt;
    EXPECT_NEAR(found[2].real() / found[0].real(), row.v2, 1e-10) << row.pt;
    EXPECT_NEAR(found[4].real() / found[0].real(), row.v4, 1e-10) << row.pt;
  }
}

/// The isotherm T = 0.8/fm of Gubser's flow from tau = 1 on, q = 1, That(rho) = 1.2 cosh(rho)^{-2/3} without viscosity:
/// tau = That/T_f, r^2 = tau^2 - 1 - 2 tau sinh(rho). dN/(dy d^2pT) [1/GeV^2] by other software; methods agree to
/// 2e-15.
struct Gubser {
  Kind kind;
  double pt, spectrum;
};
constexpr Gubser gubser[] = {
    {{0.13957, 0}, 0.2, 0.634833198401677},   {{0.13957, 0}, 1, 0.100928921213273},
    {{0.13957, 0}, 2, 0.0104167248834367},    {{0.13957, -1}, 0.2, 0.793487283283868},
    {{0.13957, -1}, 1, 0.105745341196623},    {{0.13957, -1}, 2, 0.0104761298995095},
    {{0.49368, -1}, 0.2, 0.0654822370528379}, {{0.49368, -1}, 1, 0.0372120224837857},
    {{0.49368, -1}, 2, 0.00601337329115303},  {{0.93827, 1}, 0.2, 0.00262398424824279},
    {{0.93827, 1}, 1, 0.00332865615132837},   {{0.93827, 1}, 2, 0.00135734918126254},
};

std::vector<FreezeOutElement> gubser_surface() {
  constexpr double t = 0.8, hottest = 1.2, start = 1.0;
  const auto tau_at = [](double rho) { return hottest * std::pow(std::cosh(rho), -2.0 / 3.0) / t; };
  const auto r2_at = [&](double rho) { return tau_at(rho) * tau_at(rho) - 1.0 - 2.0 * tau_at(rho) * std::sinh(rho); };
  const auto root = [](auto&& f, double below, double above) {
    for (int i = 0; i < 200; ++i) (f(below) * f(0.5 * (below + above)) <= 0.0 ? above : below) = 0.5 * (below + above);
    return 0.5 * (below + above);
  };
  const double edge = root([&](double rho) { return tau_at(rho) - start; }, -8.9, 0.0), axis = root(r2_at, edge, 5.9);
  const MomentumGrid s(1.0, 100);
  std::vector<FreezeOutElement> elements;
  for (std::size_t i = 0; i < s.pt.size(); ++i) {
    // rho = axis - (axis - edge) s^2, from the axis outwards, in rings
    const double rho = axis - (axis - edge) * s.pt[i] * s.pt[i], d_rho = -2.0 * (axis - edge) * s.pt[i] * s.weight[i];
    const double tau = tau_at(rho), d_tau = -2.0 / 3.0 * std::tanh(rho) * tau, r = std::sqrt(r2_at(rho));
    const double r_dr = tau * d_tau - d_tau * std::sinh(rho) - tau * std::cosh(rho), v = 2.0 * tau * r;
    const double u = v / std::sqrt(std::pow(1.0 + tau * tau + r * r, 2.0) - v * v);
    constexpr int angles = 48;
    for (int j = 0; j < angles; ++j) {
      const double c = std::cos(2.0 * pi * j / angles), sn = std::sin(2.0 * pi * j / angles);
      const double part = 2.0 * pi / angles * tau * d_rho;
      elements.push_back({0,
                          part * r_dr,
                          -part * r * d_tau * c,
                          -part * r * d_tau * sn,
                          0,
                          u * c,
                          u * sn,
                          0,
                          t,
                          0,
                          0,
                          0,
                          0,
                          0,
                          0,
                          {}});
    }
  }
  return elements;
}

TEST(CooperFrye, GubserFlow) {
  const std::vector<FreezeOutElement> surface = gubser_surface();
  double volume = 0.0;
  for (const FreezeOutElement& e : surface) volume += e.volume();
  EXPECT_LT(relative(volume, 27.4516802385237), 1e-10);
  for (const Gubser& row : gubser) {
    const auto found = cooper_frye(surface, row.kind.mass * gev, row.kind.statistics, row.pt * gev, Directions(16));
    EXPECT_LT(relative(harmonics_of(found)[0].real() * gev * gev, row.spectrum), 1e-10) << row.pt;
  }
}

/// ln(T/T_f) = c - k ln(tau/tau_0) - x^2/2a^2 - y^2/2b^2 - eta^2/2d^2 with u = (h_x tau x, h_y tau y, h_z tau eta), c =
/// 0.9 and so on below: dN/(dy d^2pT) [1/GeV^2] at a rapidity and an angle, Boltzmann, by other software; the same with
/// more points to 2e-14.
struct Ellipsoid4 {
  double mass, rapidity, pt, phi, spectrum;
};
constexpr Ellipsoid4 ellipsoid4[] = {
    {0.13957, 0, 0.4, 0, 1.5989077394541},        {0.13957, 0, 0.4, 1.1, 1.44636629022077},
    {0.13957, 0, 1.2, 0, 0.0360104124299439},     {0.13957, 0, 1.2, 1.1, 0.0274535149525167},
    {0.13957, 0.7, 0.4, 0, 1.40740007498349},     {0.13957, 0.7, 0.4, 1.1, 1.31392412909293},
    {0.13957, 0.7, 1.2, 0, 0.0199474829620424},   {0.13957, 0.7, 1.2, 1.1, 0.0164815007922599},
    {0.13957, 1.5, 0.4, 0, 0.586269621935475},    {0.13957, 1.5, 0.4, 1.1, 0.571809348825817},
    {0.13957, 1.5, 1.2, 0, 0.00226605943357213},  {0.13957, 1.5, 1.2, 1.1, 0.00214520922596364},
    {0.93827, 0, 0.4, 0, 0.0641805643262277},     {0.93827, 0, 0.4, 1.1, 0.0612152177992689},
    {0.93827, 0, 1.2, 0, 0.00513330775276741},    {0.93827, 0, 1.2, 1.1, 0.00404607517966455},
    {0.93827, 0.7, 0.4, 0, 0.044025729989979},    {0.93827, 0.7, 0.4, 1.1, 0.0427163884328634},
    {0.93827, 0.7, 1.2, 0, 0.00269272050090028},  {0.93827, 0.7, 1.2, 1.1, 0.00229170847152345},
    {0.93827, 1.5, 0.4, 0, 0.00779059558672422},  {0.93827, 1.5, 0.4, 1.1, 0.00772897387319422},
    {0.93827, 1.5, 1.2, 0, 0.000241193785534865}, {0.93827, 1.5, 1.2, 1.1, 0.000231540978973706},
};

std::vector<FreezeOutElement> ellipsoid4_surface() {
  constexpr double c = 0.9, k = 0.6, a = 2.0, b = 4.0, d = 1.0, hx = 0.03, hy = 0.01, hz = -0.05, start = 1.0;
  constexpr int points = 32, angles = 48;
  const MomentumGrid radius(std::sqrt(2.0 * c), points), polar(2.0, points);  // cos(theta) = polar - 1
  std::vector<FreezeOutElement> elements;
  for (int i = 0; i < points; ++i)
    for (int l = 0; l < points; ++l)
      for (int j = 0; j < angles; ++j) {
        const double s = radius.pt[i], z = polar.pt[l] - 1.0, rho = std::sqrt(1.0 - z * z), phi = 2.0 * pi * j / angles;
        const double part = radius.weight[i] * polar.weight[l] * 2.0 * pi / angles * s * s * a * b * d;
        const double x = a * s * rho * std::cos(phi), y = b * s * rho * std::sin(phi), eta = d * s * z;
        const double tau = start * std::exp((c - 0.5 * s * s) / k), slope = part * tau / k;
        elements.push_back({eta,
                            tau * part,
                            tau * slope * x / (a * a),
                            tau * slope * y / (b * b),
                            slope * eta / (d * d),
                            hx * tau * x,
                            hy * tau * y,
                            hz * tau * eta,
                            0.155 * gev,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            {}});
      }
  return elements;
}

TEST(CooperFryeAt, EllipsoidInFourDimensions) {
  const std::vector<FreezeOutElement> surface = ellipsoid4_surface();
  double volume = 0.0;
  for (const FreezeOutElement& e : surface) volume += e.volume();
  EXPECT_LT(relative(volume, 165.193786825529), 1e-10);
  for (const Ellipsoid4& row : ellipsoid4) {
    Directions direction(1);
    direction.cosine[0] = std::cos(row.phi), direction.sine[0] = std::sin(row.phi);
    const auto found = cooper_frye_at(row.rapidity, surface, row.mass * gev, 0, row.pt * gev, direction);
    EXPECT_LT(relative(found[0] * gev * gev, row.spectrum), 1e-10) << row.mass << ' ' << row.rapidity << ' ' << row.pt;
  }
}

}  // namespace
}  // namespace ister::tests
