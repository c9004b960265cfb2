#include "solvers/initial/navier_stokes.hpp"

#include <cmath>

namespace ister::solvers {

// With g = u^0, w = e + p, and H the expansion: the connection adds H u^z u^z, 0, 0, H g u^z to the acceleration and
// H g to the z component of the derivative of u along z. The ideal fluid has D e = -w theta and w a^i = -c^2 d_i e +
// c^2 w theta u^i. With b^i = u^0 d_0 u^i - c^2 theta u^i, which space derivatives give, u^0 d_0 u^0 = u_i d_0 u^i
// turns theta = d_0 u^0 + d_k u^k + H g into theta (1 - c^2 u^2/g^2) = u.b/g^2 + d_k u^k + H g.
PrimitivePoint navier_stokes(const FlowDerivatives& flow, const physics::FluidModel& fluid, double expansion) {
  const physics::FluidPoint at = fluid.at(std::log(flow.energy_density));
  const double enthalpy = flow.energy_density / at.energy_fraction, c2 = at.sound_speed_squared;
  const std::array<double, 3> u{flow.u.x, flow.u.y, flow.u.z};
  const double u2 = u[0] * u[0] + u[1] * u[1] + u[2] * u[2], g2 = 1.0 + u2, g = std::sqrt(g2);

  std::array<std::array<double, 3>, 3> gradient{};  // [i][j] of u^j along i, with the connection
  for (std::size_t i = 0; i < 3; ++i)
    gradient[i] = {flow.flow_gradient[i].x, flow.flow_gradient[i].y, flow.flow_gradient[i].z};
  gradient[2][2] += expansion * g;

  std::array<double, 3> push{};  // -c^2 d_i e/w
  double divergence = 0.0, u_b = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    push[i] = -c2 * flow.energy_gradient[i] / enthalpy;
    divergence += gradient[i][i];
    double carried = 0.0;  // u^k d_k u^i with the connection, which along z is H g u^z
    for (std::size_t k = 0; k < 3; ++k) carried += u[k] * gradient[k][i];
    u_b += u[i] * (push[i] - carried);
  }
  const double theta = (u_b / g2 + divergence) / (1.0 - c2 * u2 / g2);

  const double eta = fluid.has_shear() ? enthalpy * at.shear_stiffness / at.shear_rate : 0.0;
  const double zeta = fluid.has_bulk() ? enthalpy * at.bulk_stiffness / at.bulk_rate : 0.0;
  std::array<double, 3> a{};
  for (std::size_t i = 0; i < 3; ++i) a[i] = push[i] + c2 * theta * u[i];
  const auto stress = [&](std::size_t i, std::size_t j) {  // -2 eta sigma^{ij}
    const double projector = (i == j ? 1.0 : 0.0) + u[i] * u[j];
    return -eta * (gradient[i][j] + gradient[j][i] + u[i] * a[j] + u[j] * a[i] - 2.0 / 3.0 * projector * theta);
  };
  PrimitivePoint point;
  point.energy_density = flow.energy_density;
  point.u = flow.u;
  point.pi = {stress(0, 0), stress(0, 1), stress(0, 2), stress(1, 1), stress(1, 2), stress(2, 2)};
  point.bulk_pressure = -zeta * theta;
  return point;
}

void set_navier_stokes(InitialState& state, const StateDerivatives& along, const std::vector<double>& weight,
                       const physics::FluidModel& fluid, double tau) {
  const double inverse_tau = tau > 0.0 ? 1.0 / tau : 0.0;
  const auto value = [](const std::vector<double>& values, std::size_t i) { return values.empty() ? 0.0 : values[i]; };
  for (std::size_t i = 0; i < weight.size(); ++i) {
    FlowDerivatives point{state.energy_density[i], {state.ux[i], state.uy[i], state.uz[i]}, {}, {}};
    for (std::size_t d = 0; d < 3; ++d) {
      const double unit = weight[i] * (d == 2 && tau > 0.0 ? inverse_tau : 1.0);
      const auto& [ux, uy, uz] = along.flow[d];
      point.energy_gradient[d] = unit * value(along.energy[d], i);
      point.flow_gradient[d] = {unit * value(ux, i), unit * value(uy, i), unit * value(uz, i)};
    }
    set_point(state, i, navier_stokes(point, fluid, inverse_tau));
  }
}

}  // namespace ister::solvers
