#pragma once
#include "solvers/conservative_kernel.hpp"
#include "solvers/equations.hpp"

// Definition of what is declared in equations.hpp; each right_hand_side_*.cpp instantiates them for one fluid, so that
// the large kernels compile in parallel.
namespace ister::solvers {

template <template <int, class, class> class Kernel, class Fluid>
void sweep_right_hand_side(core::AnySweep& sweep, int dimensions, StressKind stress, const core::FieldBundle& state,
                           const Fluid& fluid, const FlowParameters& parameters, const StageUpdate& update,
                           double* work_sums) {
  visit_stress(stress, [&](auto tag) {
    using Stress = decltype(tag);
    if (dimensions == 1)
      sweep.run(state, Kernel<1, Stress, Fluid>{fluid, parameters, update, work_sums});
    else if (dimensions == 2)
      sweep.run(state, Kernel<2, Stress, Fluid>{fluid, parameters, update, work_sums});
    else
      sweep.run(state, Kernel<3, Stress, Fluid>{fluid, parameters, update, work_sums});
  });
}

}  // namespace ister::solvers

#define ISTER_INSTANTIATE_RIGHT_HAND_SIDE(FLUID, KERNEL)                                                         \
  template void sweep_right_hand_side<KERNEL, FLUID>(core::AnySweep&, int, StressKind, const core::FieldBundle&, \
                                                     const FLUID&, const FlowParameters&, const StageUpdate&,    \
                                                     double*);
