#pragma once
#include <cstdint>

#include "core/grid/decomposition.hpp"
#include "drivers/input/input.hpp"
#include "physics/fluid_model.hpp"
#include "solvers/initial/initial.hpp"

namespace ister::drivers {

/// What a rank needs at the peak of a run, in bytes of host memory.
struct MemoryNeed {
  std::int64_t process = 0;   ///< program, libraries, MPI
  std::int64_t fields = 0;    ///< what lives as long as the run: state, registers, work arrays
  std::int64_t start = 0;     ///< beside them while the initial state is made
  std::int64_t transfer = 0;  ///< beside them while files are written or read
  std::int64_t device = 0;    ///< fields in a GPU's own memory, which the rest does not contain

  [[nodiscard]] std::int64_t arrays() const { return fields + (start > transfer ? start : transfer); }
  [[nodiscard]] std::int64_t peak() const { return process + arrays(); }
};

/// The need of the rank of a decomposition: the run's own constructors take their arrays from a pool that counts, so
/// nothing is allocated. `process_bytes` is what the program holds before it sets up anything.
MemoryNeed count_memory(const Input& input, const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                        const solvers::InitialSource& initial, std::int64_t process_bytes);

}  // namespace ister::drivers
