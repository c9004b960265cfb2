#include "solvers/observers/medium.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "solvers/output_fields.hpp"

namespace ister::solvers {
namespace {

/// How far from its time a state counts as that of the time, in units of the cadence.
constexpr double rounding = 1e-6;

int number_of(const std::string& field) {
  const std::vector<std::string>& all = output_field_names();
  return static_cast<int>(std::find(all.begin(), all.end(), field) - all.begin());
}

std::int64_t divided_up(std::int64_t count, int by) { return count <= 0 ? 0 : (count + by - 1) / by; }

/// The values of a box, [z][y][x], into those of a grid of so many points.
void place(const core::Box& box, const double* values, const std::array<std::int64_t, 3>& points, double* field) {
  for (std::int64_t z = 0; z < box.count[2]; ++z)
    for (std::int64_t y = 0; y < box.count[1]; ++y) {
      const std::int64_t row = (z + box.offset[2]) * points[1] + y + box.offset[1];
      std::copy_n(values, box.count[0], field + row * points[0] + box.offset[0]);
      values += box.count[0];
    }
}

}  // namespace

const std::vector<std::string>& medium_fields() {
  static const std::vector<std::string> names{"temperature",     "energy_density",     "ux", "uy", "uz", "pressure",
                                              "entropy_density", "sound_speed_squared"};
  return names;
}

core::Nodes medium_nodes(const core::Grid& grid, int direction, int stride) {
  const int points = grid.points[direction], first = points / 2 % stride;
  return {(points - 1 - first) / stride + 1, grid.coordinate(direction, first), stride * grid.spacing(direction)};
}

MediumObserver::MediumObserver(const EquationContext& context, const MediumOptions& options)
    : m_context(context), m_options(options), m_field(context.pool, core::BlockLayout(context.decomposition), 1) {
  const core::Grid& grid = context.decomposition.grid();
  for (int d = 0; d < grid.dimensions; ++d) {
    m_stride[d] = options.stride(d);
    m_first[d] = grid.points[d] / 2 % m_stride[d];
    m_points[d] = medium_nodes(grid, d, m_stride[d]).count;
  }
  if (const std::int64_t points = m_points[0] * m_points[1] * m_points[2]; points > std::numeric_limits<int>::max())
    throw InputError(fmt::format("observers.medium.every leaves {} points: must leave at most {}", points,
                                 std::numeric_limits<int>::max()));
  describe();
}

void MediumObserver::describe() {
  const core::Grid& grid = m_context.decomposition.grid();
  std::vector<std::int64_t> points;
  std::vector<double> first, spacing;
  for (int d = 0; d < grid.dimensions; ++d) {
    const core::Nodes nodes = medium_nodes(grid, d, m_stride[d]);
    points.push_back(nodes.count);
    first.push_back(nodes.first);
    spacing.push_back(nodes.step);
  }
  m_series.name = name();
  m_series.dataset = "values";
  m_series.extents = {medium_fields().size()};
  m_series.axes = {{"field"}};
  for (int d = grid.dimensions - 1; d >= 0; --d) {
    const bool is_eta = d == 2 && m_context.milne();
    m_series.extents.push_back(static_cast<std::size_t>(m_points[d]));
    m_series.axes.push_back({is_eta ? "eta" : std::string(1, "xyz"[d]), is_eta ? "1" : "fm", first[d], spacing[d]});
  }
  m_series.attributes = {
      {"definition", std::string("at points of the grid; (t, field, z, y, x), in Milne coordinates z is eta, uz is tau "
                                 "u^eta")},
      {"fields", fmt::format("{}", fmt::join(medium_fields(), " "))},
      {"units", std::string("natural")},
      {"geometry", std::string(m_context.milne() ? "milne" : "minkowski")},
      {"points", points},
      {"first", first},
      {"spacing", spacing},
      {"every_time", m_options.every_time}};
}

double MediumObserver::next_time() const {
  return m_context.options.time.start + static_cast<double>(m_rows) * m_options.every_time;
}

bool MediumObserver::due(const Moment& moment) const {
  return moment.time >= next_time() - rounding * m_options.every_time;
}

std::int64_t MediumObserver::bytes_until(double time) const {
  const double rows = std::floor((time - m_context.options.time.start) / m_options.every_time + rounding) + 1.0;
  return static_cast<std::int64_t>(sizeof(double) * rows * static_cast<double>(m_series.row_size()));
}

/// What is left of a box: its points of the coarser grid, in numbers of these.
core::Box MediumObserver::thinned(const core::Box& box) const {
  core::Box coarse;
  for (int d = 0; d < 3; ++d) {
    coarse.offset[d] = divided_up(box.offset[d] - m_first[d], m_stride[d]);
    coarse.count[d] = divided_up(box.offset[d] + box.count[d] - m_first[d], m_stride[d]) - coarse.offset[d];
  }
  return coarse;
}

/// This rank's values of the field, [z][y][x].
void MediumObserver::pick(std::vector<double>& picked) {
  const core::Box box = m_context.decomposition.box(), coarse = thinned(box);
  m_block.resize(static_cast<std::size_t>(box.points()));
  m_field.copy_out(0, m_block.data());
  const auto within = [&](int d, std::int64_t i) {
    return (coarse.offset[d] + i) * m_stride[d] + m_first[d] - box.offset[d];
  };
  for (std::int64_t z = 0; z < coarse.count[2]; ++z)
    for (std::int64_t y = 0; y < coarse.count[1]; ++y)
      for (std::int64_t x = 0; x < coarse.count[0]; ++x)
        picked.push_back(m_block[static_cast<std::size_t>((within(2, z) * box.count[1] + within(1, y)) * box.count[0] +
                                                          within(0, x))]);
}

/// Brings those of all ranks to rank 0.
void MediumObserver::gather(const std::vector<double>& picked, double* field) {
  const bool root = m_context.decomposition.rank() == 0;
  const int ranks = m_context.decomposition.ranks();
  std::vector<int> counts, places;
  for (int r = 0; r < ranks; ++r) {
    places.push_back(r == 0 ? 0 : places.back() + counts.back());
    counts.push_back(static_cast<int>(thinned(m_context.decomposition.box(r)).points()));
  }
  std::vector<double> all(root ? static_cast<std::size_t>(m_points[0] * m_points[1] * m_points[2]) : 0);
  MPI_Gatherv(picked.data(), static_cast<int>(picked.size()), MPI_DOUBLE, all.data(), counts.data(), places.data(),
              MPI_DOUBLE, 0, m_context.comm);
  if (!root) return;
  for (int r = 0; r < ranks; ++r)
    place(thinned(m_context.decomposition.box(r)), all.data() + places[static_cast<std::size_t>(r)], m_points, field);
}

void MediumObserver::observe(const Observation& observation) {
  const core::Profiler::Region region(m_context.profiler, "medium");
  std::vector<double> row(m_context.decomposition.rank() == 0 ? m_series.row_size() : 0), picked;
  const std::size_t points = row.size() / medium_fields().size();
  for (std::size_t f = 0; f < medium_fields().size(); ++f) {
    derive_output_field(number_of(medium_fields()[f]), m_context.fluid, observation.primitives, m_field.data());
    picked.clear();
    pick(picked);
    gather(picked, row.data() + f * points);
  }
  ++m_rows;
  if (m_context.decomposition.rank() == 0)
    m_series.append(static_cast<double>(observation.moment.step), observation.moment.time, row);
}

}  // namespace ister::solvers
