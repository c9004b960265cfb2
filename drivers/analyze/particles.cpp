#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/base/error.hpp"
#include "core/parallel/execution.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/decay_choice.hpp"
#include "drivers/analyze/surface_choice.hpp"
#include "drivers/print.hpp"
#include "physics/cooper_frye.hpp"
#include "physics/hadron_list.hpp"
#include "physics/particle_moments.hpp"
#include "physics/units.hpp"
#include "solvers/observers/surface_finder.hpp"

namespace ister::drivers {
namespace {

using core::surface::ElementTable;
using physics::FreezeOutElement;
using physics::Hadron;
using physics::Harmonics;
using physics::ParticleMoments;
namespace units = physics::units;

/// InputError unless these are elements of a run in x and y in Milne coordinates, without flow along eta.
std::vector<FreezeOutElement> boost_invariant_elements(const io::SurfaceContent& content, const ElementTable& table,
                                                       const std::string& file) {
  if (table.columns != solvers::surface_columns(true) || surface_dimensions(content) != 2)
    throw InputError(file + ": particles are those of surfaces of runs with x and y in Milne coordinates");
  const auto still = [](double value) { return value == 0.0; };
  for (const char* name : {"uz", "pixz", "piyz", "dS_eta"})
    if (!std::all_of(table.column(name).begin(), table.column(name).end(), still))
      throw InputError(fmt::format("{}: the matter flows along eta ({} is not 0 everywhere)", file, name));
  std::vector<FreezeOutElement> elements;
  for (std::size_t r = 0; r < static_cast<std::size_t>(table.rows()); ++r) {
    const auto value = [&](const char* name) { return table.column(name)[r]; };
    elements.push_back({value("tau"), value("dS_tau"), value("dS_x"), value("dS_y"), value("ux"), value("uy"),
                        value("temperature"), value("energy_density") + value("pressure"), value("pixx"), value("pixy"),
                        value("piyy"), value("pizz")});
  }
  if (elements.empty()) throw InputError(file + ": the surface is empty: nothing was above its level");
  return elements;
}

/// What most experiments show first.
std::vector<Hadron> default_species() {
  const std::vector<std::string> names = {"pi+", "pi-", "K+", "K-", "p", "anti-p", "Lambda", "anti-Lambda"};
  std::vector<Hadron> chosen;
  for (const Hadron& hadron : physics::shipped_hadrons())
    if (std::find(names.begin(), names.end(), hadron.name) != names.end()) chosen.push_back(hadron);
  return chosen;
}

/// InputError on a name that HDF5 takes for a way through several groups.
void require_group_name(const std::string& name) {
  if (name == "." || name.find('/') != std::string::npos)
    throw InputError(
        fmt::format("species '{}': a name with / cannot be that of a group of results: call it otherwise in "
                    "the table of --species",
                    name));
}

struct Species {
  Hadron hadron;
  ParticleMoments moments;
};

/// Spectra, flow and yields of particles from a surface.
struct ParticlesOptions {
  SurfaceChoice surface;
  DecayChoice decay;
  std::string species, medium, shear = "14-moment";
  double largest_pt = 6.0;
  int momenta = 40, angles = 48;
  Results results;

