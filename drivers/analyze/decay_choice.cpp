#include "drivers/analyze/decay_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"

namespace ister::drivers {

using physics::Hadron;

namespace {

std::size_t position(const Hadron& species, const std::vector<Hadron>& hadrons) {
  const auto found = std::find_if(hadrons.begin(), hadrons.end(), [&](const Hadron& one) {
    return one.name == species.name && one.mass == species.mass && one.degeneracy == species.degeneracy;
  });
  if (found == hadrons.end())
    throw InputError(
        fmt::format("--decays feed-down: {} of {:g} GeV and degeneracy {} is not among the hadrons that decay "
                    "(--medium)",
                    species.name, species.mass, species.degeneracy));
  return static_cast<std::size_t>(found - hadrons.begin());
}

}  // namespace

void DecayChoice::add_to(CLI::App& app) {
  app.add_option("--decays", decays, "what is added: decays of all hadrons, or nothing")
      ->check(CLI::IsMember({"none", "feed-down"}))
      ->capture_default_str();
  app.add_option("--decay-table", m_table, "table of the decays for feed-down; else inputs/decays.csv")
      ->type_name("FILE");
}

std::string DecayChoice::words() const { return decays == "none" ? "without decays" : "with " + decays; }

std::optional<FeedDown> DecayChoice::read(const std::vector<Hadron>& species, std::vector<Hadron> hadrons) const {
  if (decays == "none") {
    if (!m_table.empty()) throw InputError("--decay-table is for --decays feed-down");
    return std::nullopt;
  }
  FeedDown result;
  for (const Hadron& one : species) result.wanted.push_back(position(one, hadrons));
  result.gas.decays = m_table.empty() ? physics::shipped_decays(hadrons) : physics::read_decays(m_table, hadrons);
  result.gas.hadrons = std::move(hadrons);
  return result;
}

}  // namespace ister::drivers
