#include "solvers/initial/cubic_map.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::solvers {
namespace {

/// The coefficients c_{-1} ... c_n of cubic B-splines from values f_0 ... f_{n-1} at spacing 1:
/// (c_{j-1} + 4 c_j + c_{j+1})/6 = f_j. That the third derivative does not jump at the second node makes the fourth
/// difference of c there zero, so that c_1 = f_1 - (f_0 - 2 f_1 + f_2)/6, and likewise at the other end; what lies
/// between is tridiagonal, what lies outside follows.
void to_coefficients(const std::vector<double>& f, std::vector<double>& c, std::vector<double>& pivot) {
  const std::size_t n = f.size();
  const auto known = [&](std::size_t j) { return f[j] - (f[j - 1] - 2.0 * f[j] + f[j + 1]) / 6.0; };
  double* const at = c.data() + 1;  // at[j] is c_j
  at[1] = known(1);
  at[n - 2] = known(n - 2);
  pivot[1] = 0.0;
  for (std::size_t j = 2; j + 2 < n; ++j) {  // forward: c_j = at[j] - pivot[j] c_{j+1}
    pivot[j] = 1.0 / (4.0 - pivot[j - 1]);
    at[j] = (6.0 * f[j] - at[j - 1]) * pivot[j];
  }
  for (std::size_t j = n - 3; j >= 2 && j < n; --j) at[j] -= pivot[j] * at[j + 1];
  at[0] = 6.0 * f[1] - 4.0 * at[1] - at[2];
  c[0] = 6.0 * f[0] - 4.0 * at[0] - at[1];
  at[n - 1] = 6.0 * f[n - 2] - 4.0 * at[n - 2] - at[n - 3];
  at[n] = 6.0 * f[n - 1] - 4.0 * at[n - 1] - at[n - 2];
}

/// Replaces the values along direction d by coefficients.
std::vector<double> filtered(const std::vector<double>& values, std::array<int, 3>& size, int d) {
  const int n = size[d];
  std::size_t stride = 1;
  for (int below = 0; below < d; ++below) stride *= static_cast<std::size_t>(size[below]);
  const std::size_t line = stride * static_cast<std::size_t>(n), lines_out = stride * static_cast<std::size_t>(n + 2);
  std::vector<double> result(values.size() / line * lines_out);
  std::vector<double> f(static_cast<std::size_t>(n)), c(f.size() + 2), pivot(f.size());
  for (std::size_t outer = 0; outer < values.size() / line; ++outer)
    for (std::size_t inner = 0; inner < stride; ++inner) {
      for (std::size_t j = 0; j < f.size(); ++j) f[j] = values[outer * line + j * stride + inner];
      to_coefficients(f, c, pivot);
      for (std::size_t j = 0; j < c.size(); ++j) result[outer * lines_out + j * stride + inner] = c[j];
    }
  size[d] = n + 2;
  return result;
}

/// A periodic direction as one with so many more nodes at each end that the spline does not see where it ends.
std::vector<double> continued(const std::vector<double>& values, std::array<core::Nodes, 3>& all, int d) {
  constexpr int enough = 30;  // the influence of an end falls by 2 + sqrt(3) with each node
  core::Nodes& nodes = all[d];
  const int more = std::min(nodes.count, enough), count = nodes.count + 2 * more;
  std::size_t stride = 1;
  for (int below = 0; below < d; ++below) stride *= static_cast<std::size_t>(all[below].count);
  std::vector<double> longer;
  const std::size_t line = stride * static_cast<std::size_t>(nodes.count);
  for (std::size_t outer = 0; outer < values.size(); outer += line)
    for (int i = 0; i < count; ++i) {
      const int from = (i + nodes.count - more) % nodes.count;
      const auto begin = values.begin() + static_cast<std::ptrdiff_t>(outer + stride * static_cast<std::size_t>(from));
      longer.insert(longer.end(), begin, begin + static_cast<std::ptrdiff_t>(stride));
    }
  nodes = {count, nodes.first - more * nodes.step, nodes.step};
  return longer;
}

/// 1 at the rim, 0 three spacings beyond it, twice continuously differentiable.
double fade(double beyond) {
  const double t = std::clamp(beyond / 3.0, 0.0, 1.0);
  return 1.0 - t * t * t * (10.0 - t * (15.0 - 6.0 * t));
}

}  // namespace

