#include "solvers/breakdown.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "solvers/place.hpp"

namespace ister::solvers {
namespace {

enum LimitNumber { flow, shear, bulk, vacuum, limit_count };

struct Limit {
  const char* name;
  double largest;
  const char* remedy;
};

constexpr Limit limits[limit_count] = {
    {"|u|", 10.0, "a front runs into matter too dilute for the grid: raise initial.floor, refine grid.points"},
    {"sqrt(pi:pi)/(e+p)", 1.0,
     "shear stress outweighs the enthalpy: raise initial.floor, start later or with initial.stress = \"zero\", lower "
     "eta_over_s"},
    {"|Pi|/p", 1.0, "the fluid cavitates: a smaller or wider zeta_over_s, a larger tau_bulk_coefficient"},
    {"ln(e_max/e)", 30.0, "the vacuum is too empty: raise initial.floor or solver.floor"},
};
constexpr const char* within_limits = "no limit is passed: a shorter time.step, or numerics.preset = \"event\"";

/// A point as messages tell of it, and how near it is to each limit: value/largest.
struct Suspect {
  double e = 0, temperature = 0;
  Vec3 u;
  std::array<double, limit_count> value{};
  std::size_t point = 0;
  int first = flow;      ///< the limit that is nearest
  double nearness = -1;  ///< to it; above 1 beyond it
};

/// The evolved components of this rank's block, one after the other without padding.
std::vector<double> all_components(const core::FieldBundle& primitives, std::size_t count, std::size_t points) {
  std::vector<double> values(count * points);
  for (std::size_t c = 0; c < count; ++c) primitives.copy_out(static_cast<int>(c), values.data() + c * points);
  return values;
}

template <class Stress>
Suspect look_at(const physics::FluidModel& fluid, const std::vector<double>& values, std::size_t points, std::size_t i,
                double log_e_max) {
  physics::FlowState s;
  physics::Kinematics k;
  load_flow<Stress>(values.data(), static_cast<std::int64_t>(points), static_cast<std::int64_t>(i), s, k);
  const physics::EosPoint eos = fluid.eos(values[i]);
  Suspect p;
  p.point = i;
  p.e = std::exp(values[i]);
  p.temperature = eos.temperature;
  p.u = s.u;
  p.value[flow] = std::sqrt(dot(s.u, s.u));
  if constexpr (Stress::shear)
    p.value[shear] = std::sqrt(std::fmax(0.0, physics::shear_square(s.pi, physics::project(s.pi, k.v))));
  if constexpr (Stress::bulk) p.value[bulk] = std::fabs(s.bulk) * (1.0 + 1.0 / eos.pressure_over_energy);
  p.value[vacuum] = log_e_max - values[i];
  for (int l = 0; l < limit_count; ++l) {
    const double nearness = p.value[l] / limits[l].largest;
    if (!(nearness > p.nearness)) continue;
    p.nearness = nearness;
    p.first = l;
  }
  return p;
}

double largest_of_all(double value, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, comm);
  return value;
}

/// The suspect of this rank's block.
Suspect find_suspect(const EquationContext& context, const core::FieldBundle& primitives) {
  const auto points = static_cast<std::size_t>(context.decomposition.box().points());
  const std::size_t count = evolved_fields(context.fluid.stress()).size();
  const std::vector<double> values = all_components(primitives, count, points);
  double log_e_max = std::numeric_limits<double>::lowest();
  for (std::size_t i = 0; i < points; ++i) log_e_max = std::fmax(log_e_max, values[i]);
  log_e_max = largest_of_all(log_e_max, context.comm);
  Suspect worst;
  visit_stress(context.fluid.stress(), [&](auto tag) {
    for (std::size_t i = 0; i < points; ++i) {
      const Suspect here = look_at<decltype(tag)>(context.fluid.model(), values, points, i, log_e_max);
      if (here.nearness > worst.nearness) worst = here;
    }
  });
  return worst;
}

std::string describe(const EquationContext& context, const Suspect& s) {
  using namespace physics::units;
  const core::Decomposition& d = context.decomposition;
  std::string text = fmt::format("{}: e = {:.3g} GeV/fm^3, T = {:.3g} MeV, u = ({:.3g}, {:.3g}, {:.3g})",
                                 place(d.grid(), d.box(), s.point), natural_to_gev_per_fm3(s.e),
                                 inverse_fm_to_mev(s.temperature), s.u.x, s.u.y, s.u.z);
  if (context.fluid.model().has_shear()) text += fmt::format(", {} = {:.3g}", limits[shear].name, s.value[shear]);
  if (context.fluid.model().has_bulk()) text += fmt::format(", {} = {:.3g}", limits[bulk].name, s.value[bulk]);
  const Limit& limit = limits[s.first];
  return text + fmt::format("; {} = {:.3g} is {} its limit of {:g}: {}", limit.name, s.value[s.first],
                            s.nearness > 1.0 ? "beyond" : "nearest to", limit.largest,
                            s.nearness > 1.0 ? limit.remedy : within_limits);
}

}  // namespace

void fail_from(const EquationContext& context, double time, const core::FieldBundle& primitives,
               const std::string& what) {
  const Suspect suspect = find_suspect(context, primitives);
  const bool mine = suspect.nearness >= 0.0 && suspect.nearness == largest_of_all(suspect.nearness, context.comm);
  core::collectively(context.comm, [&] {
    if (mine)
      throw BreakdownError(
          fmt::format("{}; it began from the state at time {:.6g} fm, at {}", what, time, describe(context, suspect)));
  });
  throw BreakdownError(what);
}

}  // namespace ister::solvers
