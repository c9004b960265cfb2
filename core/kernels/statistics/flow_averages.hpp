#pragma once
#include <complex>
#include <vector>

#include "core/kernels/statistics/jackknife.hpp"

// Averages over events of one harmonic of their flow, with the errors of a jackknife over events. An event's flow
// vector V = v exp(i n psi) is that of a smooth distribution, not of a finite number of particles: nothing is to be
// subtracted for particles that are paired with themselves.
namespace ister::core {

/// A flow vector, or an eccentricity, and the multiplicity M that it counts with: events enter averages of pairs by
/// M^2, of quadruples by M^4, their mean number in an event of M particles on average.
struct FlowVector {
  std::complex<double> flow;
  double multiplicity = 1.0;
};

/// Cumulants (Borghini, Dinh, Ollitrault, Phys. Rev. C 64, 054901), <.> weighted by M^2 or M^4:
/// v{2}^2 = <|V|^2>, c{4} = <|V|^4> - 2 <|V|^2>^2, v{4}^4 = -c{4}.
struct Cumulants {
  Estimate two, four;    ///< v{4} is not a number where c{4} > 0
  Estimate c_four;       ///< c{4}
  Estimate event_plane;  ///< <|V|> by M: v in the event plane, whose resolution is perfect here
};
Cumulants flow_cumulants(const std::vector<FlowVector>& events);

/// The flow of some particles, V_s, relative to that of the reference, V, event by event.
struct RelativeFlow {
  Estimate event_plane;     ///< <Re V_s V^*/|V|>, by M_s
  Estimate scalar_product;  ///< <Re V_s V^*>/sqrt(<|V|^2>), by M_s M above, by M^2 below
};
RelativeFlow relative_flow(const std::vector<FlowVector>& particles, const std::vector<FlowVector>& reference);

/// How the flow V follows eccentricities E of the same events, each of which counts once.
struct FlowResponse {
  Estimate pearson;      ///< Pearson's coefficient of |E| and |V|; not a number where either is the same in all events
  Estimate linear;       ///< Re<V E^*>/sqrt(<|V|^2><|E|^2>) (Gardim et al., Phys. Rev. C 85, 024908)
  Estimate coefficient;  ///< kappa = Re<V E^*>/<|E|^2>, V = kappa E + rest
};
FlowResponse flow_response(const std::vector<std::complex<double>>& eccentricities,
                           const std::vector<std::complex<double>>& flow);

/// The mean of numbers.
Estimate mean(const std::vector<double>& values);

}  // namespace ister::core
