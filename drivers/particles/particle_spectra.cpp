#include "drivers/particles/particle_spectra.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/base/error.hpp"
#include "core/parallel/execution.hpp"
#include "drivers/particles/freeze_out_elements.hpp"
#include "physics/cooper_frye.hpp"
#include "physics/units.hpp"

namespace ister::drivers {
namespace {

using core::surface::ElementTable;
using physics::BulkCorrection;
using physics::FreezeOutElement;
using physics::Hadron;
using physics::Harmonics;
using physics::ParticleMoments;
using physics::ShearCorrection;
namespace units = physics::units;

/// Of one spin state at each rapidity, and what is beyond.
struct OneKind {
  std::vector<ParticleMoments> at_rapidity;
  double beyond;
};

class Spectra {
 public:
  Spectra(const ElementTable& table, std::size_t directions, const SpectraOptions& options, std::string source)
      : m_table(table),
        m_options(options),
        m_source(std::move(source)),
        m_kind(surface_kind(table, directions, m_source)),
        m_correction(options.shear, options.bulk, options.medium.empty() ? physics::shipped_hadrons() : options.medium),
        m_elements(freeze_out_elements(table, m_kind, m_correction, m_source)) {
    if (options.feed_down && m_kind != SurfaceKind::boost_invariant)
      throw InputError(m_source + ": --decays feed-down is for surfaces of runs in x and y in Milne coordinates");
    warn_of_surface();
    warn_of_medium();
  }

  SurfaceParticles of(const std::vector<Hadron>& hadrons) {
    SurfaceParticles result{m_kind == SurfaceKind::boost_invariant, {}, share_of_shear(), {}};
    result.at_rapidity.resize(rapidities());
    for (const Hadron& hadron : hadrons) {
      const OneKind& kind = kind_of(hadron);
      for (std::size_t y = 0; y < rapidities(); ++y)
        result.at_rapidity[y].push_back({hadron, kind.at_rapidity[y], kind.beyond});
    }
    if (m_options.feed_down) add_decays(*m_options.feed_down, result.at_rapidity.front());
    warn_of_size(result.at_rapidity.front());
    result.warnings = m_warnings;
    return result;
  }

 private:
  [[nodiscard]] std::size_t rapidities() const {
    return m_kind == SurfaceKind::boost_invariant ? 1 : m_options.rapidities.size();
  }

  template <class... Values>
  void warn(const char* format, Values... values) {
    m_warnings.push_back(m_source + ": " + fmt::format(fmt::runtime(format), values...));
  }

  void warn_of_surface() {
    const auto complete = m_table.attributes.find("complete");
    if (complete != m_table.attributes.end() && complete->second == core::Attribute(std::int64_t{0}))
      warn("the surface is incomplete: the run ended before the matter inside had left");
    const std::vector<double>& bulk = m_table.column("bulk_pressure");
    if (m_options.bulk == BulkCorrection::none &&
        std::any_of(bulk.begin(), bulk.end(), [](double value) { return value != 0.0; }))
      warn("bulk pressure does not change the distributions here");
  }

  [[nodiscard]] double enthalpy() const {
    return m_table.column("energy_density").front() + m_table.column("pressure").front();
  }
  [[nodiscard]] double share_of_shear() const {
    return m_correction.share_of_shear(m_elements.front().temperature, enthalpy());
  }

  /// Where the fluid is no gas of these hadrons, they cannot carry what it carries.
  void warn_of_medium() {
    constexpr double tolerance = 1e-3;
    const bool of_gas = std::any_of(m_elements.begin(), m_elements.end(), [](const FreezeOutElement& e) {
      return e.delta.stress_over_energy != 0.0 || e.delta.energy != 0.0;
    });
    if (!of_gas) return;
    const double share = m_correction.share_of_enthalpy(m_elements.front().temperature, enthalpy());
    if (std::abs(share - 1.0) > tolerance)
      warn("the hadrons of which the coefficients of delta f are have {:.4g} % of the fluid's enthalpy", 100.0 * share);
  }

  [[nodiscard]] std::vector<double> spectrum(double mass, int statistics, double pt, std::size_t rapidity,
                                             const physics::Directions& directions) const {
    return m_kind == SurfaceKind::boost_invariant
               ? cooper_frye(m_elements, mass, statistics, pt, directions)
               : cooper_frye_at(m_options.rapidities[rapidity], m_elements, mass, statistics, pt, directions);
  }

  /// Of one spin state at transverse momenta [1/fm] and one of the rapidities, each momentum by one thread.
  [[nodiscard]] std::vector<Harmonics> primary(double mass, int statistics, const std::vector<double>& pt,
                                               std::size_t rapidity) const {
    const physics::Directions directions(m_options.angles);
    std::vector<Harmonics> at(pt.size());
    Kokkos::parallel_for(
        "particles", Kokkos::RangePolicy<core::HostExecution>(0, static_cast<int>(pt.size())),
        [&](int i) { at[i] = physics::harmonics_of(spectrum(mass, statistics, pt[i], rapidity, directions)); });
    return at;
  }