  void add_to(CLI::App& app) {
    surface.add_to(app);
    app.add_option("--species", species,
                   "table of hadrons, as inputs/hadrons.csv, all of it; else pi, K, p, Lambda with antiparticles")
        ->type_name("FILE");
    app.add_option("--shear", shear, "what shear stress adds to the distributions")
        ->check(CLI::IsMember({"14-moment", "none"}))
        ->capture_default_str();
    decay.add_to(app);
    app.add_option("--medium", medium,
                   "table of all hadrons that leave the fluid, for feed-down; else inputs/hadrons.csv")
        ->type_name("FILE");
    app.add_option("--pt-max", largest_pt, "largest transverse momentum [GeV], where integrals over it end")
        ->check(CLI::Range(0.1, 100.0))
        ->capture_default_str();
    app.add_option("--pt-points", momenta, "transverse momenta, points of Gauss and Legendre in sqrt(pT)")
        ->check(CLI::Range(4, 1000))
        ->capture_default_str();
    app.add_option("--angles", angles, "azimuthal angles")->check(CLI::Range(16, 10000))->capture_default_str();
    results.add_to(app);
    app.footer(
        "Cooper and Frye: dN/(dy d2pT) = g/(2 pi)^3 int p.dsigma (f + delta f) over a boost-invariant surface, with "
        "Bose's and Fermi's f at the T of each element and no chemical potential. delta f of 14 moments: "
        "f (1 +- f) pi.p.p/(2 (e + p) T^2). Nothing of bulk pressure is in f. Particles are those that leave the "
        "fluid, "
        "with --decays feed-down also what all hadrons of inputs/hadrons.csv decay into: strongly and "
        "electromagnetically, not weakly, at their pole mass, without a preferred direction (Sollfrank, Koch and "
        "Heinz, "
        "with angles; into three with constant matrix element).\n"
        "Writes for each species NAME: NAME/pt [GeV]; NAME/dN_2pi_pT_dpT_dy [1/GeV^2], the mean over angles; "
        "NAME/vn_pt (n, pt), n = 1 to 6, relative to the plane of all species together; and integrated up to --pt-max "
        "NAME/dN_dy, NAME/mean_pt [GeV], NAME/vn and NAME/psi_n (n), each relative to the plane of its own. The "
        "attribute psi_n has the planes of all together. A row of the table is a pt.\n"
        "Example: ister analyze particles out/pbpb_surface.h5 -o out/pbpb_particles.h5 --csv spectra.csv");
  }

  [[nodiscard]] ExitCode execute() const {
    const std::vector<Hadron> hadrons = species.empty() ? default_species() : physics::read_hadrons(species);
    for (const Hadron& hadron : hadrons) require_group_name(hadron.name);
    const std::optional<FeedDown> feed_down =
        decay.read(hadrons, medium.empty() ? physics::shipped_hadrons() : physics::read_hadrons(medium));
    const io::SurfaceContent content = io::read_surface_file(surface.source);
    const ElementTable& table = surface.of(content);
    const std::vector<FreezeOutElement> elements = boost_invariant_elements(content, table, surface.source.string());
    warn_of_surface(table);
    std::vector<Species> all = spectra(elements, hadrons);
    for (const Species& one : all) check(one, elements);
    if (feed_down) add_decays(all, *feed_down, elements);
    const std::vector<double> planes = common_planes(all);
    print(all);
    results.write(arrays(all, planes), attributes(table, planes), columns(all, planes), summary());
    return ExitCode::success;
  }

 private:
  [[nodiscard]] physics::MomentumGrid grid() const { return {units::gev_to_inverse_fm(largest_pt), momenta}; }

  void warn_of_surface(const ElementTable& table) const {
    const auto complete = table.attributes.find("complete");
    if (complete != table.attributes.end() && complete->second == core::Attribute(std::int64_t{0}))
      print_error("warning: {}: the surface is incomplete: the run ended before the matter inside had left\n",
                  surface.source.string());
    const std::vector<double>& bulk = table.column("bulk_pressure");
    if (std::any_of(bulk.begin(), bulk.end(), [](double value) { return value != 0.0; }))
      print_error("warning: {}: bulk pressure does not change the distributions here\n", surface.source.string());
  }

  /// Of one spin state, each momentum by one thread.
  [[nodiscard]] std::vector<Harmonics> primary(const std::vector<FreezeOutElement>& elements, double mass,
                                               int statistics, const std::vector<double>& pt) const {
    const physics::Directions directions(angles);
    const auto correction =
        shear == "none" ? physics::ShearCorrection::none : physics::ShearCorrection::fourteen_moments;
    std::vector<Harmonics> at(pt.size());
    Kokkos::parallel_for(
        "particles", Kokkos::RangePolicy<core::HostExecution>(0, static_cast<int>(pt.size())), [&](int i) {
          at[i] = physics::harmonics_of(cooper_frye(elements, mass, statistics, pt[i], directions, correction));
        });
    return at;
  }

