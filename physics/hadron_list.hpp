#pragma once
#include <string>
#include <vector>

namespace ister::physics {

/// A kind of hadron. Its antiparticle, where it has one, is another.
struct Hadron {
  std::string name;
  double mass;     ///< GeV
  double width;    ///< GeV
  int degeneracy;  ///< 2J + 1, or that of several states that are alike
  int statistics;  ///< 1: Fermi, -1: Bose, 0: Boltzmann
  int baryon_number, strangeness, electric_charge;
};

/// Reads a list of hadrons: text with commas, whose first line that is no comment (#) names the columns name, mass_GeV,
/// width_GeV, degeneracy, statistics, B, S, Q, all of them, in any order. Throws FileError on a file that cannot be
/// read, InputError (file, line, column, value) on an unknown or missing column, on what is no number, on no hadron at
/// all or the same twice, and where baryon number and spin do not go with the statistics.
[[nodiscard]] std::vector<Hadron> read_hadrons(const std::string& path);

/// The list that comes along, `inputs/hadrons.csv` at the time of the build.
[[nodiscard]] std::vector<Hadron> shipped_hadrons();

}  // namespace ister::physics
