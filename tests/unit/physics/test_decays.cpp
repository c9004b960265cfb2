#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "physics/cooper_frye.hpp"
#include "physics/decay_kernel.hpp"
#include "physics/feed_down.hpp"
#include "physics/units.hpp"

namespace ister::tests {
namespace {

using namespace physics;

constexpr double pi = 3.14159265358979323846;
constexpr double gev = units::gev_to_inverse_fm(1.0);

double relative(double a, double b) { return std::abs(a / b - 1.0); }
double square(double x) { return x * x; }

using Spectrum = std::vector<Harmonics>;

Spectrum spectrum_of(const std::vector<double>& pt, const std::function<Harmonics(double)>& at) {
  Spectrum result;
  for (const double value : pt) result.push_back(at(value));
  return result;
}

void add(const DecayMasses& masses, const std::vector<double>& pt, const ParentSpectrum& parents, double largest,
         double factor, Spectrum& daughters) {
  add_daughters(masses, pt, largest, {{&parents, factor, &daughters}});
}

/// GeV; light and heavy, close to the threshold and far above it.
const DecayMasses two_body[] = {{0.77526, 0.13957, {0.13957}}, {1.232, 0.93827, {0.13957}}, {1.232, 0.13957, {0.93827}},
                                {1.019, 0.4937, {0.4937}},     {1.95, 0.13957, {0.13957}},  {1.192642, 1.115683, {0.0}},
                                {1.95, 0.13957, {1.71}}};
const DecayMasses three_body[] = {{0.78266, 0.13957, {0.13957, 0.13498}},
                                  {0.547862, 0.13957, {0.0, 0.13957}},
                                  {1.9, 0.93827, {0.13957, 0.13957}},
                                  {1.9, 0.13957, {0.13957, 0.93827}},
                                  {1.253, 0.4937, {0.13957, 0.13957}}};

/// S = (M/m)^2 <S_R> over the directions of the parent in the frame of the daughter, where it has E' = M E*/m and
/// P = M p*/m: closed where S_R is a polynomial in the parent's momentum.
TEST(Decays, ClosedFormOfPolynomials) {
  for (const DecayMasses& masses : two_body) {
    const double m = masses.daughter, big = masses.parent, momentum = decay_momentum(big, m, masses.others[0]);
    const double energy = big * std::hypot(m, momentum) / m, p2 = square(big * momentum / m);
    const std::vector<double> pt = {0.003, 0.2, 0.9, 2.5};
    const double largest = 1.01 * (std::hypot(m, pt.back()) / m * std::sqrt(p2) + pt.back() / m * energy);
    const ParentMomenta momenta(largest, 48);
    const auto parents = spectrum_of(momenta.grid.pt, [](double p) {
      return Harmonics{1.0 + p * p, std::complex<double>(p, 2.0 * p), std::complex<double>(0.0, -p * p), 0.0, 0.0, 0.0,
                       0.0};
    });
    Spectrum found(pt.size(), Harmonics{});
    add(masses, pt, ParentSpectrum(parents, big, momenta), largest, 0.5, found);
    for (std::size_t i = 0; i < pt.size(); ++i) {
      const double jacobian = 0.5 * square(big / m), second = square(pt[i] / m) * (square(energy) + p2 / 3.0);
      const double all = jacobian * (1.0 + second + 2.0 * p2 / 3.0);
      const std::complex<double> first = jacobian * energy / m * pt[i] * std::complex<double>(1.0, 2.0);
      EXPECT_LT(std::abs(found[i][0] - all), 2e-9 * all) << big << ' ' << pt[i];
      EXPECT_LT(std::abs(found[i][1] - first), 2e-9 * all) << big << ' ' << pt[i];
      EXPECT_LT(std::abs(found[i][2].imag() + jacobian * second), 2e-9 * all) << big << ' ' << pt[i];
    }
  }
}

/// A drop of fluid that flows faster one way, as harmonics of one spin state.
Spectrum drop(double mass, int statistics, const std::vector<double>& pt) {
  const double t = 0.15 * gev;
  std::vector<FreezeOutElement> elements;
  const auto add = [&](double normal_t, double normal_x, double normal_y, double ux, double uy) {
    FreezeOutElement e{};
    e.normal_t = normal_t;
    e.normal_x = normal_x;
    e.normal_y = normal_y;
    e.ux = ux;
    e.uy = uy;
    e.temperature = t;
    elements.push_back(e);
  };
  add(4.0, 0.4, 0.0, 0.8, 0.1);
  add(5.0, 0.0, 1.0, -0.5, 0.4);
  add(4.8, 0.0, 0.6, 0.1, -0.3);
  return spectrum_of(
      pt, [&](double p) { return harmonics_of(cooper_frye(elements, mass, statistics, p, Directions(48))); });
}

/// int pT dpT dphi pT^power exp(i n phi) S
std::complex<double> moment(const Spectrum& spectrum, const MomentumGrid& grid, int power, int n) {
  std::complex<double> sum = 0.0;
  for (std::size_t i = 0; i < spectrum.size(); ++i)
    sum += 2.0 * pi * grid.pt[i] * grid.weight[i] * std::pow(grid.pt[i], power) * spectrum[i][n];
  return sum;
}

struct Decayed {
  ParentMomenta momenta;
  Spectrum parents, daughters;
};

DecayMasses in_fm(const DecayMasses& masses) {
  DecayMasses result{masses.parent * gev, masses.daughter * gev, {}};
  for (const double other : masses.others) result.others.push_back(other * gev);
  return result;
}

Decayed decayed(const DecayMasses& in_gev) {
  const DecayMasses masses = in_fm(in_gev);
  const ParentMomenta momenta(12.0 * gev, 48);
  Decayed result{momenta, drop(masses.parent, -1, momenta.grid.pt), Spectrum(momenta.grid.pt.size(), Harmonics{})};
  add(masses, momenta.grid.pt, ParentSpectrum(result.parents, masses.parent, momenta), momenta.largest, 1.0,
      result.daughters);
  return result;
}

/// In the frame of the parent <p> = 0 and <p^i p^j> = p*^2/3: so many daughters as parents, (E*/M) of the transverse
/// momentum, and <p^m p^n> = (E*^2 + p*^2/3)/M^2 p_R^m p_R^n + g^{mn} p*^2/3.
TEST(Decays, NumberMomentumAndItsSquareAreKept) {
  std::vector<DecayMasses> all(std::begin(two_body), std::end(two_body));
  all.insert(all.end(), std::begin(three_body), std::end(three_body));
  for (const DecayMasses& masses : all) {
    const Decayed decay = decayed(masses);
    const MomentumGrid& grid = decay.momenta.grid;
    const Spectrum &parents = decay.parents, &daughters = decay.daughters;
    double first = 0.0, second = 0.0, shift = 0.0;
    for (const RestMass& rest : rest_masses(masses)) {
      const double momentum = decay_momentum(masses.parent, masses.daughter, rest.mass);
      const double e2 = square(masses.daughter) + square(momentum), m2 = square(masses.parent);
      first += rest.share * std::sqrt(e2 / m2);
      second += rest.share * (e2 + square(momentum) / 3.0) / m2;
      shift += rest.share * 2.0 / 3.0 * square(momentum * gev);
    }
    const double number = moment(parents, grid, 0, 0).real();
    EXPECT_LT(relative(moment(daughters, grid, 0, 0).real(), number), 1e-8) << masses.parent << ' ' << masses.daughter;
    const auto expect_kept = [&](int n, double share) {  // relative to what it is without directions
      const double error = std::abs(moment(daughters, grid, n, n) - share * moment(parents, grid, n, n));
      EXPECT_LT(error, 1e-8 * share * moment(parents, grid, n, 0).real()) << masses.parent << ' ' << masses.daughter;
    };
    expect_kept(1, first);
    expect_kept(2, second);
    const double squares = second * moment(parents, grid, 2, 0).real() + shift * number;
    EXPECT_LT(relative(moment(daughters, grid, 2, 0).real(), squares), 1e-8) << masses.parent << ' ' << masses.daughter;
  }
}

/// Three energies in the frame of the parent, and their distribution.
TEST(Decays, EnergyOfThreeBodies) {
  for (const auto& [parent, a, others] : three_body) {
    const double m[] = {a, others[0], others[1]};
    double sum = 0.0;
    for (int i = 0; i < 3; ++i)
      for (const RestMass& rest : rest_masses({parent, m[i], {m[(i + 1) % 3], m[(i + 2) % 3]}}))
        sum += rest.share * std::hypot(m[i], decay_momentum(parent, m[i], rest.mass));
    EXPECT_LT(relative(sum, parent), 1e-10) << parent;
  }
  // Massless: the square of the pair's mass has the density 2 (1 - s), so <E> = M/3 and <E^2> = M^2/8.
  double energy = 0.0, square_of_energy = 0.0;
  for (const RestMass& rest : rest_masses({2.0, 0.0, {0.0, 0.0}})) {
    const double e = decay_momentum(2.0, 0.0, rest.mass);
    energy += rest.share * e;
    square_of_energy += rest.share * e * e;
  }
  EXPECT_LT(relative(energy, 2.0 / 3.0), 1e-12);
  EXPECT_LT(relative(square_of_energy, 0.5), 1e-12);
}

/// Without energy to share a daughter goes on with its part of the parent's momentum: same v_n, S(pT) = (M/m)^2 S_R(pT
/// M/m).
TEST(Decays, FlowIsKeptWithoutRelease) {
  const double m = 0.5 * gev, big = 1.2 * gev;
  const DecayMasses masses{big * (1.0 + 1e-10), m, {big - m}};
  const ParentMomenta momenta(12.0 * gev, 48);
  const std::vector<double> pt = {0.1 * gev, 0.5 * gev, 1.5 * gev};
  std::vector<double> of_parent;
  for (const double p : pt) of_parent.push_back(p * big / m);
  const Spectrum expected = drop(big, -1, of_parent);
  Spectrum found(pt.size(), Harmonics{});
  add(masses, pt, ParentSpectrum(drop(big, -1, momenta.grid.pt), big, momenta), momenta.largest, 1.0, found);
  for (std::size_t i = 0; i < pt.size(); ++i)
    for (std::size_t n = 0; n <= harmonics; ++n)
      EXPECT_LT(std::abs(found[i][n] - square(big / m) * expected[i][n]),
                1e-7 * square(big / m) * expected[i][0].real())
          << pt[i] << ' ' << n;
}

using Vector = std::array<double, 4>;  // E, x, y, z

Vector boosted(const Vector& p, const Vector& frame, double mass) {
  const double along = (p[1] * frame[1] + p[2] * frame[2] + p[3] * frame[3]) / mass;
  const double scale = along / (frame[0] + mass) + p[0] / mass;
  Vector result = {(p[0] * frame[0]) / mass + along, 0, 0, 0};
  for (int i = 1; i < 4; ++i) result[i] = p[i] + scale * frame[i];
  return result;
}

/// Parents with dN/(pT dpT dphi) = exp(-pT/a) (1 + 2 v cos 2 phi) at y = 0, their daughters by chance, counted by pT.
class MonteCarlo {
 public:
  static constexpr double slope = 0.4, flow = 0.1, step = 0.15;
  static constexpr int bins = 10, trials = 400000;