  /// Those of one mass and statistics differ by their degeneracy alone.
  [[nodiscard]] std::vector<Species> spectra(const std::vector<FreezeOutElement>& elements,
                                             const std::vector<Hadron>& hadrons) const {
    std::map<std::pair<double, int>, ParticleMoments> known;
    std::vector<Species> all;
    for (const Hadron& hadron : hadrons) {
      const std::pair key{hadron.mass, hadron.statistics};
      if (known.count(key) == 0) {
        const double mass = units::gev_to_inverse_fm(hadron.mass);
        known.emplace(key, ParticleMoments(primary(elements, mass, hadron.statistics, grid().pt), grid()));
      }
      all.push_back({hadron, known.at(key)});
    }
    return all;
  }

  /// Of the species as they are in the end. What decays is known 6 GeV beyond the largest momentum.
  void add_decays(std::vector<Species>& all, const FeedDown& feed_down,
                  const std::vector<FreezeOutElement>& elements) const {
    constexpr double beyond = 6.0;
    const auto added =
        physics::feed_down(feed_down.gas, feed_down.wanted, grid().pt, units::gev_to_inverse_fm(largest_pt + beyond),
                           [&](double mass, int statistics, const std::vector<double>& pt) {
                             return primary(elements, mass, statistics, pt);
                           });
    for (std::size_t s = 0; s < all.size(); ++s) {
      std::vector<Harmonics> at = all[s].moments.at;
      for (std::size_t i = 0; i < at.size(); ++i)
        for (int n = 0; n <= physics::harmonics; ++n)
          at[i][n] += added[s][i][n] / static_cast<double>(all[s].hadron.degeneracy);
      all[s].moments = ParticleMoments(std::move(at), grid());
    }
  }

  /// Shear changes no yield: dN/dy is that of equilibrium, up to what is beyond the largest momentum.
  void check(const Species& one, const std::vector<FreezeOutElement>& elements) const {
    constexpr double tolerance = 1e-3;
    const auto& [hadron, found] = one;
    double expected = 0.0;
    for (const FreezeOutElement& e : elements)
      expected +=
          e.volume() * physics::number_density(units::gev_to_inverse_fm(hadron.mass), hadron.statistics, e.temperature);
    if (!(found.number() > 0.0))
      throw InputError(fmt::format("{}: there is no {} on it", surface.source.string(), hadron.name));
    if (std::abs(found.number() / expected - 1.0) > tolerance)
      print_error("warning: {}: {:.4g} % of all are found up to {:g} GeV with {} momenta and {} angles\n", hadron.name,
                  100.0 * found.number() / expected, largest_pt, momenta, angles);
    const physics::MomentumGrid momentum = grid();
    for (std::size_t i = 0; i < found.at.size(); ++i)
      if (!(found.at[i][0].real() > 0.0)) {
        print_error("warning: {}: the spectrum is not positive at {:.3g} GeV\n", hadron.name,
                    units::inverse_fm_to_gev(momentum.pt[i]));
        break;
      }
  }

  /// psi_n of all species together, n = 1 to 6.
  [[nodiscard]] static std::vector<double> common_planes(const std::vector<Species>& all) {
    std::vector<double> planes;
    for (int n = 1; n <= physics::harmonics; ++n) {
      std::complex<double> sum = 0.0;
      for (const Species& one : all) sum += static_cast<double>(one.hadron.degeneracy) * one.moments.total[n];
      planes.push_back(std::arg(sum) / n);
    }
    return planes;
  }

  void print(const std::vector<Species>& all) const {
    print_out("{:16} {:>12} {:>10} {:>9} {:>9}\n", decay.words(), "dN/dy", "<pT> [GeV]", "v2", "v3");
    for (const auto& [hadron, found] : all)
      print_out("{:16} {:12.6g} {:10.4f} {:9.5f} {:9.5f}\n", hadron.name, hadron.degeneracy * found.number(),
                units::inverse_fm_to_gev(found.mean_pt), found.flow(2), found.flow(3));
  }

