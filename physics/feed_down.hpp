#pragma once
#include <cstddef>
#include <vector>

#include "physics/decay_table.hpp"
#include "physics/primary_spectra.hpp"

namespace ister::physics {

/// Hadrons and how they decay.
struct DecayingHadrons {
  std::vector<Hadron> hadrons;
  DecayTable decays;
};

/// What decays add to the spectra of some hadrons (positions in the list), of all their spin states together, at
/// transverse momenta pt [1/fm]: harmonics of dN/(pT dpT dphi dy), [wanted][pt]. Parents decay from the heaviest down,
/// at their pole mass, without polarisation; those above pT = `largest` [1/fm] are left out.
[[nodiscard]] std::vector<std::vector<Harmonics>> feed_down(const DecayingHadrons& gas,
                                                            const std::vector<std::size_t>& wanted,
                                                            const std::vector<double>& pt, double largest,
                                                            const PrimarySpectra& primary);

}  // namespace ister::physics