  explicit MonteCarlo(const DecayMasses& masses) {
    for (int i = 0; i < trials; ++i) count(daughter(masses));
  }

  std::array<double, bins> number{}, cosine{};

 private:
  double uniform() { return std::uniform_real_distribution<>()(m_generator); }

  Vector parent(double mass) {
    const double pt = -slope * std::log(uniform() * uniform());
    double phi = 2.0 * pi * uniform();
    while (uniform() * (1.0 + 2.0 * flow) > 1.0 + 2.0 * flow * std::cos(2.0 * phi)) phi = 2.0 * pi * uniform();
    return {std::hypot(mass, pt), pt * std::cos(phi), pt * std::sin(phi), 0.0};
  }

  double rest_mass(const DecayMasses& d) {
    if (d.others.size() == 1) return d.others[0];
    const double low = d.others[0] + d.others[1], high = d.parent - d.daughter;
    for (;;) {  // p* p* is below M^2/4
      const double mass = low + (high - low) * uniform();
      if (uniform() * 0.25 * square(d.parent) <
          decay_momentum(d.parent, d.daughter, mass) * decay_momentum(mass, d.others[0], d.others[1]))
        return mass;
    }
  }

  Vector daughter(const DecayMasses& d) {
    const double momentum = decay_momentum(d.parent, d.daughter, rest_mass(d));
    const double cosine = 2.0 * uniform() - 1.0, sine = std::sqrt(1.0 - cosine * cosine), phi = 2.0 * pi * uniform();
    const Vector at_rest = {std::hypot(d.daughter, momentum), momentum * sine * std::cos(phi),
                            momentum * sine * std::sin(phi), momentum * cosine};
    return boosted(at_rest, parent(d.parent), d.parent);
  }