  [[nodiscard]] std::vector<double> momenta_in_gev() const {
    std::vector<double> pt = grid().pt;
    for (double& value : pt) value = units::inverse_fm_to_gev(value);
    return pt;
  }

  static std::vector<double> spectrum_of(const Species& one) {
    constexpr double gev = units::inverse_fm_to_gev(1.0);
    std::vector<double> values;
    for (const auto& at : one.moments.at) values.push_back(one.hadron.degeneracy * at[0].real() / (gev * gev));
    return values;
  }

  static std::vector<double> flow_of(const Species& one, int n, double plane) {
    std::vector<double> values;
    for (std::size_t i = 0; i < one.moments.at.size(); ++i) values.push_back(one.moments.flow_at(i, n, plane));
    return values;
  }

  [[nodiscard]] std::vector<io::NamedArray> arrays(const std::vector<Species>& all,
                                                   const std::vector<double>& planes) const {
    std::vector<io::NamedArray> arrays;
    for (const Species& one : all) {
      const auto& [hadron, found] = one;
      std::vector<double> flow_pt, flow, plane;
      for (int n = 1; n <= physics::harmonics; ++n) {
        const std::vector<double> at = flow_of(one, n, planes[n - 1]);
        flow_pt.insert(flow_pt.end(), at.begin(), at.end());
        flow.push_back(found.flow(n));
        plane.push_back(found.plane(n));
      }
      const std::string group = hadron.name + "/";
      arrays.push_back({group + "pt", io::Array(momenta_in_gev()), "GeV"});
      arrays.push_back({group + "dN_2pi_pT_dpT_dy", io::Array(spectrum_of(one)), "GeV^-2"});
      arrays.push_back({group + "vn_pt", {{flow.size(), found.at.size()}, flow_pt}});
      arrays.push_back({group + "dN_dy", {{}, {hadron.degeneracy * found.number()}}});
      arrays.push_back({group + "mean_pt", {{}, {units::inverse_fm_to_gev(found.mean_pt)}}, "GeV"});
      arrays.push_back({group + "vn", io::Array(flow)});
      arrays.push_back({group + "psi_n", io::Array(plane)});
    }
    return arrays;
  }

  [[nodiscard]] std::vector<io::NamedArray> columns(const std::vector<Species>& all,
                                                    const std::vector<double>& planes) const {
    std::vector<io::NamedArray> columns = {{"pt", io::Array(momenta_in_gev())}};
    for (const Species& one : all) {
      columns.push_back({one.hadron.name + "/dN_2pi_pT_dpT_dy", io::Array(spectrum_of(one))});
      for (int n = 1; n <= physics::harmonics; ++n)
        columns.push_back({fmt::format("{}/v{}_pt", one.hadron.name, n), io::Array(flow_of(one, n, planes[n - 1]))});
    }
    return columns;
  }

  /// Above the table.
  [[nodiscard]] std::string summary() const {
    return fmt::format("particles {}: decays {}, shear {}, bulk none", decay.words(), decay.decays, shear);
  }

  [[nodiscard]] core::Attributes attributes(const ElementTable& table, const std::vector<double>& planes) const {
    core::Attributes result = {{"analysis", std::string("particles")},
                               {"decays", decay.decays},
                               {"shear", shear},
                               {"bulk", std::string("none")},
                               {"psi_n", planes}};
    for (const char* name : {"level_temperature", "level_energy_density", "complete", "closure"})
      if (const auto found = table.attributes.find(name); found != table.attributes.end()) result.insert(*found);
    return result;
  }
};

}  // namespace

void add_particles(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<ParticlesOptions>(analyze, command, "particles", "spectra, flow and yields of hadrons from a surface");
}

}  // namespace ister::drivers
