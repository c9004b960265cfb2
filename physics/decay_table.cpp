#include "physics/decay_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "physics/comma_table.hpp"
#include "physics/shipped_hadrons.hpp"

namespace ister::physics {
namespace {

enum Column { parent, branching_ratio, first_daughter, second_daughter, third_daughter };
constexpr const char* what = "a table of decays";

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names = {"parent", "branching_ratio", "daughter_1", "daughter_2", "daughter_3"};
  return names;
}

/// Hadrons by name, and which is the antiparticle of which.
class Names {
 public:
  explicit Names(const std::vector<Hadron>& hadrons) : m_hadrons(hadrons) {
    for (std::size_t i = 0; i < hadrons.size(); ++i) m_positions.emplace(hadrons[i].name, i);
  }

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
    const auto found = m_positions.find(name);
    if (found == m_positions.end()) return std::nullopt;
    return found->second;
  }

  [[nodiscard]] std::optional<std::size_t> antiparticle(std::size_t of) const {
    if (of == photon) return photon;
    const Hadron& hadron = m_hadrons[of];
    for (const std::string& name : antinames(hadron.name))
      if (const auto found = find(name); found && opposite(hadron, m_hadrons[*found])) return found;
    if (opposite(hadron, hadron)) return of;
    return std::nullopt;
  }

 private:
  static std::vector<std::string> antinames(const std::string& name) {
    const std::string prefix = "anti-";
    if (name.rfind(prefix, 0) == 0) return {name.substr(prefix.size())};
    std::string turned = name;
    for (char& sign : turned) sign = sign == '+' ? '-' : sign == '-' ? '+' : sign;
    return {prefix + name, turned};
  }

  static bool opposite(const Hadron& a, const Hadron& b) {
    return a.mass == b.mass && a.baryon_number == -b.baryon_number && a.strangeness == -b.strangeness &&
           a.electric_charge == -b.electric_charge;
  }

  const std::vector<Hadron>& m_hadrons;
  std::map<std::string, std::size_t> m_positions;
};

std::size_t position(const std::string& name, const Names& names, const CommaRow& row) {
  if (const auto found = names.find(name)) return *found;
  if (name == "gamma") return photon;
  row.fail(fmt::format("decay of {}: '{}' is not in the list of hadrons", core::printable(row.word(parent), 80),
                       core::printable(name, 80)));
}

void require_conservation(const Hadron& from, const Decay& decay, const std::vector<Hadron>& hadrons,
                          const CommaRow& row) {
  const std::pair<const char*, int Hadron::*> charges[] = {
      {"B", &Hadron::baryon_number}, {"S", &Hadron::strangeness}, {"Q", &Hadron::electric_charge}};
  for (const auto& [name, charge] : charges) {
    int sum = 0;
    for (const std::size_t daughter : decay.daughters) sum += daughter == photon ? 0 : hadrons[daughter].*charge;
    if (sum != from.*charge)
      row.fail(fmt::format("{} of the decay of {} does not add up: it has {}, its daughters have {}", name, from.name,
                           from.*charge, sum));
  }
  if (const double masses = mass_of_daughters(decay, hadrons); masses >= from.mass)
    row.fail(fmt::format("decay of {}: its mass of {:g} GeV is not above that of its daughters, {:g} GeV", from.name,
                         from.mass, masses));
}

Decay decay_of(const CommaRow& row, const Hadron& from, const std::vector<Hadron>& hadrons, const Names& names) {
  Decay decay{row.number(branching_ratio, 0.0, 1.0), {}};
  for (const Column column : {first_daughter, second_daughter, third_daughter})
    if (column != third_daughter || !row.word(column).empty())
      decay.daughters.push_back(position(row.word(column), names, row));
  require_conservation(from, decay, hadrons, row);
  return decay;
}

void normalise(std::vector<Decay>& decays, const std::string& name, const std::string& path) {
  constexpr double tolerance = 1e-3;
  double sum = 0.0;
  for (const Decay& decay : decays) sum += decay.branching_ratio;
  if (std::abs(sum - 1.0) > tolerance)
    throw InputError(fmt::format("{}: the branching ratios of {} sum to {:g}, and should sum to 1 within {:g}", path,
                                 name, sum, tolerance));
  for (Decay& decay : decays) decay.branching_ratio /= sum;
}

/// The same of the antiparticle.
std::vector<Decay> conjugate(const std::vector<Decay>& decays, const std::vector<Hadron>& hadrons, const Names& names,
                             const std::string& path) {
  std::vector<Decay> result = decays;
  for (Decay& decay : result)
    for (std::size_t& daughter : decay.daughters) {
      const auto anti = names.antiparticle(daughter);
      if (!anti) throw InputError(fmt::format("{}: {} has no antiparticle in the list", path, hadrons[daughter].name));
      daughter = *anti;
    }
  return result;
}

DecayTable table_of(const std::vector<CommaRow>& rows, const std::vector<Hadron>& hadrons, const std::string& path) {
  const Names names(hadrons);
  DecayTable given(hadrons.size());
  for (const CommaRow& row : rows) {
    const std::size_t from = position(row.word(parent), names, row);
    if (from == photon) row.fail("gamma does not decay");
    given[from].push_back(decay_of(row, hadrons[from], hadrons, names));
  }
  for (std::size_t i = 0; i < given.size(); ++i)
    if (!given[i].empty()) normalise(given[i], hadrons[i].name, path);
  DecayTable all = given;
  for (std::size_t i = 0; i < given.size(); ++i)
    if (const auto anti = names.antiparticle(i); given[i].empty() && anti && !given[*anti].empty())
      all[i] = conjugate(given[*anti], hadrons, names, path);
  return all;
}

}  // namespace

DecayTable read_decays(const std::string& path, const std::vector<Hadron>& hadrons) {
  return table_of(read_comma_rows(path, columns(), what), hadrons, path);
}

DecayTable shipped_decays(const std::vector<Hadron>& hadrons) {
  const std::string path = "decays.csv";
  return table_of(comma_rows(shipped_decays_text(), path, columns(), what), hadrons, path);
}

double mass_of_daughters(const Decay& decay, const std::vector<Hadron>& hadrons) {
  double sum = 0.0;
  for (const std::size_t daughter : decay.daughters) sum += daughter == photon ? 0.0 : hadrons[daughter].mass;
  return sum;
}

}  // namespace ister::physics
