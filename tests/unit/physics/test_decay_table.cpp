#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "physics/decay_table.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace physics;

const std::string header = "parent,branching_ratio,daughter_1,daughter_2,daughter_3\n";

DecayTable read(const std::string& text) { return read_decays(TextFile(text).path(), shipped_hadrons()); }

std::size_t position(const std::string& name) {
  const std::vector<Hadron> list = shipped_hadrons();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Hadron& h) { return h.name == name; });
  return static_cast<std::size_t>(found - list.begin());
}

/// Charges, masses and ratios are asked for by the reader; what decays, and that an antiparticle is its mirror.
TEST(DecayTable, Shipped) {
  const std::vector<Hadron> list = shipped_hadrons();
  const DecayTable table = shipped_decays(list);
  const std::string stable[] = {"pi",          "K",        "anti-K0",  "p",           "n",
                                "Lambda",      "Sigma+",   "Sigma-",   "Xi0",         "Xi-",
                                "Omega-",      "anti-p",   "anti-n",   "anti-Lambda", "anti-Sigma+",
                                "anti-Sigma-", "anti-Xi0", "anti-Xi-", "anti-Omega-"};
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string& name = list[i].name;
    const bool lasts = std::any_of(std::begin(stable), std::end(stable), [&](const std::string& s) {
      return name == s || name == s + '+' || name == s + '-' || name == s + '0';
    });
    EXPECT_EQ(table[i].empty(), lasts) << name;
    double sum = 0.0;
    for (const Decay& decay : table[i]) sum += decay.branching_ratio;
    EXPECT_NEAR(sum, lasts ? 0.0 : 1.0, 1e-14) << name;
  }
}

/// Isospin is kept: what charges of a multiplet decay into is one pion of each charge where each of them is as
/// frequent.
TEST(DecayTable, ShippedHasIsospin) {
  const std::vector<Hadron> list = shipped_hadrons();
  const DecayTable table = shipped_decays(list);
  const auto pions = [&](const std::string& name, const std::string& of) {
    double sum = 0.0;
    for (const Decay& decay : table[position(name)])
      for (const std::size_t d : decay.daughters)
        if (d != photon && list[d].name == of) sum += decay.branching_ratio;
    return sum;
  };
  for (const std::string multiplet : {"rho(1700)", "a2(1320)", "pi2(1670)"})
    for (const std::string pion : {"pi+", "pi-", "pi0"}) {
      const double all = pions(multiplet + "+", pion) + pions(multiplet + "-", pion) + pions(multiplet + "0", pion);
      const double others =
          pions(multiplet + "+", "pi0") + pions(multiplet + "-", "pi0") + pions(multiplet + "0", "pi0");
      EXPECT_NEAR(all, others, 1e-4) << multiplet << ' ' << pion;
    }
}

TEST(DecayTable, RowsAntiparticlesAndPhotons) {
  const DecayTable table = read(
      "# made up\n daughter_3,parent, daughter_2,daughter_1,branching_ratio\r\n"
      ",Delta(1232)+,pi0,p,0.66647\n,Delta(1232)+,pi+,n,0.33295\n"
      "pi0,eta'(958),pi0,eta,1\n,K*(892)0,pi-,K+,1 # a "
      "comment\n,anti-K*(892)0,pi0,anti-K0,1\n,Sigma0,gamma,Lambda,1\n");
  const auto& anti = table[position("anti-Delta(1232)+")];
  ASSERT_EQ(anti.size(), 2u);
  EXPECT_EQ(anti[1].daughters, (std::vector<std::size_t>{position("anti-n"), position("pi-")}));
  EXPECT_NEAR(anti[1].branching_ratio, 0.33295 / (0.66647 + 0.33295), 1e-15);
  EXPECT_EQ(table[position("eta'(958)")][0].daughters.size(), 3u);
  EXPECT_EQ(table[position("anti-K*(892)0")][0].daughters[1], position("pi0"));
  EXPECT_EQ(table[position("anti-Sigma0")][0].daughters[1], photon);
  EXPECT_TRUE(table[position("rho(770)0")].empty());
}

TEST(DecayTable, ErrorsNameFileLineDecayAndValue) {
  EXPECT_THROW((void)read_decays("no/such/table.csv", shipped_hadrons()), FileError);
  const auto expect = [](const std::string& text, const std::string& part) {
    expect_refused_file([](const std::string& path) { (void)read_decays(path, shipped_hadrons()); }, text, part);
  };
  expect("parent,ratio,daughter_1,daughter_2,daughter_3\n", ":1: unknown column 'ratio'");
  expect("parent,branching_ratio,daughter_1,daughter_2\n", "column daughter_3 is missing");
  expect(header + "rho(770)0,1,pi+,pi-\n", ":2: 4 values");
  expect(header + "rho(770)0,most,pi+,pi-,\n", "branching_ratio = 'most'");
  expect(header + "rho(770)0,1.2,pi+,pi-,\n", "branching_ratio = 1.2: must lie between 0 and 1");
  expect(header + "rho,1,pi+,pi-,\n", ":2: decay of rho: 'rho' is not in the list");
  expect(header + "rho(770)0,1,pi+,Pi-,\n", ":2: decay of rho(770)0: 'Pi-' is not in the list");
  expect(header + "rho(770)0,1,pi+,,\n", "'' is not in the list");
  expect(header + "gamma,1,pi+,pi-,\n", "gamma does not decay");
  expect(header + "rho(770)0,1,pi+,pi0,\n",
         ":2: Q of the decay of rho(770)0 does not add up: it has 0, its daughters have 1");
  expect(header + "Delta(1232)+,1,pi+,pi0,\n", "B of the decay of Delta(1232)+");
  expect(header + "K*(892)+,1,pi+,pi0,\n", "S of the decay of K*(892)+");
  expect(header + "a0(980)0,1,K0,anti-K0,\n", ":2: decay of a0(980)0: its mass of 0.98 GeV is not above");
  expect(header + "rho(770)0,0.9,pi+,pi-,\n", "the branching ratios of rho(770)0 sum to 0.9");
  expect("\x89HDF\r\n\x1a\n", "not a table of decays");
}

}  // namespace
}  // namespace ister::tests
