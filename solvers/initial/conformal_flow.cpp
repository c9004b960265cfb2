#include "solvers/initial/conformal_flow.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::solvers {

physics::ConformalFluid conformal_fluid(const InitialContext& context) {
  const auto& transport = context.solver.transport;
  const auto need = [&](bool holds, const char* what) {
    if (!holds) throw InputError(fmt::format("initial.type = \"{}\" needs {}", context.type, what));
  };
  need(context.solver.eos.type == "conformal", "eos.type = \"conformal\"");
  need(transport.table.empty() && transport.eta_over_s.type == physics::ShearViscosityModel::Type::constant,
       "a constant transport.eta_over_s");
  need(!context.fluid.has_bulk(), "transport.zeta_over_s = 0");
  need(!transport.phi7, "transport.phi7 = false");
  return {std::exp(context.fluid.log_e_of_temperature(1.0)), transport.eta_over_s.value, transport.tau_pi_coefficient,
          transport.delta_pipi, transport.tau_pipi};
}

core::Option blend_radius_key() {
  return core::Option("blend_radius", 8.0, "from the middle of the box: exact within, closed periodically beyond")
      .in(core::Unit::length)
      .above(0);
}

}  // namespace ister::solvers
