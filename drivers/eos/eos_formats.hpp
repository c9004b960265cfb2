#pragma once
#include <string>
#include <vector>

// What `ister eos` writes.
namespace ister::drivers {

/// Matter of one energy density.
struct EosRow {
  double energy_density, pressure;  ///< GeV/fm^3
  double entropy_density;           ///< 1/fm^3
  double temperature;               ///< GeV
  double sound_speed_squared;       ///< dp/de
};

/// A format, by the name it has on the command line, and what its reader asks for.
struct EosFormat {
  std::string name;
  std::string file;     ///< the name under which its reader looks for it
  bool even_in_energy;  ///< rows at equal steps of e, else of ln e
  int points;           ///< rows; 0: as many as a table that is read back here holds
  int least_points, most_points;
  double lowest, highest;  ///< T [GeV] of the first and of the last row
  std::string (*encode)(const std::vector<EosRow>& rows, const std::string& comment);
};

/// "csv": comment lines, a line of names and units, then rows of e, p, s, T, dp/de with 17 digits; eos.type = "table"
/// reads it.
/// "music": MUSIC's EOS_to_use = 9, doubles e, p, s, T in the byte order of the machine, 100000 rows at equal steps of
/// e, no header (eos_hotQCD.cpp).
/// "vhlle": vHLLE's eosType = 0, text of e, p, T behind a row of zeros, at most 10000 rows, no header, and no end of
/// the last line, which would be taken for a row (eos.cpp).
const std::vector<EosFormat>& eos_formats();

}  // namespace ister::drivers
