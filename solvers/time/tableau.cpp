#include "solvers/time/tableau.hpp"

#include "core/base/error.hpp"

namespace ister::solvers {
namespace {

const std::vector<Tableau>& all() {
  static const std::vector<Tableau> tableaux = {
      // Shu and Osher, J. Comput. Phys. 77 (1988) 439
      {"ssprk3", 3, 0, {0, 1, 0.5}, {{}, {1}, {0.25, 0.25}}, {1.0 / 6, 1.0 / 6, 2.0 / 3}, {}, {}},
      // Kutta 1901
      {"rk4", 4, 0, {0, 0.5, 0.5, 1}, {{}, {0.5}, {0, 0.5}, {0, 0, 1}}, {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}, {}, {}},
      // Bogacki and Shampine, Appl. Math. Lett. 2 (1989) 321
      {"bs32",
       3,
       2,
       {0, 0.5, 0.75, 1},
       {{}, {0.5}, {0, 0.75}, {2.0 / 9, 1.0 / 3, 4.0 / 9}},
       {2.0 / 9, 1.0 / 3, 4.0 / 9, 0},
       {7.0 / 24, 1.0 / 4, 1.0 / 3, 1.0 / 8},
       {}},
      // Dormand and Prince, J. Comput. Appl. Math. 6 (1980) 19
      {"dp54",
       5,
       4,
       {0, 0.2, 0.3, 0.8, 8.0 / 9, 1, 1},
       {{},
        {0.2},
        {3.0 / 40, 9.0 / 40},
        {44.0 / 45, -56.0 / 15, 32.0 / 9},
        {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
        {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
        {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}},
       {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0},
       {5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40},
       {}},
      // Ascher, Ruuth and Spiteri, Appl. Numer. Math. 25 (1997) 151, section 2.8
      {"ars443",
       3,
       0,
       {0, 0.5, 2.0 / 3, 0.5},
       {{}, {0.5}, {11.0 / 18, 1.0 / 18}, {5.0 / 6, -5.0 / 6, 0.5}},
       {0.25, 1.75, 0.75, -1.75},
       {},
       {{0}, {0, 0.5}, {0, 1.0 / 6, 0.5}, {0, -0.5, 0.5, 0.5}, {0, 1.5, -1.5, 0.5, 0.5}}}};
  return tableaux;
}

}  // namespace

const Tableau& tableau(const std::string& name) {
  std::string known;
  for (const Tableau& t : all()) {
    if (t.name == name) return t;
    known += (known.empty() ? "" : ", ") + t.name;
  }
  throw InputError("time.integrator = \"" + name + "\" is not known; allowed are " + known);
}

std::vector<std::string> tableau_names() {
  std::vector<std::string> names;
  for (const Tableau& t : all()) names.push_back(t.name);
  return names;
}

}  // namespace ister::solvers
