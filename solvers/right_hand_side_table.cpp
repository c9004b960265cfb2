#include "solvers/right_hand_side.hpp"

namespace ister::solvers {

using FluidHere = physics::Fluid<physics::TableEos, physics::ModelTransport>;
ISTER_INSTANTIATE_RIGHT_HAND_SIDE(FluidHere, PrimitiveKernel)
ISTER_INSTANTIATE_RIGHT_HAND_SIDE(FluidHere, ConservativeKernel)

}  // namespace ister::solvers
