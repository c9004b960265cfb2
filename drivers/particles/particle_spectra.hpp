#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/surface/element_table.hpp"
#include "physics/delta_f.hpp"
#include "physics/feed_down.hpp"
#include "physics/hadron_list.hpp"
#include "physics/particle_moments.hpp"

/// Particles of one surface, by `ister analyze particles` and within a run: no files, no messages, the threads of the
/// process that calls. What the user has to know comes back as text.
namespace ister::drivers {

/// The hadrons that decay, and which of them are asked for.
struct FeedDown {
  physics::DecayingHadrons gas;
  std::vector<std::size_t> wanted;
};

struct SpectraOptions {
  physics::ShearCorrection shear = physics::ShearCorrection::fourteen_moments;
  physics::BulkCorrection bulk = physics::BulkCorrection::chapman_enskog;
  double largest_pt = 6.0;  ///< GeV
  int momenta = 40, angles = 48;
  std::vector<double> rapidities = {0.0};  ///< of surfaces that are not boost-invariant
  std::vector<physics::Hadron> medium;     ///< the hadrons of the equation of state; none: the list that comes along

  std::optional<FeedDown> feed_down;  ///< what is added by decays, of boost-invariant surfaces; `wanted`: the species

  [[nodiscard]] physics::MomentumGrid grid() const;
};

/// What most experiments show first: pi, K, p, Lambda with their antiparticles.
[[nodiscard]] std::vector<physics::Hadron> default_species();

/// One kind of particle at one rapidity.
struct Species {
  physics::Hadron hadron;
  physics::ParticleMoments moments;  ///< of one spin state, momenta in 1/fm
  double beyond;                     ///< share_beyond_equilibrium
};
using ParticlesAtRapidity = std::vector<Species>;

struct SurfaceParticles {
  bool boost_invariant;
  std::vector<ParticlesAtRapidity> at_rapidity;  ///< of each of the options; one where it is boost-invariant
  double share_of_shear;  ///< what all hadrons of the medium carry of the fluid's shear stress, at the first element
  std::vector<std::string> warnings;  ///< a sentence each, beginning with `source`

  /// Q_n of all species of a rapidity together, n = 0 to 6: sums of int d^2pT exp(i n phi) dN/(dy d^2pT).
  [[nodiscard]] physics::Harmonics reference(std::size_t rapidity) const;
};

/// The hadrons that leave through a surface of a run with so many `directions`; `table` with the columns of
/// solvers::surface_columns, natural units. InputError, which names `source`: see surface_kind and freeze_out_elements,
/// where there are none of a species, and with feed_down where it is not boost-invariant.
[[nodiscard]] SurfaceParticles particle_spectra(const core::surface::ElementTable& table, std::size_t directions,
                                                const std::vector<physics::Hadron>& hadrons,
                                                const SpectraOptions& options, const std::string& source);

}  // namespace ister::drivers
