#pragma once
#include "physics/eos.hpp"
#include "physics/transport.hpp"

namespace ister::physics {

/// Everything the equations need of the fluid at one point; stresses are in units of w = e + p.
struct FluidPoint : TransportPoint {
  double energy_fraction;       ///< e/w
  double enthalpy_over_energy;  ///< its inverse
  double sound_speed_squared;   ///< dp/de, the exact derivative of the p(e) in use
  double temperature;           ///< 1/fm
};

/// An equation of state with its transport coefficients. In use are the pairs PowerLawEos + ModelTransport,
/// TableEos + ModelTransport and TableEos + TabulatedTransport; FluidModel (physics/fluid_model.hpp) builds them.
template <class Eos, class Transport>
struct Fluid {
  Eos equation_of_state;
  Transport transport;

  [[nodiscard]] ISTER_INLINE EosPoint eos(double log_e) const {
    return equation_of_state.at(equation_of_state.locate(log_e));
  }

  [[nodiscard]] ISTER_INLINE FluidPoint at(double log_e) const {
    const auto position = equation_of_state.locate(log_e);
    const EosPoint eos = equation_of_state.at(position);
    FluidPoint point;
    static_cast<TransportPoint&>(point) = transport.at(eos, position);
    point.enthalpy_over_energy = 1.0 + eos.pressure_over_energy;
    point.energy_fraction = 1.0 / point.enthalpy_over_energy;
    point.sound_speed_squared = eos.sound_speed_squared;
    point.temperature = eos.temperature;
    return point;
  }

  /// ln e [e in 1/fm^4] at a temperature [1/fm], on the host; beyond a table's ends its end.
  [[nodiscard]] double log_e_of_temperature(double temperature) const {
    return equation_of_state.log_e_of_temperature(temperature);
  }
};

}  // namespace ister::physics
