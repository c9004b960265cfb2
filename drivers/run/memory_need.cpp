#include "drivers/run/memory_need.hpp"

#include "core/grid/array_pool.hpp"
#include "drivers/run/run_observers.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {

MemoryNeed count_memory(const Input& input, const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                        const solvers::InitialSource& initial, std::int64_t process_bytes) {
  core::ArrayPool pool(core::ArrayPool::Mode::count);
  solvers::HydroSystem system(MPI_COMM_SELF, decomposition, pool, fluid, input.solver, input.history.energy_cut);
  const RunObservers observers(system, input);
  const std::int64_t points = decomposition.box().points();
  MemoryNeed need;
  need.process = process_bytes;
  (core::on_host ? need.fields : need.device) = pool.statistics().bytes;
  need.start = initial.bytes + initial.bytes_per_point * points + solvers::initial_box_bytes(decomposition);
  need.transfer = static_cast<std::int64_t>(sizeof(double)) * points;  // a field on its way
  if (observers.medium != nullptr && decomposition.rank() == 0)        // rows, and the file anew
    need.transfer += 4 * observers.medium->bytes_until(input.solver.time.end);
  return need;
}

}  // namespace ister::drivers
