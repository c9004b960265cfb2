#include "physics/feed_down.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include "physics/decay_kernel.hpp"
#include "physics/units.hpp"

namespace ister::physics {
namespace {

constexpr int parent_points = 48;
using Spectrum = std::vector<Harmonics>;

class Cascade {
 public:
  Cascade(const DecayingHadrons& gas, const std::vector<std::size_t>& wanted, const std::vector<double>& pt,
          double largest)
      : m_gas(gas), m_pt(pt), m_momenta(largest, parent_points) {
    for (const std::size_t i : wanted) m_results.emplace(i, Spectrum(pt.size(), Harmonics{}));
    for (std::size_t i = 0; i < gas.hadrons.size(); ++i)
      if (!gas.decays[i].empty()) m_parents.push_back(i);
    std::stable_sort(m_parents.begin(), m_parents.end(),
                     [&](std::size_t a, std::size_t b) { return mass(a) > mass(b); });
  }

  /// Those of one mass at once: none decays into another of them.
  void run(const PrimarySpectra& primary) {
    add_primary(primary);
    for (auto begin = m_parents.begin(); begin != m_parents.end();) {
      const auto end = std::find_if(begin, m_parents.end(), [&](std::size_t i) { return mass(i) != mass(*begin); });
      decay({begin, end});
      begin = end;
    }
  }

  [[nodiscard]] const Spectrum& result(std::size_t wanted) const { return m_results.at(wanted); }

 private:
  [[nodiscard]] double mass(std::size_t hadron) const {
    return hadron == photon ? 0.0 : units::gev_to_inverse_fm(m_gas.hadrons[hadron].mass);
  }

  void add_primary(const PrimarySpectra& primary) {
    std::map<int, std::vector<double>> masses;
    for (const std::size_t i : m_parents) masses[m_gas.hadrons[i].statistics].push_back(mass(i));
    std::map<int, SpectraByMass> known;
    for (const auto& [statistics, of] : masses)
      known.emplace(statistics, SpectraByMass(of, statistics, m_momenta.grid.pt, primary));
    for (const std::size_t i : m_parents) {
      Spectrum& spectrum = m_spectra[i] = known.at(m_gas.hadrons[i].statistics).at(mass(i));
      for (Harmonics& at : spectrum)
        for (auto& value : at) value *= m_gas.hadrons[i].degeneracy;
    }
  }

  void decay(const std::vector<std::size_t>& parents) {
    std::deque<ParentSpectrum> spectra;
    std::map<DecayMasses, std::vector<DecayFlow>> to_parents, to_results;
    for (const std::size_t parent : parents) {
      const ParentSpectrum& spectrum = spectra.emplace_back(m_spectra.at(parent), mass(parent), m_momenta);
      for (const Decay& way : m_gas.decays[parent])
        for (std::size_t d = 0; d < way.daughters.size(); ++d) {
          const DecayMasses masses = masses_of(parent, way, d);
          const auto add = [&](std::map<std::size_t, Spectrum>& known, auto& flows) {
            const auto found = known.find(way.daughters[d]);
            if (found != known.end()) flows[masses].push_back({&spectrum, way.branching_ratio, &found->second});
          };
          add(m_spectra, to_parents);
          add(m_results, to_results);
        }
    }
    for (const auto& [masses, flows] : to_parents) add_daughters(masses, m_momenta.grid.pt, m_momenta.largest, flows);
    for (const auto& [masses, flows] : to_results) add_daughters(masses, m_pt, m_momenta.largest, flows);
  }

  [[nodiscard]] DecayMasses masses_of(std::size_t parent, const Decay& way, std::size_t daughter) const {
    DecayMasses masses{mass(parent), mass(way.daughters[daughter]), {}};
    for (std::size_t other = 0; other < way.daughters.size(); ++other)
      if (other != daughter) masses.others.push_back(mass(way.daughters[other]));
    std::sort(masses.others.begin(), masses.others.end());
    return masses;
  }

  const DecayingHadrons& m_gas;
  const std::vector<double>& m_pt;
  ParentMomenta m_momenta;
  std::vector<std::size_t> m_parents;  ///< from the heaviest down
  std::map<std::size_t, Spectrum> m_spectra, m_results;
};

}  // namespace

std::vector<std::vector<Harmonics>> feed_down(const DecayingHadrons& gas, const std::vector<std::size_t>& wanted,
                                              const std::vector<double>& pt, double largest,
                                              const PrimarySpectra& primary) {
  Cascade cascade(gas, wanted, pt, largest);
  cascade.run(primary);
  std::vector<Spectrum> results;
  for (const std::size_t i : wanted) results.push_back(cascade.result(i));
  return results;
}

}  // namespace ister::physics
