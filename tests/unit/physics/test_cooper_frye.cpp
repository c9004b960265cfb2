#include <gsl/gsl_sf_bessel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "physics/cooper_frye.hpp"
#include "physics/particle_moments.hpp"
#include "physics/scaled_bessel.hpp"
#include "tests/unit/physics/freeze_out_cases.hpp"

namespace ister::tests {
namespace {

using namespace physics;

/// p.dsigma (f + delta f) of a momentum in the frame of the element.
double integrand(const FreezeOutElement& e, double mass, int statistics, double p0, double px, double py, double pz) {
  const double energy = p0 * e.ut() - px * e.ux - py * e.uy - pz * e.uz;
  const double f = 1.0 / (std::exp(energy / e.temperature) + statistics);
  const double stress = p0 * p0 * e.pitt() + px * px * e.pixx + py * py * e.piyy + pz * pz * e.pizz +
                        2.0 * (px * py * e.pixy + px * pz * e.pixz + py * pz * e.piyz -
                               p0 * (px * e.pitx() + py * e.pity() + pz * e.pitz()));
  const double change = (e.delta.stress + e.delta.stress_over_energy / energy) * stress + e.delta.energy * energy +
                        e.delta.inverse_energy * mass * mass / energy;
  return (p0 * e.normal_t + px * e.normal_x + py * e.normal_y + pz * e.normal_z) * f *
         (1.0 + (1.0 - statistics * f) * change) / (8.0 * pi * pi * pi);
}

/// The trapezoidal rule over eta, of the whole distribution.
double by_eta(const FreezeOutElement& e, double mass, int statistics, double pt, double phi) {
  constexpr int points = 2000;
  constexpr double end = 9.0, step = 2.0 * end / points;
  const double mt = std::hypot(mass, pt);
  double sum = 0.0;
  for (int i = 0; i <= points; ++i) {
    const double eta = -end + i * step;
    sum += step * integrand(e, mass, statistics, mt * std::cosh(eta), pt * std::cos(phi), pt * std::sin(phi),
                            mt * std::sinh(eta));
  }
  return sum;
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
    const DeltaF delta{0.5 / (enthalpy * t * t), 0, 0, 0};
    const double half = -0.5 * b.stress * enthalpy;
    const std::vector<FreezeOutElement> surface = {
        {0, b.tau, 0, 0, 0, 0, 0, 0, t, half, 0, 0, half, 0, b.stress * enthalpy, delta}};
    const auto found = cooper_frye(surface, mass, b.kind.statistics, b.pt * gev, Directions(3));
    for (const double value : found) EXPECT_LT(relative(value * gev * gev, b.spectrum), 1e-12) << b.pt;
    EXPECT_LT(relative(surface[0].volume() * number_density(mass, b.kind.statistics, t), b.number), 1e-12);
    EXPECT_LT(relative(number_through(surface, mass, b.kind.statistics), b.number), 1e-12);
  }
}

TEST(CooperFrye, IntegralsOverEta) {
  const Directions directions(7);
  for (const Kind& kind : kinds)
    for (const double pt : {0.0, 0.15, 0.8, 3.0})
      for (const DeltaF& delta : {no_change, fourteen_moments, chapman_enskog, bulk, everything}) {
        const std::vector<FreezeOutElement> elements = {element(0, 0, 1, 0, 0, -0.08, 0.05, delta),
                                                        element(0.7, -0.4, 0.6, 0.5, 1.1, 0.06, -0.04, delta),
                                                        element(-1.6, 0.3, 0.2, 0.9, -0.5, -0.1, 0.08, delta)};
        const auto found = cooper_frye(elements, kind.mass * gev, kind.statistics, pt * gev, directions);
        for (std::size_t j = 0; j < directions.count(); ++j) {
          double exact = 0.0, size = 0.0;
          for (const FreezeOutElement& e : elements) {
            const double part = by_eta(e, kind.mass * gev, kind.statistics, pt * gev, 2.0 * pi * j / 7.0);
            exact += part;
            size += std::abs(part);
          }
          EXPECT_LT(std::abs(found[j] - exact), 1e-11 * size) << kind.mass << ' ' << pt << ' ' << j;
        }
      }
}

/// Fast flow, where the pole E = 0 is close to the real axis.
TEST(CooperFrye, ChapmanAndEnskogInFastFlow) {
  const Directions directions(5);
  for (const double u : {0.0, 2.0, 5.0})
    for (const Kind& kind : kinds)
      for (const double pt : {0.05, 1.0, 5.0}) {
        const FreezeOutElement e = element(u, 0.1 * u, 1.0, -0.2, 0.1, 0.03, 0.02, everything);
        FreezeOutElement ideal = e;
        ideal.delta = no_change;
        const auto found = cooper_frye({e}, kind.mass * gev, kind.statistics, pt * gev, directions);
        for (std::size_t j = 0; j < directions.count(); ++j) {
          const auto exact = [&](const FreezeOutElement& of) {
            return by_eta(of, kind.mass * gev, kind.statistics, pt * gev, 2.0 * pi * j / 5.0);
          };
          // delta f may all but cancel f, and what is left is rounding.
          const double size = std::max(std::abs(exact(e)), std::abs(exact(ideal)));
          EXPECT_LT(std::abs(found[j] - exact(e)), 1e-11 * size) << u << ' ' << kind.mass << ' ' << pt << ' ' << j;
        }
      }
}

ParticleMoments moments(const std::vector<FreezeOutElement>& surface, const Kind& kind) {
  const MomentumGrid grid(12.0 * gev, 60);
  const Directions directions(64);
  std::vector<Harmonics> at;
  for (const double pt : grid.pt)
    at.push_back(harmonics_of(cooper_frye(surface, kind.mass * gev, kind.statistics, pt, directions)));
  return {at, grid};
}

/// Whatever the flow, the normal and the shear: as many as the volume holds. Bulk pressure changes how many these are.
TEST(CooperFrye, NumberOfParticles) {
  const FreezeOutElement elements[] = {element(0.5, 0.2, 1, 0, 0), element(0.9, -0.3, 0.7, 0.8, 0.3),
                                       element(-0.4, 0.8, 0.0, -0.9, 0.6, -0.08, 0.05, fourteen_moments),
                                       element(-0.4, 0.8, 0.0, -0.9, 0.6, -0.08, 0.05, chapman_enskog)};
  for (const Kind& kind : kinds) {
    for (const FreezeOutElement& e : elements) {
      const double expected = e.volume() * number_density(kind.mass * gev, kind.statistics, e.temperature);
      EXPECT_LT(relative(moments({e}, kind).number(), expected), 1e-8) << kind.mass << ' ' << e.ux;
      EXPECT_LT(relative(number_through({e}, kind.mass * gev, kind.statistics), expected), 1e-13);
    }
    const FreezeOutElement e = element(0.5, 0.2, 1, 0.3, 0, -0.08, 0.05, everything);
    const double expected = number_through({e}, kind.mass * gev, kind.statistics);
    EXPECT_GT(relative(expected, e.volume() * number_density(kind.mass * gev, kind.statistics, e.temperature)), 1e-3);
    EXPECT_LT(relative(moments({e}, kind).number(), expected), 1e-8) << kind.mass;
  }
}

TEST(CooperFrye, QuarterTurn) {
  const FreezeOutElement e = element(0.6, 0.25, 1, 0.4, -0.2, -0.05, 0.03, everything);
  FreezeOutElement turned = e;
  turned.ux = -e.uy, turned.uy = e.ux;
  turned.normal_x = -e.normal_y, turned.normal_y = e.normal_x;
  turned.pixx = e.piyy, turned.piyy = e.pixx, turned.pixy = -e.pixy;
  const ParticleMoments one = moments({e}, kinds[0]), other = moments({turned}, kinds[0]);
  EXPECT_GT(one.flow(2), 0.01);
  EXPECT_LT(relative(one.mean_pt, other.mean_pt), 1e-12);
  for (int n = 1; n <= harmonics; ++n) {
    EXPECT_NEAR(one.flow(n), other.flow(n), 1e-13) << n;
    const double turn = other.plane(n) - one.plane(n) - 0.5 * pi;  // a multiple of 2 pi/n
    EXPECT_NEAR(std::remainder(turn, 2.0 * pi / n), 0.0, 1e-10) << n;
    EXPECT_NEAR(one.flow_at(20, n, 0.3), other.flow_at(20, n, 0.3 + 0.5 * pi), 1e-12) << n;
  }
}

/// An element in Minkowski space with flow, normal and stress in all directions; the stress is what boosts make of one
/// at rest.
FreezeOutElement boosted(const FreezeOutElement& e, double eta);

FreezeOutElement general(const DeltaF& delta) {
  FreezeOutElement e = boosted(element(0.6, -0.3, 0.7, 0.5, -0.4, -0.07, 0.05, delta), 0.8);
  e.normal_z += 0.6;
  return e;
}

/// The same in the frame of an observer that moves along z with rapidity -eta.
FreezeOutElement boosted(const FreezeOutElement& e, double eta) {
  const double c = std::cosh(eta), s = std::sinh(eta);
  FreezeOutElement b = e;
  b.uz = c * e.uz + s * e.ut();
  b.normal_t = c * e.normal_t - s * e.normal_z;
  b.normal_z = c * e.normal_z - s * e.normal_t;
  b.pixz = c * e.pixz + s * e.pitx();
  b.piyz = c * e.piyz + s * e.pity();
  b.pizz = c * c * e.pizz + 2.0 * c * s * e.pitz() + s * s * e.pitt();
  return b;
}

TEST(CooperFryeAt, DistributionAtAMomentum) {
  const Directions directions(9);
  for (const Kind& kind : kinds)
    for (const DeltaF& delta : {no_change, fourteen_moments, chapman_enskog, bulk, everything})
      for (const double rapidity : {-1.0, 0.4}) {
        FreezeOutElement a = general(delta), b = boosted(a, -0.5);
        a.eta = 0.3, b.eta = -0.7;
        const double mass = kind.mass * gev, pt = 0.7 * gev, mt = std::hypot(mass, pt);
        const auto found = cooper_frye_at(rapidity, {a, b}, mass, kind.statistics, pt, directions);
        for (std::size_t j = 0; j < directions.count(); ++j) {
          double exact = 0.0;
          for (const FreezeOutElement& e : {a, b})
            exact += integrand(e, mass, kind.statistics, mt * std::cosh(rapidity - e.eta), pt * directions.cosine[j],
                               pt * directions.sine[j], mt * std::sinh(rapidity - e.eta));
          EXPECT_LT(relative(found[j], exact), 1e-12);
        }
      }
}

/// One element in Minkowski space, and in Milne coordinates at any eta: frames that move with rapidity eta.
TEST(CooperFryeAt, MinkowskiAndMilne) {
  const Directions directions(5);
  const FreezeOutElement minkowski = general(everything);
  for (const double eta : {-1.0, 0.3, 1.2}) {
    FreezeOutElement milne = boosted(minkowski, -eta);
    milne.eta = eta;
    EXPECT_LT(relative(milne.volume(), minkowski.volume()), 1e-12);
    for (const Kind& kind : kinds)
      for (const double rapidity : {-1.0, 0.0, 1.5}) {
        const auto a = cooper_frye_at(rapidity, {minkowski}, kind.mass * gev, kind.statistics, 0.6 * gev, directions);
        const auto b = cooper_frye_at(rapidity, {milne}, kind.mass * gev, kind.statistics, 0.6 * gev, directions);
        for (std::size_t j = 0; j < a.size(); ++j) EXPECT_LT(relative(a[j], b[j]), 1e-10) << eta << ' ' << rapidity;
      }
    EXPECT_NEAR(share_beyond_equilibrium({milne}, gev, 1), share_beyond_equilibrium({minkowski}, gev, 1), 4e-3);
  }
}

/// Elements side by side along eta are a boost-invariant surface.
TEST(CooperFryeAt, SumsOverEta) {
  const Directions directions(6);
  const FreezeOutElement e = element(0.7, -0.4, 0.6, 0.5, 1.1, 0.06, -0.04, everything);
  std::vector<FreezeOutElement> chain;
  constexpr double step = 0.125;
  for (int i = -80; i <= 80; ++i) {
    chain.push_back(e);
    chain.back().eta = i * step;
    for (double* part : {&chain.back().normal_t, &chain.back().normal_x, &chain.back().normal_y}) *part *= step;
  }
  for (const Kind& kind : kinds)
    for (const double rapidity : {0.0, 0.77}) {
      const auto sum = cooper_frye_at(rapidity, chain, kind.mass * gev, kind.statistics, 0.5 * gev, directions);
      const auto exact = cooper_frye({e}, kind.mass * gev, kind.statistics, 0.5 * gev, directions);
      for (std::size_t j = 0; j < sum.size(); ++j) EXPECT_LT(relative(sum[j], exact[j]), 1e-11);
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
