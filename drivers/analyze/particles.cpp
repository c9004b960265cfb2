#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/decay_choice.hpp"
#include "drivers/analyze/surface_choice.hpp"
#include "drivers/particles/particle_arrays.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

using core::surface::ElementTable;
using physics::BulkCorrection;
using physics::Hadron;
using physics::ShearCorrection;

/// InputError on a name that HDF5 takes for a way through several groups.
void require_group_name(const std::string& name) {
  if (name == "." || name.find('/') != std::string::npos)
    throw InputError(
        fmt::format("species '{}': a name with / cannot be that of a group of results: call it otherwise in "
                    "the table of --species",
                    name));
}

/// Spectra, flow and yields of particles from surfaces.
struct ParticlesOptions {
  std::vector<std::filesystem::path> sources;
  int level = 0;
  std::string species, medium, shear = "14-moment", bulk = "chapman-enskog";
  std::vector<double> rapidity, rapidity_grid;
  DecayChoice decay;
  SpectraOptions spectra;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", sources, "the surfaces of one run or of several, <name>_surface.h5")->required();
    app.add_option("--level", level, "which surface of several in a file, in the order of the input")
        ->check(CLI::Range(0, 15))
        ->capture_default_str();
    app.add_option("--species", species,
                   "table of hadrons, as inputs/hadrons.csv, all of it; else pi, K, p, Lambda with antiparticles")
        ->type_name("FILE");
    add_viscous(app);
    decay.add_to(app);
    add_momenta(app);
    results.add_to(app);
    app.footer(footer());
  }

  [[nodiscard]] ExitCode execute() const {
    SpectraOptions options = resolved();
    const std::vector<Hadron> hadrons = species.empty() ? default_species() : physics::read_hadrons(species);
    for (const Hadron& hadron : hadrons) require_group_name(hadron.name);
    options.feed_down = decay.read(hadrons, options.medium.empty() ? physics::shipped_hadrons() : options.medium);
    core::Attributes attributes = common_attributes();
    std::vector<SurfaceParticles> events;
    for (const auto& source : sources) {
      events.push_back(of_surface({source, level}, hadrons, options, attributes));
      for (const std::string& warning : events.back().warnings) print_error("warning: {}\n", warning);
      if (events.back().boost_invariant != events.front().boost_invariant)
        throw InputError(fmt::format("{}: a boost-invariant surface beside one that is not ({})",
                                     sources[events.front().boost_invariant ? 0 : events.size() - 1].string(),
                                     sources[events.front().boost_invariant ? events.size() - 1 : 0].string()));
    }
    if (!events.front().boost_invariant) attributes["rapidity"] = options.rapidities;
    print_shares(events.front());
    const ParticleArrays all(std::move(events), options);
    all.print(decay.words());
    if (sources.size() == 1) attributes["psi_n"] = all.common_planes();
    results.write(all.arrays(), attributes, all.columns(), summary());
    return ExitCode::success;
  }

 private:
  void add_viscous(CLI::App& app) {
    app.add_option("--shear", shear, "what shear stress adds to the distributions")
        ->check(CLI::IsMember({"14-moment", "chapman-enskog", "none"}))
        ->capture_default_str();
    app.add_option("--bulk", bulk, "what bulk pressure adds to the distributions")
        ->check(CLI::IsMember({"chapman-enskog", "none"}))
        ->capture_default_str();
    app.add_option("--medium", medium,
                   "table of the hadrons that the fluid consists of (eos.hadrons), for feed-down and the "
                   "coefficients of Chapman and Enskog; else inputs/hadrons.csv")
        ->type_name("FILE");
  }

  void add_momenta(CLI::App& app) {
    app.add_option("--pt-max", spectra.largest_pt, "largest transverse momentum [GeV], where integrals over it end")
        ->check(CLI::Range(0.1, 100.0))
        ->capture_default_str();
    app.add_option("--pt-points", spectra.momenta, "transverse momenta, points of Gauss and Legendre in sqrt(pT)")
        ->check(CLI::Range(4, 1000))
        ->capture_default_str();
    app.add_option("--angles", spectra.angles, "azimuthal angles")->check(CLI::Range(16, 10000))->capture_default_str();
    auto* list = app.add_option("--rapidity", rapidity, "of runs in three directions: rapidities, by default 0")
                     ->check(CLI::Range(-50.0, 50.0))
                     ->type_name("Y ...");
    app.add_option("--rapidity-grid", rapidity_grid, "the same, NUMBER of them evenly from LOW to HIGH")
        ->expected(3)
        ->excludes(list)
        ->type_name("LOW HIGH NUMBER");
  }

  static const char* footer() {
    return "Cooper and Frye: dN/(dy d2pT) = g/(2 pi)^3 int p.dsigma (f + delta f), with Bose's and Fermi's f at the T "
           "of "
           "each element and no chemical potential, E = -p.u. Surfaces of runs in x and y in Milne coordinates count "
           "as "
           "boost-invariant; those in x, y and eta, or x, y and z of Minkowski space, give spectra at a --rapidity.\n"
           "delta f of shear, 14-moment: f (1 +- f) pi.p.p/(2 (e + p) T^2); chapman-enskog: f (1 +- f) pi.p.p/(2 "
           "beta_pi "
           "E T). Of bulk pressure, chapman-enskog: f (1 +- f) (Pi/beta_Pi) ((1/3 - cs2) E - m^2/(3 E))/T. beta_pi, "
           "beta_Pi = 5/3 beta_pi - cs2 (e + p) and cs2 are those of the gas of all hadrons of the fluid (--medium), "
           "which then carries pi and Pi exactly and no more energy; the custom, 14 moments, does with Boltzmann's "
           "statistics. Nothing is clipped: |df|>f is the share of particles with momenta where delta f is larger than "
           "f, as beyond_f in the file. Particles are those that leave the fluid, with --decays feed-down (of "
           "boost-invariant surfaces) also what all hadrons of inputs/hadrons.csv decay into: strongly and "
           "electromagnetically, not weakly, at their pole mass, without a preferred direction (Sollfrank, Koch and "
           "Heinz, with angles; into three with constant matrix element).\n"
           "Writes for each species NAME: NAME/pt [GeV]; NAME/dN_2pi_pT_dpT_dy [1/GeV^2], the mean over angles; "
           "NAME/vn_pt (n, pt), n = 1 to 6, relative to the plane of all species together; and integrated up to "
           "--pt-max "
           "NAME/dN_dy, NAME/mean_pt [GeV], NAME/vn and NAME/psi_n (n), each relative to the plane of its own. The "
           "attribute psi_n has the planes of all together. A row of the table is a pt. Several rapidities are a first "
           "index of all of these.\n"
           "Of several surfaces these are means: vn_pt by the scalar product Re<V_n(pt) V_n*>/<|V_n|^2>^(1/2) with all "
           "species together, vn = <|V_n|^2>^(1/2), no planes. For each surface: NAME/flow_re, flow_im (event, n = 0 "
           "to "
           "6), the sums int d2pT exp(i n phi) dN/(dy d2pT), of n = 0 dN/dy; flow_pt_re, flow_pt_im (event, n, pt), "
           "the "
           "means over angles of exp(i n phi) dN/(dy d2pT); mean_pt_event. Rapidities, if several, follow the event.\n"
           "Example: ister analyze particles out/pbpb_surface.h5 -o out/pbpb_particles.h5 --csv spectra.csv";
  }

  [[nodiscard]] std::vector<double> rapidities() const {
    if (rapidity_grid.empty()) return rapidity.empty() ? std::vector<double>{0.0} : rapidity;
    const double low = rapidity_grid[0], high = rapidity_grid[1], number = rapidity_grid[2];
    constexpr double most = 1000, largest = 50;
    if (!(high > low) || !(low >= -largest && high <= largest) || !(number >= 2.0 && number <= most) ||
        number != std::floor(number))
      throw InputError(
          "--rapidity-grid must be LOW HIGH NUMBER with -50 <= LOW < HIGH <= 50 and a whole NUMBER from 2 "
          "to 1000");
    std::vector<double> all;
    for (int i = 0; i < static_cast<int>(number); ++i) all.push_back(low + i * (high - low) / (number - 1.0));
    return all;
  }

  [[nodiscard]] SpectraOptions resolved() const {
    SpectraOptions options = spectra;
    options.shear = shear == "none"        ? ShearCorrection::none
                    : shear == "14-moment" ? ShearCorrection::fourteen_moments
                                           : ShearCorrection::chapman_enskog;
    options.bulk = bulk == "none" ? BulkCorrection::none : BulkCorrection::chapman_enskog;
    options.rapidities = rapidities();
    if (!medium.empty()) options.medium = physics::read_hadrons(medium);
    return options;
  }

  /// Of one file; what that file says of its surface goes into the attributes, if it is the only one.
  [[nodiscard]] SurfaceParticles of_surface(const SurfaceChoice& choice, const std::vector<Hadron>& hadrons,
                                            const SpectraOptions& options, core::Attributes& attributes) const {
    const io::SurfaceContent content = io::read_surface_file(choice.source);
    const ElementTable& table = choice.of(content);
    SurfaceParticles found =
        particle_spectra(table, surface_dimensions(content), hadrons, options, choice.source.string());
    if (found.boost_invariant && !(rapidity.empty() && rapidity_grid.empty()))
      throw InputError(choice.source.string() +
                       ": --rapidity: particles are the same at all, the surface is one of a "
                       "run without eta");
    if (sources.size() == 1)
      for (const char* name : {"level_temperature", "level_energy_density", "complete", "closure"})
        if (const auto at = table.attributes.find(name); at != table.attributes.end()) attributes.insert(*at);
    return found;
  }

  void print_shares(const SurfaceParticles& event) const {
    if (shear == "14-moment")
      print_out("all hadrons of the fluid together carry {:.4g} % of its shear stress (14-moment)\n",
                100.0 * event.share_of_shear);
  }

  /// Above the table.
  [[nodiscard]] std::string summary() const {
    return fmt::format("particles {}: decays {}, shear {}, bulk {}", decay.words(), decay.decays, shear, bulk);
  }

  [[nodiscard]] core::Attributes common_attributes() const {
    std::string files;
    for (const auto& source : sources) files += (files.empty() ? "" : "\n") + source.string();
    return {{"analysis", std::string("particles")},
            {"decays", decay.decays},
            {"shear", shear},
            {"bulk", bulk},
            {"surfaces", files}};
  }
};

}  // namespace

void add_particles(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<ParticlesOptions>(analyze, command, "particles", "spectra, flow and yields of hadrons from surfaces");
}

}  // namespace ister::drivers
