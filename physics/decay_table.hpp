#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "physics/hadron_list.hpp"

namespace ister::physics {

/// A daughter that is no hadron: massless, without charges, and not followed.
inline constexpr std::size_t photon = static_cast<std::size_t>(-1);

/// One way in which a hadron decays.
struct Decay {
  double branching_ratio;
  std::vector<std::size_t> daughters;  ///< two or three positions in the list of hadrons, or `photon`
};

/// For each hadron of a list its decays, whose branching ratios sum to 1; none where it is stable.
using DecayTable = std::vector<std::vector<Decay>>;

/// Reads decays of the hadrons of a list: text with commas, whose first line that is no comment (#) names the columns
/// parent, branching_ratio, daughter_1, daughter_2, daughter_3 in any order, the last one empty where there are two;
/// daughters are hadrons of the list or gamma. A hadron without rows decays as its antiparticle does, into
/// antiparticles, or not at all. The antiparticle of X is anti-X, otherwise X with its sign the other way round, and X
/// itself where it has no charges. Throws FileError on a file that cannot be read, InputError (file, line, decay) on an
/// unknown column or hadron, where B, S or Q do not add up, where the masses of the daughters leave no energy, and
/// where the ratios of a parent do not sum to 1 within 1e-3; within that they are normalised.
[[nodiscard]] DecayTable read_decays(const std::string& path, const std::vector<Hadron>& hadrons);

/// The decays that come along, `inputs/decays.csv` at the time of the build, of `shipped_hadrons` or a list of the same
/// names.
[[nodiscard]] DecayTable shipped_decays(const std::vector<Hadron>& hadrons);

/// Sum of the masses of a decay's daughters [GeV].
[[nodiscard]] double mass_of_daughters(const Decay& decay, const std::vector<Hadron>& hadrons);

}  // namespace ister::physics