CubicMap::CubicMap(const std::array<core::Nodes, 3>& nodes, const std::array<bool, 3>& periodic,
                   std::vector<double> values)
    : m_nodes(nodes), m_coefficients(std::move(values)) {
  if (m_coefficients.empty()) return;
  std::size_t size = 1;
  for (const core::Nodes& along : nodes) {
    ISTER_REQUIRE(along.count == 1 || (along.count >= 4 && along.step > 0.0));
    size *= static_cast<std::size_t>(along.count);
  }
  ISTER_REQUIRE(m_coefficients.size() == size);
  for (int d = 0; d < 3; ++d)
    if (periodic[d]) m_coefficients = continued(m_coefficients, m_nodes, d);
  m_size = {m_nodes[0].count, m_nodes[1].count, m_nodes[2].count};
  for (int d = 0; d < 3; ++d)
    if (m_nodes[d].count > 1) m_coefficients = filtered(m_coefficients, m_size, d);
}

std::vector<CubicMap::Stencil> CubicMap::stencils(int d, const core::Grid& grid, const core::Box& box,
                                                  bool derivative) const {
  std::vector<Stencil> result;
  const core::Nodes& nodes = m_nodes[d];
  for (std::int64_t i = box.offset[d]; i < box.offset[d] + box.count[d]; ++i) {
    if (nodes.count == 1) {
      result.push_back({0, {derivative ? 0.0 : 1.0, 0.0, 0.0, 0.0}});
      continue;
    }
    const double place = (grid.coordinate(d, i) - nodes.first) / nodes.step, last = nodes.count - 1;
    const double inside = std::clamp(place, 0.0, last), beyond = std::abs(place - inside);
    const int cell = std::min(static_cast<int>(inside), nodes.count - 2);
    const double t = inside - cell, s = 1.0 - t, part = fade(beyond) / 6.0;
    if (!derivative) {
      result.push_back({cell,
                        {part * s * s * s, part * (4.0 - 3.0 * t * t * (2.0 - t)),
                         part * (4.0 - 3.0 * s * s * (2.0 - s)), part * t * t * t}});
      continue;
    }
    const double slope = beyond > 1e-9 ? 0.0 : 0.5 / nodes.step;
    result.push_back({cell, {-slope * s * s, slope * t * (3.0 * t - 4.0), slope * s * (4.0 - 3.0 * s), slope * t * t}});
  }
  return result;
}

std::vector<double> CubicMap::at(const core::Grid& grid, const core::Box& box, int direction) const {
  if (empty()) return {};
  const auto along = [&](int d) { return stencils(d, grid, box, d == direction); };
  const std::vector<Stencil> x = along(0), y = along(1), z = along(2);
  const auto terms = [&](int d) { return std::min(4, m_size[d]); };
  const auto row_size = static_cast<std::size_t>(m_size[0]),
             plane_size = row_size * static_cast<std::size_t>(m_size[1]);
  std::vector<double> values, plane(plane_size), row(row_size);
  values.reserve(static_cast<std::size_t>(box.points()));
  const auto add = [](double weight, const double* from, std::vector<double>& to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += weight * from[i];
  };
  for (const Stencil& along_z : z) {
    std::fill(plane.begin(), plane.end(), 0.0);
    for (int k = 0; k < terms(2); ++k)
      add(along_z.weights[k], m_coefficients.data() + (along_z.first + k) * plane_size, plane);
    for (const Stencil& along_y : y) {
      std::fill(row.begin(), row.end(), 0.0);
      for (int j = 0; j < terms(1); ++j) add(along_y.weights[j], plane.data() + (along_y.first + j) * row_size, row);
      for (const Stencil& along_x : x) {
        double sum = 0.0;
        for (int i = 0; i < terms(0); ++i) sum += along_x.weights[i] * row[static_cast<std::size_t>(along_x.first) + i];
        values.push_back(sum);
      }
    }
  }
  return values;
}

}  // namespace ister::solvers
