#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "physics/hadron_list.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace physics;

const std::string header = "name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q\n";

std::vector<Hadron> read(const std::string& text) { return read_hadrons(TextFile(text).path()); }

const Hadron& find(const std::vector<Hadron>& list, const std::string& name) {
  return *std::find_if(list.begin(), list.end(), [&](const Hadron& h) { return h.name == name; });
}

TEST(HadronList, Shipped) {
  const std::vector<Hadron> list = shipped_hadrons();
  EXPECT_GT(list.size(), 300u);
  for (const Hadron& h : list) {
    EXPECT_LE(h.mass, 2.0) << h.name;
    EXPECT_LE(std::abs(h.baryon_number), 1) << h.name;
    // 2J + 1 is even for baryons alone; Q = I_3 + (B + S)/2 with |I_3| as quarks have it
    EXPECT_EQ(h.degeneracy % 2 == 0, h.baryon_number != 0) << h.name;
    const double isospin = h.electric_charge - 0.5 * (h.baryon_number + h.strangeness);
    EXPECT_LE(std::abs(isospin),
              1.5 * std::abs(h.baryon_number) + (h.baryon_number == 0) - 0.5 * std::abs(h.strangeness))
        << h.name;
  }
  EXPECT_EQ(find(list, "pi+").mass, 0.13957039);
  EXPECT_EQ(find(list, "Delta(1232)++").electric_charge, 2);
  EXPECT_EQ(find(list, "anti-Omega-").strangeness, 3);
  EXPECT_EQ(find(list, "f2(1270)").degeneracy, 5);
  EXPECT_EQ(find(list, "Lambda(1520)").width, 0.016);
}

TEST(HadronList, ColumnsInAnyOrderCommentsAndBlanks) {
  const std::vector<Hadron> list = read(
      "# made up\r\n\r\n  Q, S,B,statistics ,degeneracy,width_GeV,mass_GeV,name\r\n"
      "+1,0,0,-1,3,1.491e-1, 0.77511,rho+ # a comment\r\n# another\r\n-1,0,0,-1,3,0.1491,0.77511,rho-\n");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "rho+");
  EXPECT_EQ(list[0].mass, 0.77511);
  EXPECT_EQ(list[0].width, 0.1491);
  EXPECT_EQ(list[0].degeneracy, 3);
  EXPECT_EQ(list[0].statistics, -1);
  EXPECT_EQ(list[0].electric_charge, 1);
  EXPECT_EQ(list[1].electric_charge, -1);
}

TEST(HadronList, ErrorsNameFileLineColumnAndValue) {
  EXPECT_THROW((void)read_hadrons("no/such/list.csv"), FileError);
  const auto expect = [](const std::string& text, const std::string& part) {
    expect_refused_file([](const std::string& path) { (void)read_hadrons(path); }, text, part);
  };
  const std::string pion = "pi0,0.135,0,1,-1,0,0,0\n";
  expect("", "no hadrons");
  expect(header, "no hadrons");
  expect(pion, ":1: unknown column 'pi0'; expected: name,mass_GeV,");
  expect("name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q,spin\n" + pion, "unknown column 'spin'");
  expect("name,mass_GeV,degeneracy,statistics,B,S,Q\n" + pion, "column width_GeV is missing");
  expect("name,mass_GeV,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q\n" + pion, "mass_GeV is there twice");
  expect(header + "pi0,0.135,0,1,-1,0,0\n", ":2: 7 values");
  expect(header + "pi0,0.135,0,1,-1,0,0,0,0\n", ":2: 9 values");
  expect(header + pion + "X,heavy,0,1,-1,0,0,0\n", ":3: mass_GeV = 'heavy' is not a finite number");
  expect(header + "X,nan,0,1,-1,0,0,0\n", "mass_GeV = 'nan'");
  expect(header + "X,,0,1,-1,0,0,0\n", "mass_GeV = ''");
  expect(header + "X,1;0,0,1,-1,0,0,0\n", "mass_GeV = '1;0'");
  expect(header + "X,0,0,1,-1,0,0,0\n", "mass_GeV = 0: must lie between 0.01");
  expect(header + "X,0.5,-1e-3,1,-1,0,0,0\n", "width_GeV = -0.001: must lie");
  expect(header + "X,0.5,0,0,-1,0,0,0\n", "degeneracy = 0: must lie");
  expect(header + "X,0.5,0,1.5,-1,0,0,0\n", "degeneracy = 1.5: must be whole");
  expect(header + "X,0.5,0,1,2,0,0,0\n", "statistics = 2: must lie between -1 and 1");
  expect(header + "X,0.5,0,1,-1,0,0,0.3\n", "Q = 0.3: must be whole");
  expect(header + ",0.5,0,1,-1,0,0,0\n", "without name");
  expect(header + pion + pion, ":3: pi0 is in the list already");
  expect(header + "X,1.2,0,2,-1,1,0,0\n", "X has B = 1 and statistics = -1");
  expect(header + "X,1.2,0,2,1,0,0,0\n", "X has B = 0 and statistics = 1");
  expect(header + "X,1.2,0,3,1,1,0,0\n", "degeneracy = 3: 2J + 1 is even");
  expect("\x89HDF\r\n\x1a\n", "not a list of hadrons");
}

}  // namespace
}  // namespace ister::tests
