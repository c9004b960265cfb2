#pragma once
#include <string>
#include <vector>

#include "drivers/particles/particle_spectra.hpp"
#include "io/array_file.hpp"

namespace ister::drivers {

/// What a file says of the particles of one or several surfaces, all of the same species and rapidities: averages over
/// surfaces, and the flow vectors of each.
class ParticleArrays {
 public:
  ParticleArrays(std::vector<SurfaceParticles> events, SpectraOptions options);

  /// NAME/... of each species, as the help of `ister analyze particles` says.
  [[nodiscard]] std::vector<io::NamedArray> arrays() const;
  /// Spectra and v_n by pt.
  [[nodiscard]] std::vector<io::NamedArray> columns() const;
  /// Yield, mean pT, v_2, v_3 of each species at each rapidity; `decays`: with or without which.
  void print(const std::string& decays) const;
  /// psi_n of all species together, n = 1 to 6, at each rapidity; of one surface.
  [[nodiscard]] std::vector<double> common_planes() const;

 private:
  [[nodiscard]] const Species& of(std::size_t event, std::size_t rapidity, std::size_t species) const {
    return m_events[event].at_rapidity[rapidity][species];
  }
  [[nodiscard]] std::size_t rapidities() const { return m_events.front().at_rapidity.size(); }
  [[nodiscard]] std::size_t species() const { return m_events.front().at_rapidity.front().size(); }
  /// An array of values for each rapidity, where there are several.
  template <class Values>
  [[nodiscard]] io::Array over_rapidities(Values&& values) const;
  /// An array of values for each surface and each rapidity, where there are several.
  template <class Values>
  [[nodiscard]] io::Array over_events(Values&& values) const;

  [[nodiscard]] double number(std::size_t rapidity, std::size_t species) const;
  [[nodiscard]] double mean_pt(std::size_t rapidity, std::size_t species) const;
  [[nodiscard]] double beyond(std::size_t rapidity, std::size_t species) const;
  [[nodiscard]] double flow(std::size_t rapidity, std::size_t species, int n) const;
  [[nodiscard]] std::vector<double> spectrum(std::size_t rapidity, std::size_t species) const;
  [[nodiscard]] std::vector<double> flow_at(std::size_t rapidity, std::size_t species, int n) const;
  void add_averages(std::size_t species, std::vector<io::NamedArray>& arrays) const;
  void add_events(std::size_t species, std::vector<io::NamedArray>& arrays) const;

  std::vector<SurfaceParticles> m_events;
  SpectraOptions m_options;
  std::vector<double> m_pt;  ///< GeV
  /// For each event and rapidity V_n of all species together (Q_n/Q_0) over its root of mean square.
  std::vector<std::vector<physics::Harmonics>> m_reference;
};

}  // namespace ister::drivers
