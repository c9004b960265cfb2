#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "drivers/particles/particle_spectra.hpp"

namespace ister::drivers {

/// Whether hadrons decay before they are counted, and how: --decays, --decay-table.
struct DecayChoice {
  std::string decays = "none";

  void add_to(CLI::App& app);
  /// "without decays" or "with feed-down".
  [[nodiscard]] std::string words() const;
  /// None where nothing decays. FileError, InputError on a table that is none, and unless each species is among the
  /// hadrons, with the same mass and degeneracy.
  [[nodiscard]] std::optional<FeedDown> read(const std::vector<physics::Hadron>& species,
                                             std::vector<physics::Hadron> hadrons) const;

 private:
  std::string m_table;
};

}  // namespace ister::drivers
