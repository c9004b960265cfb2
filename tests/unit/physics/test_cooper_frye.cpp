#include <gsl/gsl_sf_bessel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "physics/cooper_frye.hpp"
#include "physics/particle_moments.hpp"
#include "physics/scaled_bessel.hpp"
#include "physics/units.hpp"

namespace ister::tests {
namespace {

using namespace physics;

constexpr double pi = 3.14159265358979323846;
constexpr double gev = units::gev_to_inverse_fm(1.0);

double relative(double a, double b) { return std::abs(a / b - 1.0); }

struct Kind {
  double mass;  // GeV
  int statistics;
};
constexpr Kind kinds[] = {{0.13957, -1}, {0.13957, 0}, {0.49368, -1}, {0.93827, 1}, {0.93827, 0}};

/// Shear stress of two parameters, orthogonal to u and traceless, as w times longitudinal and anisotropic parts.
FreezeOutElement element(double ux, double uy, double dS_tau, double dS_x, double dS_y, double along = 0.0,
                         double across = 0.0) {
  FreezeOutElement e{4.1, dS_tau, dS_x, dS_y, ux, uy, 0.15 * gev, 3.0, 0, 0, 0, 0};
  const double ut2 = 1.0 + ux * ux + uy * uy;
  // A^{ij} = D (1, -1) D^T without its trace among D, with D the projector
  const double xx = 1.0 + ux * ux, xy = ux * uy, yy = 1.0 + uy * uy;
  const double axx = xx * xx - xy * xy, axy = xx * xy - xy * yy, ayy = xy * xy - yy * yy;
  // trace with the metric: A^{xx} + A^{yy} - A^{tt}
  const double tx = (axx * ux + axy * uy), ty = (axy * ux + ayy * uy), tt = (tx * ux + ty * uy) / ut2;
  const double trace = axx + ayy - tt;
  e.pixx = e.enthalpy * (-0.5 * along * xx + across * (axx - 0.5 * trace * xx));
  e.pixy = e.enthalpy * (-0.5 * along * xy + across * (axy - 0.5 * trace * xy));
  e.piyy = e.enthalpy * (-0.5 * along * yy + across * (ayy - 0.5 * trace * yy));
  e.pizz = e.enthalpy * along;
  return e;
}

/// The trapezoidal rule over eta, of the whole distribution.
double by_eta(const FreezeOutElement& e, double mass, int statistics, double pt, double phi, bool shear) {
  constexpr int points = 2000;
  constexpr double end = 9.0, step = 2.0 * end / points;
  const double mt = std::hypot(mass, pt), px = pt * std::cos(phi), py = pt * std::sin(phi), t = e.temperature;
  const double ut = std::sqrt(1.0 + e.ux * e.ux + e.uy * e.uy);
  const double tx = (e.pixx * e.ux + e.pixy * e.uy) / ut, ty = (e.pixy * e.ux + e.piyy * e.uy) / ut;
  const double tt = e.pixx + e.piyy + e.pizz;
  double sum = 0.0;
  for (int i = 0; i <= points; ++i) {
    const double eta = -end + i * step, p0 = mt * std::cosh(eta), pz = mt * std::sinh(eta);
    const double f = 1.0 / (std::exp((p0 * ut - px * e.ux - py * e.uy) / t) + statistics);
    const double stress = p0 * p0 * tt - 2.0 * p0 * (px * tx + py * ty) + px * px * e.pixx + 2.0 * px * py * e.pixy +
                          py * py * e.piyy + pz * pz * e.pizz;
    const double more = shear ? (1.0 - statistics * f) * stress / (2.0 * e.enthalpy * t * t) : 0.0;
    sum += step * e.tau * (p0 * e.dS_tau + px * e.dS_x + py * e.dS_y) * f * (1.0 + more);
  }
  return sum / (8.0 * pi * pi * pi);
}

/// Bjorken flow at T = 0.15 GeV, 4.8 fm and at 0.13 GeV, 1 fm with pi^{eta eta} tau^2 = -0.08 w: dN/(dy d^2pT) per area
/// [1/GeV^2/fm^2] and dN/dy per area, by Bessel sums and by integrals over eta in other software, which agree to 4e-15.
struct Bjorken {
  double temperature, tau, stress;
  Kind kind;
  double pt, spectrum, number;
};
constexpr Bjorken bjorken[] = {
    {0.15, 4.8, 0, {0.13957, 0}, 0.2, 0.285062971195898, 0.177974299031252},
    {0.15, 4.8, 0, {0.13957, 0}, 1, 0.00308750188206756, 0.177974299031252},
    {0.15, 4.8, 0, {0.13957, 0}, 3, 8.7041843755113e-09, 0.177974299031252},
    {0.15, 4.8, 0, {0.13957, -1}, 0.2, 0.328475118469847, 0.195866377426254},
    {0.15, 4.8, 0, {0.13957, -1}, 1, 0.00309004420610679, 0.195866377426254},
    {0.15, 4.8, 0, {0.13957, -1}, 3, 8.70418438781417e-09, 0.195866377426254},
    {0.15, 4.8, 0, {0.49368, -1}, 0.2, 0.0573399459179005, 0.0492566132116625},
    {0.15, 4.8, 0, {0.49368, -1}, 1, 0.0015988890350378, 0.0492566132116625},
    {0.15, 4.8, 0, {0.49368, -1}, 3, 6.83712193367043e-09, 0.0492566132116625},
    {0.15, 4.8, 0, {0.93827, 1}, 0.2, 0.00421570008734826, 0.00530474793108019},
    {0.15, 4.8, 0, {0.93827, 1}, 1, 0.000318806621556236, 0.00530474793108019},
    {0.15, 4.8, 0, {0.93827, 1}, 3, 3.49761223302941e-09, 0.00530474793108019},
    {0.13, 1, -0.08, {0.13957, 0}, 0.2, 0.0382631635227753, 0.0228886718172365},
    {0.13, 1, -0.08, {0.13957, 0}, 1, 0.000382496252678274, 0.0228886718172365},
    {0.13, 1, -0.08, {0.13957, 0}, 3, 8.25371048622568e-10, 0.0228886718172365},
    {0.13, 1, -0.08, {0.13957, -1}, 0.2, 0.0430877575215238, 0.0249040833913881},
    {0.13, 1, -0.08, {0.13957, -1}, 1, 0.000382683548948037, 0.0249040833913881},
    {0.13, 1, -0.08, {0.13957, -1}, 3, 8.25371048729976e-10, 0.0249040833913881},
    {0.13, 1, -0.08, {0.49368, -1}, 0.2, 0.00518710476720936, 0.00468892402550903},
    {0.13, 1, -0.08, {0.49368, -1}, 1, 0.000174650561675359, 0.00468892402550903},
    {0.13, 1, -0.08, {0.49368, -1}, 3, 6.23468679905114e-10, 0.00468892402550903},
    {0.13, 1, -0.08, {0.93827, 1}, 0.2, 0.000209709495832794, 0.000329169769112746},
    {0.13, 1, -0.08, {0.93827, 1}, 1, 2.5631331880201e-05, 0.000329169769112746},
    {0.13, 1, -0.08, {0.93827, 1}, 3, 2.8615019249102e-10, 0.000329169769112746},
};

TEST(ScaledBessel, AgainstSeries) {
  for (double x = 0.003; x < 3000.0; x *= 1.00137) {
    const auto [k0, k1] = scaled_bessel(x);
    EXPECT_LT(relative(k0, gsl_sf_bessel_K0_scaled(x)), 2e-13) << x;
    EXPECT_LT(relative(k1, gsl_sf_bessel_K1_scaled(x)), 2e-13) << x;
  }
}

TEST(CooperFrye, BjorkenFlow) {
  for (const Bjorken& b : bjorken) {
    const double t = b.temperature * gev, mass = b.kind.mass * gev;
    const std::vector<FreezeOutElement> surface = {
        {b.tau, 1, 0, 0, 0, 0, t, 2.0, -b.stress, 0, -b.stress, 2.0 * b.stress}};
    const auto found =
        cooper_frye(surface, mass, b.kind.statistics, b.pt * gev, Directions(3), ShearCorrection::fourteen_moments);
    for (const double value : found) EXPECT_LT(relative(value * gev * gev, b.spectrum), 1e-12) << b.pt;
    EXPECT_LT(relative(surface[0].volume() * number_density(mass, b.kind.statistics, t), b.number), 1e-12);
  }
}

TEST(CooperFrye, IntegralsOverEta) {
  const std::vector<FreezeOutElement> elements = {element(0, 0, 1, 0, 0, -0.08, 0.05),
                                                  element(0.7, -0.4, 0.6, 0.5, 1.1, 0.06, -0.04),
                                                  element(-1.6, 0.3, 0.2, 0.9, -0.5, -0.1, 0.08)};
  const Directions directions(7);
  for (const Kind& kind : kinds)
    for (const double pt : {0.0, 0.15, 0.8, 3.0})
      for (const bool shear : {false, true}) {
        const auto found = cooper_frye(elements, kind.mass * gev, kind.statistics, pt * gev, directions,
                                       shear ? ShearCorrection::fourteen_moments : ShearCorrection::none);
        for (std::size_t j = 0; j < directions.count(); ++j) {
          double exact = 0.0, size = 0.0;
          for (const FreezeOutElement& e : elements) {
            const double part = by_eta(e, kind.mass * gev, kind.statistics, pt * gev, 2.0 * pi * j / 7.0, shear);
            exact += part;
            size += std::abs(part);
          }
          EXPECT_LT(std::abs(found[j] - exact), 1e-11 * size) << kind.mass << ' ' << pt << ' ' << j;
        }
      }
}

ParticleMoments moments(const std::vector<FreezeOutElement>& surface, const Kind& kind, ShearCorrection shear) {
  const MomentumGrid grid(12.0 * gev, 60);
  const Directions directions(64);
  std::vector<Harmonics> at;
  for (const double pt : grid.pt)
    at.push_back(harmonics_of(cooper_frye(surface, kind.mass * gev, kind.statistics, pt, directions, shear)));
  return {at, grid};
}

/// Whatever the flow, the normal and the shear: as many as the volume holds in equilibrium.
TEST(CooperFrye, NumberOfParticles) {
  const FreezeOutElement elements[] = {element(0.5, 0.2, 1, 0, 0), element(0.9, -0.3, 0.7, 0.8, 0.3),
                                       element(-0.4, 0.8, 0.0, -0.9, 0.6, -0.08, 0.05)};
  for (const Kind& kind : kinds)
    for (const FreezeOutElement& e : elements) {
      const double expected = e.volume() * number_density(kind.mass * gev, kind.statistics, e.temperature);
      const auto shear = e.pizz == 0.0 ? ShearCorrection::none : ShearCorrection::fourteen_moments;
      EXPECT_LT(relative(moments({e}, kind, shear).number(), expected), 1e-8) << kind.mass << ' ' << e.ux;
    }
}

TEST(CooperFrye, QuarterTurn) {
  const FreezeOutElement e = element(0.6, 0.25, 1, 0.4, -0.2, -0.05, 0.03);
  FreezeOutElement turned = e;
  turned.ux = -e.uy, turned.uy = e.ux;
  turned.dS_x = -e.dS_y, turned.dS_y = e.dS_x;
  turned.pixx = e.piyy, turned.piyy = e.pixx, turned.pixy = -e.pixy;
  const ParticleMoments one = moments({e}, kinds[0], ShearCorrection::fourteen_moments);
  const ParticleMoments other = moments({turned}, kinds[0], ShearCorrection::fourteen_moments);
  EXPECT_GT(one.flow(2), 0.01);
  EXPECT_LT(relative(one.mean_pt, other.mean_pt), 1e-12);
  for (int n = 1; n <= harmonics; ++n) {
    EXPECT_NEAR(one.flow(n), other.flow(n), 1e-13) << n;
    const double turn = other.plane(n) - one.plane(n) - 0.5 * pi;  // a multiple of 2 pi/n
    EXPECT_NEAR(std::remainder(turn, 2.0 * pi / n), 0.0, 1e-10) << n;
    EXPECT_NEAR(one.flow_at(20, n, 0.3), other.flow_at(20, n, 0.3 + 0.5 * pi), 1e-12) << n;
  }
}

/// S = exp(-pT) (1 + 2 v_2 pT cos 2 (phi - psi)): moments in closed form.
TEST(ParticleMoments, ClosedForm) {
  constexpr double v2 = 0.03, psi = 0.4;
  constexpr int angles = 48;
  const MomentumGrid grid(60.0, 40);
  std::vector<Harmonics> at;
  for (const double pt : grid.pt) {
    std::vector<double> spectrum;
    for (int j = 0; j < angles; ++j)
      spectrum.push_back(std::exp(-pt) * (1.0 + 2.0 * v2 * pt * std::cos(2.0 * (2.0 * pi * j / angles - psi))));
    at.push_back(harmonics_of(spectrum));
  }
  const ParticleMoments found(at, grid);
  EXPECT_LT(relative(found.number(), 2.0 * pi), 1e-12);
  EXPECT_LT(relative(found.mean_pt, 2.0), 1e-12);
  EXPECT_LT(relative(found.flow(2), 2.0 * v2), 1e-12);
  EXPECT_NEAR(found.plane(2), psi, 1e-12);
  for (std::size_t i = 0; i < grid.pt.size(); ++i) {
    EXPECT_NEAR(found.flow_at(i, 2, psi), v2 * grid.pt[i], 1e-12);
    EXPECT_NEAR(found.flow_at(i, 2, psi + 0.25 * pi), 0.0, 1e-12);
  }
}

}  // namespace
}  // namespace ister::tests
