#include "drivers/ensemble/block_gather.hpp"

#include <algorithm>
#include <limits>

#include "core/base/error.hpp"
#include "io/file_order.hpp"

namespace ister::drivers {

std::vector<double> gather_blocks(const core::Ranks& ranks, const core::Decomposition& decomposition,
                                  const core::NamedField& field) {
  const core::Grid& grid = decomposition.grid();
  ISTER_REQUIRE(grid.total_points() <= std::numeric_limits<int>::max());
  std::vector<double> block(static_cast<std::size_t>(decomposition.box().points())), all, whole;
  field.copy_out(block.data());
  std::vector<int> counts, places;
  int total = 0;
  for (int r = 0; r < ranks.count(); ++r) {
    counts.push_back(static_cast<int>(decomposition.box(r).points()));
    places.push_back(total);
    total += counts.back();
  }
  if (ranks.is_root()) all.resize(static_cast<std::size_t>(total));
  MPI_Gatherv(block.data(), static_cast<int>(block.size()), MPI_DOUBLE, all.data(), counts.data(), places.data(),
              MPI_DOUBLE, 0, ranks.comm());
  whole.resize(all.size());
  for (int r = 0; ranks.is_root() && r < ranks.count(); ++r)
    for (const io::Run& run : io::runs_of(grid, decomposition.box(r)))
      std::copy_n(&all[static_cast<std::size_t>(places[r] + run.in_box)], run.count,
                  &whole[static_cast<std::size_t>(run.in_file)]);
  return whole;
}

}  // namespace ister::drivers
