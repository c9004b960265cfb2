#include "solvers/observers/modes.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/grid/block_coordinates.hpp"
#include "solvers/output_fields.hpp"

namespace ister::solvers {
namespace {

struct SumModes {
  const double* field;
  const double *waves, *k;
  int modes;
  double* table;
  core::BlockCoordinates at;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    const double* f = field + offset;
    for (int m = 0; m < modes; ++m) {
      const double* cosine = waves + 2 * m * points;
      const double* minus_sine = cosine + points;
      double re = 0.0, im = 0.0;
#pragma omp simd reduction(+ : re, im)
      for (std::int64_t i = 0; i < points; ++i) {
        re += f[i] * cosine[i];
        im += f[i] * minus_sine[i];
      }
      const double phase = -(k[2 * m] * at.y(row) + k[2 * m + 1] * at.z(row));
      const double c = std::cos(phase), s = std::sin(phase);
      table[2 * (row * modes + m)] = re * c - im * s;
      table[2 * (row * modes + m) + 1] = re * s + im * c;
    }
  }
};

std::vector<int> numbers_of(const std::vector<std::string>& fields) {
  const std::vector<std::string>& all = output_field_names();
  std::vector<int> numbers;
  for (const std::string& field : fields) {
    const auto found = std::find(all.begin(), all.end(), field);
    if (found == all.end())
      throw InputError("observers.modes.fields names \"" + field + "\", which is no output field");
    numbers.push_back(static_cast<int>(found - all.begin()));
  }
  return numbers;
}

double wavenumber(const core::Grid& grid, const std::array<int, 3>& mode, int d) {
  return d < grid.dimensions ? 2.0 * M_PI * mode[d] / (grid.upper[d] - grid.lower[d]) : 0.0;
}

}  // namespace

ModesObserver::ModesObserver(const EquationContext& context, const ModesOptions& options)
    : m_context(context),
      m_options(options),
      m_fields(numbers_of(options.fields)),
      m_field(context.pool, core::BlockLayout(context.decomposition), 1),
      m_rows(context.pool, m_field.layout(), static_cast<int>(2 * options.wavevectors.size())),
      m_waves(context.pool.acquire(2 * context.decomposition.box().count[0] *
                                   static_cast<std::int64_t>(options.wavevectors.size()))),
      m_k(context.pool.acquire(static_cast<std::int64_t>(2 * options.wavevectors.size()))),
      m_sums(2 * options.wavevectors.size() * options.fields.size()) {
  m_series.name = name();
  m_series.dataset = "amplitude";
  m_series.extents = {options.wavevectors.size(), options.fields.size()};
  m_series.axes = {{"mode"}, {"field"}};
  m_series.complex = true;
  std::vector<std::int64_t> modes;
  for (const auto& mode : options.wavevectors) modes.insert(modes.end(), mode.begin(), mode.end());
  std::string fields;
  for (const std::string& field : options.fields) fields += (fields.empty() ? "" : " ") + field;
  m_series.attributes = {
      {"definition",
       std::string("(1/N) sum over points of f exp(-i k.(x - lower)), k = 2 pi mode/L; (t, mode, field)")},
      {"fields", fields},
      {"units", std::string("natural")},
      {"wavevectors", modes}};
  if (!context.pool.counts()) make_waves();
}

void ModesObserver::make_waves() {
  const core::Grid& grid = m_context.decomposition.grid();
  const core::Box box = m_context.decomposition.box();
  const auto n = static_cast<std::size_t>(box.count[0]);
  const auto waves = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_waves.view());
  const auto k = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_k.view());
  for (std::size_t m = 0; m < m_options.wavevectors.size(); ++m) {
    const auto& mode = m_options.wavevectors[m];
    for (std::size_t i = 0; i < n; ++i) {
      const double phase = wavenumber(grid, mode, 0) * static_cast<double>(box.offset[0] + i) * grid.spacing(0);
      waves(2 * m * n + i) = std::cos(phase);
      waves((2 * m + 1) * n + i) = -std::sin(phase);
    }
    k(2 * m) = wavenumber(grid, mode, 1);
    k(2 * m + 1) = wavenumber(grid, mode, 2);
  }
  core::copy(m_waves.view(), waves);
  core::copy(m_k.view(), k);
}

void ModesObserver::sum_rows() {
  static const std::string label = "modes";
  core::for_each_row(label, m_field.layout(),
                     SumModes{m_field.data(), m_waves.data(), m_k.data(), static_cast<int>(m_rows.columns() / 2),
                              m_rows.data(), core::BlockCoordinates(m_context.decomposition)});
  m_rows.fetch();
}

void ModesObserver::observe(const Observation& observation) {
  const core::Profiler::Region region(m_context.profiler, "modes");
  const std::size_t modes = m_options.wavevectors.size(), fields = m_fields.size();
  const double per_point = 1.0 / static_cast<double>(m_context.decomposition.grid().total_points());
  for (std::size_t f = 0; f < fields; ++f) {
    derive_output_field(m_fields[f], m_context.fluid, observation.primitives, m_field.data());
    sum_rows();
    for (std::size_t m = 0; m < modes; ++m)
      for (std::size_t part = 0; part < 2; ++part)
        m_sums[2 * (m * fields + f) + part] = per_point * m_rows.sum(static_cast<int>(2 * m + part));
  }
  const bool root = m_context.decomposition.rank() == 0;
  MPI_Reduce(root ? MPI_IN_PLACE : m_sums.data(), m_sums.data(), static_cast<int>(m_sums.size()), MPI_DOUBLE, MPI_SUM,
             0, m_context.comm);
  if (!root) return;
  m_series.append(static_cast<double>(observation.moment.step), observation.moment.time, m_sums);
}

}  // namespace ister::solvers
