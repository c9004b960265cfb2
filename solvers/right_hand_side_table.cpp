#include "solvers/right_hand_side.hpp"

namespace ister::solvers {

using RatesFluid = physics::Fluid<physics::TableEos, physics::ModelTransport>;
ISTER_INSTANTIATE_RATES(RatesFluid)

}  // namespace ister::solvers