  void count(const Vector& p) {
    const double pt = std::hypot(p[1], p[2]);
    if (pt >= bins * step) return;
    number[static_cast<std::size_t>(pt / step)] += 1.0;
    cosine[static_cast<std::size_t>(pt / step)] += (square(p[1]) - square(p[2])) / square(pt);
  }

  std::mt19937_64 m_generator{20};
};

/// Number and elliptic flow in bins of pT, within three standard deviations.
TEST(Decays, MonteCarlo) {
  for (const DecayMasses& masses : {two_body[0], two_body[2], three_body[0], three_body[3]}) {
    const MonteCarlo chance(masses);
    const ParentMomenta momenta(20.0, 48);
    const auto parents = spectrum_of(momenta.grid.pt, [](double p) {
      Harmonics at{};
      at[0] = MonteCarlo::trials * std::exp(-p / MonteCarlo::slope) / (2.0 * pi * square(MonteCarlo::slope));
      at[2] = MonteCarlo::flow * at[0];
      return at;
    });
    const ParentSpectrum spectrum(parents, masses.parent, momenta);
    const MomentumGrid bin(MonteCarlo::step, 6);
    for (int b = 0; b < MonteCarlo::bins; ++b) {
      std::vector<double> pt;
      for (const double p : bin.pt) pt.push_back(b * MonteCarlo::step + p);
      Spectrum daughters(pt.size(), Harmonics{});
      add(masses, pt, spectrum, momenta.largest, 1.0, daughters);
      double number = 0.0, cosine = 0.0;
      for (std::size_t i = 0; i < pt.size(); ++i) {
        number += 2.0 * pi * pt[i] * bin.weight[i] * daughters[i][0].real();
        cosine += 2.0 * pi * pt[i] * bin.weight[i] * daughters[i][2].real();
      }
      EXPECT_LT(std::abs(chance.number[b] - number), 3.0 * std::sqrt(number)) << masses.parent << ' ' << b;
      EXPECT_LT(std::abs(chance.cosine[b] - cosine), 3.0 * std::sqrt(0.5 * number)) << masses.parent << ' ' << b;
    }
  }
}

TEST(SpectraByMass, AgainstEachMass) {
  std::vector<double> masses, pt;
  for (int i = 0; i < 40; ++i) masses.push_back((0.5 + 0.0375 * i) * gev);
  for (const double p : {0.01, 0.3, 1.0, 4.0, 11.0}) pt.push_back(p * gev);
  const SpectraByMass known(masses, -1, pt, drop);
  for (const double mass : masses) {
    const Spectrum exact = drop(mass, -1, pt), found = known.at(mass);
    for (std::size_t i = 0; i < pt.size(); ++i)
      for (std::size_t n = 0; n <= harmonics; ++n)
        EXPECT_LT(std::abs(found[i][n] - exact[i][n]), 1e-9 * exact[i][0].real()) << mass / gev << ' ' << pt[i] / gev;
  }
}

/// A chain in which all is known: as many of each as there are of its ancestors, and what is stable gains nothing.
TEST(FeedDown, NumbersOfAChain) {
  const std::vector<Hadron> list = {{"light", 0.14, 0, 1, -1, 0, 0, 0}, {"middle", 0.8, 0, 3, -1, 0, 0, 0},
                                    {"odd", 1.0, 0, 2, 1, 1, 0, 0},     {"heavy", 1.6, 0, 4, 1, 1, 0, 0},
                                    {"top", 1.9, 0, 2, 1, 1, 0, 0},     {"alone", 0.5, 0, 1, -1, 0, 0, 0}};
  const DecayTable decays = {{},
                             {{0.75, {0, 0}}, {0.25, {0, 0, photon}}},
                             {},
                             {{0.4, {2, 0, 0}}, {0.6, {2, 0}}},
                             {{0.3, {2, 1}}, {0.7, {3, 0}}},
                             {}};
  const MomentumGrid grid(9.0 * gev, 60);
  const auto added = feed_down({list, decays}, {0, 1, 2, 5}, grid.pt, 14.0 * gev, drop);
  std::vector<double> yields;
  for (const Hadron& hadron : list)
    yields.push_back(hadron.degeneracy *
                     moment(drop(hadron.mass * gev, hadron.statistics, grid.pt), grid, 0, 0).real());
  const double heavy = yields[3] + 0.7 * yields[4], middle = 0.3 * yields[4];
  EXPECT_LT(relative(moment(added[0], grid, 0, 0).real(), 2.0 * (yields[1] + middle) + 1.4 * heavy + 0.7 * yields[4]),
            1e-8);
  EXPECT_LT(relative(moment(added[1], grid, 0, 0).real(), middle), 1e-8);
  EXPECT_LT(relative(moment(added[2], grid, 0, 0).real(), heavy + 0.3 * yields[4]), 1e-8);
  for (const Harmonics& at : added[3]) EXPECT_EQ(at[0], 0.0);
}

}  // namespace
}  // namespace ister::tests
