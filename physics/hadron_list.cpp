#include "physics/hadron_list.hpp"

#include <fmt/format.h>

#include <set>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "physics/comma_table.hpp"
#include "physics/shipped_hadrons.hpp"

namespace ister::physics {
namespace {

enum Column { name, mass, width, degeneracy, statistics, baryon_number, strangeness, electric_charge };
const std::vector<std::string>& columns() {
  static const std::vector<std::string> names = {"name",       "mass_GeV", "width_GeV", "degeneracy",
                                                 "statistics", "B",        "S",         "Q"};
  return names;
}
constexpr const char* what = "a list of hadrons";

/// Half-integer spin goes with odd baryon number, even 2J + 1 and Fermi statistics.
void require_spin_and_statistics(const Hadron& hadron, const CommaRow& row) {
  const bool fermion = hadron.baryon_number % 2 != 0;
  if (hadron.statistics == (fermion ? -1 : 1))
    row.fail(fmt::format("{} has B = {} and statistics = {}: {} (or 0, Boltzmann) goes with {} baryon number",
                         hadron.name, hadron.baryon_number, hadron.statistics, fermion ? "1, Fermi," : "-1, Bose,",
                         fermion ? "odd" : "even"));
  if (fermion && hadron.degeneracy % 2 != 0)
    row.fail(fmt::format("{} has B = {} and degeneracy = {}: 2J + 1 is even where the baryon number is odd",
                         hadron.name, hadron.baryon_number, hadron.degeneracy));
}

Hadron hadron_of(const CommaRow& row) {
  constexpr double least_mass = 0.01, largest = 1e3;
  constexpr int most = 1000;
  if (row.word(name).empty()) row.fail("a hadron without name");
  const Hadron hadron{core::printable(row.word(name), 80),   row.number(mass, least_mass, largest),
                      row.number(width, 0.0, largest),       row.integer(degeneracy, 1, most),
                      row.integer(statistics, -1, 1),        row.integer(baryon_number, -most, most),
                      row.integer(strangeness, -most, most), row.integer(electric_charge, -most, most)};
  require_spin_and_statistics(hadron, row);
  return hadron;
}

std::vector<Hadron> hadrons_of(const std::vector<CommaRow>& rows, const std::string& path) {
  std::vector<Hadron> hadrons;
  std::set<std::string> names;
  for (const CommaRow& row : rows) {
    hadrons.push_back(hadron_of(row));
    if (!names.insert(hadrons.back().name).second) row.fail(hadrons.back().name + " is in the list already");
  }
  if (hadrons.empty()) throw InputError(path + ": holds no hadrons");
  return hadrons;
}

}  // namespace

std::vector<Hadron> read_hadrons(const std::string& path) {
  return hadrons_of(read_comma_rows(path, columns(), what), path);
}

std::vector<Hadron> shipped_hadrons() {
  const std::string path = "hadrons.csv";
  return hadrons_of(comma_rows(shipped_hadrons_text(), path, columns(), what), path);
}

}  // namespace ister::physics
