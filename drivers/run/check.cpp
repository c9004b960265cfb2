#include <fmt/format.h>

#include <cmath>

#include "core/parallel/process_memory.hpp"
#include "drivers/commands.hpp"
#include "drivers/ensemble/event_list.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/machine/placement.hpp"
#include "drivers/print.hpp"
#include "drivers/run/progress.hpp"
#include "drivers/run/run_time.hpp"
#include "drivers/run/set_up.hpp"
#include "drivers/run/start_review.hpp"

namespace ister::drivers {
namespace {

/// Initial states with no more points are looked at in full, of others a sample.
constexpr std::int64_t most_points = 1 << 21, sampled_points = 1 << 18;

std::string describe_sample(const core::Decomposition& decomposition, const std::string& left_out, int stride) {
  if (stride == 1) return "initial state: looked at in full\n";
  const core::Grid& grid = decomposition.grid();
  std::int64_t points = grid.points[0];
  for (int d = 1; d < grid.dimensions; ++d) points *= (grid.points[d] - 1) / stride + 1;
  return fmt::format(
      "initial state: looked at along lines of x, one in {0} x {0}, {1} of {2} points{3}; a run looks at all\n", stride,
      points, grid.total_points(), left_out.empty() ? "" : ", without " + left_out);
}

/// Ranks that a table of them shows: powers of two up to the most, and these.
std::vector<int> numbers_of_ranks(int most) {
  std::vector<int> ranks;
  for (int r = 1; r < most; r *= 2) ranks.push_back(r);
  ranks.push_back(most);
  return ranks;
}

/// The resolved directions of a box, as grids are written.
std::string describe_box(const core::Box& box, int dimensions) {
  return fmt::format("{}", fmt::join(box.count.begin(), box.count.begin() + dimensions, " x "));
}

/// A table of ranks, each line with memory(ranks) in bytes per rank and the time of steps that take a point
/// `point_step` seconds.
template <class Memory>
std::string describe_ranks(const core::Grid& grid, double steps, double point_step, const Memory& memory) {
  std::string table = fmt::format("{:>8} {:>18} {:>8} {:>14} {:>16}\n", "ranks", "points per rank", "busy",
                                  "MB per rank", "time at best");
  for (const int ranks : numbers_of_ranks(core::Decomposition::most_ranks(grid))) {
    const core::Decomposition cut(grid, ranks, 0);
    const core::Box largest = cut.largest_box();
    table += fmt::format("{:>8} {:>18} {:>6.0f} % {:>14.1f} {:>16}\n", ranks, describe_box(largest, grid.dimensions),
                         100.0 * cut.balance(), 1e-6 * memory(ranks),
                         readable(steps * point_step * static_cast<double>(largest.points())).text);
  }
  return table;
}

}  // namespace

ExitCode check(const core::Ranks& ranks, const CheckCommand& command) {
  if (command.defaults) {
    if (ranks.is_root()) print_out("{}", default_input_text());
    return ExitCode::success;
  }
  const Input input = read_input_everywhere(ranks, command.input, command.overrides);
  if (input.ensemble.active()) (void)EventList(ranks, input, "");  // refuses what is none
  const std::int64_t process = core::resident_bytes();
  const core::Decomposition decomposition(input.grid, ranks.count(), ranks.rank());
  const physics::FluidModel fluid = make_fluid(ranks, input);
  const bool in_full = input.grid.total_points() <= most_points;
  const int stride = in_full ? 1 : decomposition.sampling_stride(sampled_points);
  solvers::InitialSource initial = make_initial_source(ranks, input, fluid, decomposition, stride);
  StartReview review(input);
  review.watch(initial);
  const solvers::EnergyRange range =
      solvers::energy_range(initial, solvers::initial_boxes(decomposition, stride), ranks.comm());
  const std::string summary = describe(input, ranks, count_memory(input, fluid, decomposition, initial, process));

  double point_step = measure_point_step(input, fluid, std::sqrt(range.lowest * range.highest));
  MPI_Allreduce(MPI_IN_PLACE, &point_step, 1, MPI_DOUBLE, MPI_MAX, ranks.comm());
  const Placement machine = place_ranks(ranks);
  std::vector<std::string> notes = warnings(input, fluid, range);
  for (const std::string& note : initial.notes) notes.push_back("initial state: " + note);
  for (std::string& line : review.warnings(ranks.comm())) notes.push_back(std::move(line));
  for (std::string& line : placement_warnings(ranks, decomposition)) notes.push_back(std::move(line));
  if (!ranks.is_root()) return ExitCode::success;

  print_out("{}\n{}{}", input.resolved_toml, summary, describe_sample(decomposition, initial.left_out, stride));
  const double steps = count_steps(input);
  const Layout layout = recommend_layout(input.grid, machine.cores);
  const double seconds = steps * point_step * static_cast<double>(decomposition.box().points());
  print_out("time: about {} for {:.0f} steps on these ranks (a guess, from steps timed here)\n", readable(seconds).text,
            steps);
  print_out("advice: {} ranks with {} threads each on a machine like this one ({} cores)\n", layout.ranks,
            layout.threads, machine.cores);
  print_out("{}", describe_ranks(input.grid, steps, point_step, [&](int ranks) {
              return static_cast<double>(
                  count_memory(input, fluid, core::Decomposition(input.grid, ranks, 0), initial, process).peak());
            }));
  for (const std::string& line : notes) print_out("warning: {}\n", line);
  return ExitCode::success;
}

}  // namespace ister::drivers
