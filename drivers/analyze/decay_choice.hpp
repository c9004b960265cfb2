#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "drivers/particles/particle_spectra.hpp"

namespace ister::drivers {

/// Whether hadrons decay before they are counted, and how: --decays, --hadrons, --decay-table.
struct DecayChoice {
  std::string decays = "none";

  void add_to(CLI::App& app);
  /// "without decays" or "with feed-down".
  [[nodiscard]] std::string words() const;
  /// None where nothing decays. FileError, InputError on tables that are none, and unless each species is among the
  /// hadrons, with the same mass and degeneracy.
  [[nodiscard]] std::optional<FeedDown> read(const std::vector<physics::Hadron>& species) const;

 private:
  std::string m_hadrons, m_table;
};

}  // namespace ister::drivers
