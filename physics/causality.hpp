#pragma once
#include <string>
#include <vector>

#include "physics/fluid_model.hpp"

// Linear causality about equilibrium, as a property of the states that a run holds.
namespace ister::physics {

/// The squared speed of the fastest linear signals (sound of short wavelength) at a point,
///     cs2 + 4 eta/(3 w tau_pi) + zeta/(w tau_Pi),
/// term by term; stresses that are not evolved contribute nothing. Where it is at most 1 the fluid is causal: the
/// squared speed of shear signals, eta/(w tau_pi), is then at most 3/4.
struct SignalSpeed {
  double sound, shear, bulk;

  [[nodiscard]] ISTER_INLINE double squared() const { return sound + shear + bulk; }
};

[[nodiscard]] ISTER_INLINE SignalSpeed signal_speed(const FluidPoint& point, bool has_shear, bool has_bulk) {
  return {point.sound_speed_squared, has_shear ? 4.0 / 3.0 * point.shear_stiffness : 0.0,
          has_bulk ? point.bulk_stiffness : 0.0};
}

/// Fluids exactly at the limit are causal in spite of rounding.
inline constexpr double largest_causal_speed_squared = 1.0 + 1e-9;

/// A range of ln e [e in 1/fm^4].
struct LogEnergyRange {
  double low, high;
};

/// Where from ln e = low to high the fluid is acausal, in rising order; edges to 1e-12.
[[nodiscard]] std::vector<LogEnergyRange> acausal_ranges(const FluidModel& fluid, double low, double high);

/// Judges matter above an energy density, the verdict cut; what is more dilute does not count. Refers to the fluid.
class Causality {
 public:
  /// `transport` is what the fluid was made with, `verdict_cut` in 1/fm^4.
  Causality(const FluidModel& fluid, const TransportOptions& transport, double verdict_cut);

  /// Whether the fluid is causal wherever it counts: then no state needs a look.
  [[nodiscard]] bool always() const { return m_acausal.empty(); }
  /// Whether it is wherever it counts between two energy densities [1/fm^4].
  [[nodiscard]] bool holds_between(double e_min, double e_max) const;
  [[nodiscard]] double log_cut() const { return m_log_cut; }
  /// The squared signal speed at an energy density [1/fm^4]; zero where it does not count.
  [[nodiscard]] double speed_squared(double energy_density) const;

  /// The terms at an energy density [1/fm^4] where the fluid is acausal, and what to change.
  [[nodiscard]] std::string describe(double energy_density) const;
  /// What a user should know of a causal state that reaches from e_min to e_max [1/fm^4], one line each: acausal
  /// ranges that it may cool or (little) heat into, and those of matter that does not count.
  [[nodiscard]] std::vector<std::string> warnings(double e_min, double e_max) const;

 private:
  [[nodiscard]] SignalSpeed speed(double log_e) const;
  [[nodiscard]] std::string remedy(const SignalSpeed& speed) const;
  [[nodiscard]] std::string change_of_shear(double factor) const;
  [[nodiscard]] std::string change_of_bulk(double factor) const;
  [[nodiscard]] std::string text_of(const std::vector<LogEnergyRange>& ranges) const;

  const FluidModel& m_fluid;
  TransportOptions m_transport;
  double m_log_cut;
  std::vector<LogEnergyRange> m_acausal;  ///< above the cut
};

}  // namespace ister::physics