  [[nodiscard]] OneKind calculated(const Hadron& hadron) const {
    const physics::MomentumGrid grid = m_options.grid();
    const double mass = units::gev_to_inverse_fm(hadron.mass);
    OneKind kind{{}, physics::share_beyond_equilibrium(m_elements, mass, hadron.statistics)};
    for (std::size_t y = 0; y < rapidities(); ++y)
      kind.at_rapidity.emplace_back(primary(mass, hadron.statistics, grid.pt, y), grid);
    return kind;
  }

  /// Of the species as they are in the end. What decays is known 6 GeV beyond the largest momentum.
  void add_decays(const FeedDown& feed_down, ParticlesAtRapidity& all) const {
    constexpr double beyond = 6.0;
    const physics::MomentumGrid grid = m_options.grid();
    const auto added = physics::feed_down(
        feed_down.gas, feed_down.wanted, grid.pt, units::gev_to_inverse_fm(m_options.largest_pt + beyond),
        [&](double mass, int statistics, const std::vector<double>& pt) { return primary(mass, statistics, pt, 0); });
    for (std::size_t s = 0; s < all.size(); ++s) {
      std::vector<Harmonics> at = all[s].moments.at;
      for (std::size_t i = 0; i < at.size(); ++i)
        for (std::size_t n = 0; n < at[i].size(); ++n)
          at[i][n] += added[s][i][n] / static_cast<double>(all[s].hadron.degeneracy);
      all[s].moments = ParticleMoments(std::move(at), grid);
    }
  }

  /// Those of one mass and statistics differ by their degeneracy alone.
  const OneKind& kind_of(const Hadron& hadron) {
    const std::pair key{hadron.mass, hadron.statistics};
    const auto known = m_known.find(key);
    if (known != m_known.end()) return known->second;
    const OneKind& found = m_known.emplace(key, calculated(hadron)).first->second;
    for (const ParticleMoments& moments : found.at_rapidity) check(hadron, moments);
    return found;
  }

  void warn_of_size(const ParticlesAtRapidity& all) {
    constexpr double much = 0.01;
    const auto worst = std::max_element(all.begin(), all.end(),
                                        [](const Species& a, const Species& b) { return a.beyond < b.beyond; });
    if (worst != all.end() && worst->beyond > much)
      warn("|delta f| > f for up to {:.2g} % of a species ({})", 100.0 * worst->beyond, worst->hadron.name);
  }

  void check(const Hadron& hadron, const ParticleMoments& found) {
    if (!(found.number() > 0.0)) throw InputError(fmt::format("{}: there is no {} on it", m_source, hadron.name));
    if (m_kind == SurfaceKind::boost_invariant) check_number(hadron, found);
    check_sign(hadron, found);
  }

  /// The integrated spectrum against what is known without it, up to what is beyond the largest momentum.
  void check_number(const Hadron& hadron, const ParticleMoments& found) {
    constexpr double tolerance = 1e-3;
    const double expected =
        physics::number_through(m_elements, units::gev_to_inverse_fm(hadron.mass), hadron.statistics);
    if (std::abs(found.number() / expected - 1.0) > tolerance)
      warn("{}: {:.4g} % of all are found up to {:g} GeV with {} momenta and {} angles", hadron.name,
           100.0 * found.number() / expected, m_options.largest_pt, m_options.momenta, m_options.angles);
  }

  void check_sign(const Hadron& hadron, const ParticleMoments& found) {
    const physics::MomentumGrid grid = m_options.grid();
    for (std::size_t i = 0; i < found.at.size(); ++i)
      if (!(found.at[i][0].real() > 0.0))
        return warn("{}: the spectrum is not positive at {:.3g} GeV", hadron.name,
                    units::inverse_fm_to_gev(grid.pt[i]));
  }

  const ElementTable& m_table;
  const SpectraOptions& m_options;
  std::string m_source;
  SurfaceKind m_kind;
  physics::ViscousCorrection m_correction;
  std::vector<FreezeOutElement> m_elements;
  std::map<std::pair<double, int>, OneKind> m_known;
  std::vector<std::string> m_warnings;
};

}  // namespace

std::vector<Hadron> default_species() {
  const std::vector<std::string> names = {"pi+", "pi-", "K+", "K-", "p", "anti-p", "Lambda", "anti-Lambda"};
  std::vector<Hadron> chosen;
  for (const Hadron& hadron : physics::shipped_hadrons())
    if (std::find(names.begin(), names.end(), hadron.name) != names.end()) chosen.push_back(hadron);
  return chosen;
}

physics::MomentumGrid SpectraOptions::grid() const { return {units::gev_to_inverse_fm(largest_pt), momenta}; }

Harmonics SurfaceParticles::reference(std::size_t rapidity) const {
  Harmonics sum{};
  for (const Species& one : at_rapidity[rapidity])
    for (std::size_t n = 0; n < sum.size(); ++n)
      sum[n] += static_cast<double>(one.hadron.degeneracy) * one.moments.total[n];
  return sum;
}

SurfaceParticles particle_spectra(const ElementTable& table, std::size_t directions, const std::vector<Hadron>& hadrons,
                                  const SpectraOptions& options, const std::string& source) {
  return Spectra(table, directions, options, source).of(hadrons);
}

}  // namespace ister::drivers
