#include "physics/feed_down.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

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

  void run(const PrimarySpectra& primary) {
    add_primary(primary);
    for (std::size_t i = 0; i < m_parents.size(); ++i) {
      if (i > 0 && mass(m_parents[i]) != mass(m_parents[i - 1])) m_kernels.clear();
      decay(m_parents[i]);
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

  void decay(std::size_t parent) {
    const ParentSpectrum spectrum(m_spectra.at(parent), mass(parent), m_momenta);
    for (const Decay& way : m_gas.decays[parent])
      for (std::size_t d = 0; d < way.daughters.size(); ++d) {
        const std::size_t daughter = way.daughters[d];
        if (daughter == photon) continue;
        DecayMasses masses{mass(parent), mass(daughter), {}};
        for (std::size_t other = 0; other < way.daughters.size(); ++other)
          if (other != d) masses.others.push_back(mass(way.daughters[other]));
        std::sort(masses.others.begin(), masses.others.end());
        if (const auto found = m_spectra.find(daughter); found != m_spectra.end())
          kernel(masses, false).add(spectrum, way.branching_ratio, found->second);
        if (const auto found = m_results.find(daughter); found != m_results.end())
          kernel(masses, true).add(spectrum, way.branching_ratio, found->second);
      }
  }

  /// To the momenta of results, or to those of parents; many decays have the same masses.
  const DecayKernel& kernel(const DecayMasses& masses, bool to_result) {
    const auto [found, is_new] = m_kernels.try_emplace({to_result, masses}, nullptr);
    if (is_new)
      found->second = std::make_unique<DecayKernel>(masses, to_result ? m_pt : m_momenta.grid.pt, m_momenta.largest);
    return *found->second;
  }

  const DecayingHadrons& m_gas;
  const std::vector<double>& m_pt;
  ParentMomenta m_momenta;
  std::vector<std::size_t> m_parents;  ///< from the heaviest down
  std::map<std::size_t, Spectrum> m_spectra, m_results;
  std::map<std::pair<bool, DecayMasses>, std::unique_ptr<DecayKernel>> m_kernels;  ///< of parents of one mass
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
