#pragma once
#include <complex>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/grid/named_field.hpp"

namespace ister::drivers {

/// The particles of a species that an event has, integrated over pT.
struct EventSpecies {
  double dn_dy = 0.0;
  double mean_pt = 0.0;                    ///< GeV
  std::vector<std::complex<double>> flow;  ///< v_n exp(i n psi_n), n = 1, 2, ...
};

enum class Outcome { good, doubtful, bad, failed };

/// An event of an ensemble: what its run said of it, and its particles.
struct EnsembleEvent {
  std::string place;        ///< file and group, for messages
  std::int64_t number = 0;  ///< of the event in the ensemble; of files of one event their place in the list
  core::Attributes attributes;
  std::map<std::string, EventSpecies> species;

  /// failed: an exit code other than 0; else the worst verdict.
  [[nodiscard]] Outcome outcome() const;
};

/// The events of all files in the order of their numbers. InputError where an event stands in two files, or where what
/// is said of its species does not fit together.
std::vector<EnsembleEvent> read_ensemble(const std::vector<std::filesystem::path>& files);

/// The names of species that the events have. InputError where events have different ones, or other harmonics of them;
/// events without any do not count.
std::vector<std::string> species_of(const std::vector<EnsembleEvent>& events);

}  // namespace ister::drivers
