#include "core/kernels/homodyne/homodyne.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/kernels/homodyne/tiles.hpp"

namespace ister::core {
namespace {

constexpr std::int64_t batch = 8;  // models that share a tile while it is in cache
constexpr std::int64_t sums_per_tile =
    std::max<std::int64_t>(batch * detail::HomodyneSums<2, false>::count, detail::HomodyneGram<2, false>::count);
constexpr int gram_size =
    detail::HomodyneGram<2, false>::columns;  // columns: 1, model, residual, and the derivatives of HomodyneGram
using Gram = double[gram_size * gram_size];

void check(const HomodyneSetup& setup, std::int64_t frames) {
  const auto positive = [](const char* name, double value) {
    if (!(value > 0.0) || !std::isfinite(value))
      throw InputError(fmt::format("homodyne model: {} = {} has to be a positive number", name, value));
  };
  positive("q", setup.q);
  positive("gap", setup.gap);
  positive("dt", setup.dt);
  if (!setup.frames.empty() && static_cast<std::int64_t>(setup.frames.size()) != frames)
    throw InputError(fmt::format("homodyne model: {} numbers of frames for {} frames", setup.frames.size(), frames));
  for (std::size_t i = 0; i < setup.frames.size(); ++i)
    if (setup.frames[i] < 0 || (i > 0 && setup.frames[i] <= setup.frames[i - 1]))
      throw InputError(
          fmt::format("homodyne model: frame {} of the data is frame {} of the measurement; they have to "
                      "ascend from 0 or more",
                      i, setup.frames[i]));
  if (setup.angles.empty()) throw InputError("homodyne model: no angles");
  for (std::size_t a = 0; a < setup.angles.size(); ++a)
    if (!std::isfinite(setup.angles[a]))
      throw InputError(fmt::format("homodyne model: angle {} is {}", a, setup.angles[a]));
}

/// Takes the projections on column `by` out of all columns.
void project(Gram& gram, int by) {
  const double norm = gram[by * gram_size + by];
  double along[gram_size];
  for (int a = 0; a < gram_size; ++a) along[a] = gram[by * gram_size + a];
  for (int a = 0; a < gram_size; ++a)
    for (int b = 0; b < gram_size; ++b) gram[a * gram_size + b] -= along[a] * along[b] / norm;
}

}  // namespace

double homodyne_g1_squared(const HomodyneSetup& setup, const HomodyneParameters& p, double phi, double t1, double t2) {
  constexpr double degree = 0.017453292519943295769;
  const double from = std::min(t1, t2), to = std::max(t1, t2);
  const double s = PowerLaw{p[0], p[1], p[2]}.integral(from, to)[0];
  const double g = PowerLaw{p[3], p[4], p[5]}.integral(from, to)[0];
  const double x = 0.5 * setup.q * setup.gap * std::cos((p[6] - phi) * degree) * g;
  const double sinc = x != 0.0 ? std::sin(x) / x : 1.0;
  return std::exp(-2.0 * setup.q * setup.q * s) * sinc * sinc;
}

Homodyne::Homodyne(HomodyneSetup setup, std::int64_t frames, const std::vector<double>& observed,
                   const std::vector<double>& sigma)
    : m_setup((check(setup, frames), std::move(setup))),
      m_shape(std::max<std::int64_t>(frames, 0), static_cast<int>(m_setup.angles.size())),
      m_factors(m_setup, m_shape, batch) {
  const auto angles = static_cast<std::size_t>(m_shape.angles);
  const std::size_t square = static_cast<std::size_t>(m_shape.frames * m_shape.frames);
  if (frames < 3) throw InputError(fmt::format("homodyne model: {} frames, at least 3 are needed", frames));
  if (observed.size() != angles * square)
    throw InputError(fmt::format("homodyne model: {} observed values for {} angles of {} x {} frames, which are {}",
                                 observed.size(), angles, frames, frames, angles * square));
  const bool version_1 = m_setup.formulas == HomodyneFormulas::version_1;
  if (version_1 && !sigma.empty()) throw InputError("homodyne model: version 1 takes sigma from the data itself");
  if (!version_1 && sigma.size() != 1 && sigma.size() != angles && sigma.size() != observed.size())
    throw InputError(fmt::format(
        "homodyne model: {} values of sigma; there can be 1, one for each of the {} angles, or one for each of the {} "
        "observed values",
        sigma.size(), angles, observed.size()));
  for (std::size_t i = 0; sigma.size() <= angles && i < sigma.size(); ++i)
    if (!(sigma[i] > 0.0) || !std::isfinite(sigma[i]))
      throw InputError(fmt::format("homodyne model: sigma[{}] = {} has to be a positive number", i, sigma[i]));
  if (version_1) {
    m_setup.diagonal = true;
    m_pair_weight = 2.0;
  }
  store(observed, sigma);
  m_records = Kokkos::create_mirror_view(Memory(), m_factors.records());
  const std::int64_t sums = m_shape.angles * m_shape.tiles() * sums_per_tile;
  m_sums = DeviceArray("homodyne sums", static_cast<std::size_t>(sums));
  m_sums_h = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_sums);
}

std::int64_t Homodyne::points() const {
  const std::int64_t n = m_shape.frames, pairs = n * (n - 1) / 2;
  return m_shape.angles * (m_pair_weight == 2.0 ? n * n : m_setup.diagonal ? pairs + n : pairs);
}

std::int64_t Homodyne::degrees_of_freedom(int free_parameters) const {
  return m_setup.formulas == HomodyneFormulas::version_1 ? points() - m_shape.angles * free_parameters
                                                         : points() - free_parameters - 2 * m_shape.angles;
}

detail::HomodyneTiles Homodyne::tiles() const {
  return {m_shape, m_values.data(), m_scales.size() > 0 ? m_scales.data() : nullptr, m_factors.decay()};
}

template <class Tiles>
void Homodyne::run_tiles(std::int64_t models) {
  Kokkos::parallel_for("homodyne", Kokkos::RangePolicy<Execution>(execution(), 0, m_shape.angles * m_shape.tiles()),
                       Tiles{tiles(), m_records.data(), m_sums.data(), models});
  copy(m_sums_h, m_sums);
}

void Homodyne::run(const HomodyneParameters* models, std::int64_t count, bool derivatives) {
  for (std::int64_t m = 0; m < count; ++m) {
    for (int k = 0; k < homodyne_parameters; ++k)
      if (const double value = models[m][static_cast<std::size_t>(k)]; !std::isfinite(value))
        throw InputError(fmt::format("homodyne model: {} = {} has to be a number",
                                     homodyne_names[static_cast<std::size_t>(k)], value));
    m_factors.fill(m, models[m], derivatives, m_samples.data());
  }
  copy(m_records, m_factors.records());
  const bool per_point = m_scales.size() > 0, version_1 = m_setup.formulas == HomodyneFormulas::version_1;
  using namespace detail;
  if (version_1)
    derivatives ? run_tiles<HomodyneGram<4, false>>(count) : run_tiles<HomodyneSums<4, false>>(count);
  else if (per_point)
    derivatives ? run_tiles<HomodyneGram<2, true>>(count) : run_tiles<HomodyneSums<2, true>>(count);
  else
    derivatives ? run_tiles<HomodyneGram<2, false>>(count) : run_tiles<HomodyneSums<2, false>>(count);
}

/// The Gram matrix of an angle from the sums of its tiles and, where they take part, the points t1 = t2, with |g1| = 1.
void Homodyne::sum_tiles(std::int64_t model, int angle, bool derivatives, double* gram) const {
  using Plain = detail::HomodyneSums<2, false>;
  using Full = detail::HomodyneGram<2, false>;
  const int width = derivatives ? Full::count : Plain::count;
  double sums[Full::count] = {};
  const double* tile = m_sums_h.data() + (model * m_shape.angles + angle) * m_shape.tiles() * width;
  for (std::int64_t t = 0; t < m_shape.tiles(); ++t)
    for (int k = 0; k < width; ++k) sums[k] += *tile++;
  const Moments& moments = m_moments[static_cast<std::size_t>(angle)];
  const double* origin = m_factors.record(model).angle(angle).origin;
  const double u = 1.0 - origin[1], contrast = origin[2];
  const auto at = [&](int a, int b) -> double& { return gram[a * gram_size + b]; };
  if (derivatives) {
    const double* next = sums;
    for (int a = 0; a < gram_size; ++a)
      for (int b = a; b < gram_size; ++b) at(b, a) = at(a, b) = m_pair_weight * *next++;
  } else {
    at(0, 1) = m_pair_weight * sums[0];
    at(1, 1) = m_pair_weight * sums[1];
    at(1, 2) = m_pair_weight * sums[2];
    at(2, 2) = m_pair_weight * sums[3];
  }
  at(0, 1) += u * moments.diagonal;
  at(1, 1) += u * u * moments.diagonal;
  at(1, 2) += u * (moments.diagonal_values - contrast * u * moments.diagonal);
  at(2, 2) += moments.diagonal_squares - 2.0 * contrast * u * moments.diagonal_values +
              contrast * contrast * u * u * moments.diagonal;
  at(0, 0) = moments.count;
  at(0, 2) = moments.values - contrast * at(0, 1);
  at(1, 0) = at(0, 1), at(2, 0) = at(0, 2), at(2, 1) = at(1, 2);
}

void Homodyne::evaluate(const HomodyneParameters* models, std::int64_t count, HomodyneScaling* scalings) {
  evaluate(models, count, scalings, nullptr);
}

void Homodyne::evaluate(const HomodyneParameters* models, std::int64_t count, HomodyneScaling* scalings,
                        HomodyneDerivatives* derivatives) {
  constexpr int n = homodyne_parameters;
  const std::int64_t at_once = derivatives != nullptr ? 1 : batch;
  for (std::int64_t start = 0; start < count; start += at_once) {
    const std::int64_t some = std::min(at_once, count - start);
    run(models + start, some, derivatives != nullptr);
    for (std::int64_t m = 0; m < some; ++m) {
      const HomodyneParameters& p = models[start + m];
      if (derivatives != nullptr) derivatives[start + m] = {};
      for (int angle = 0; angle < m_shape.angles; ++angle) {
        const Moments& moments = m_moments[static_cast<std::size_t>(angle)];
        const double* origin = m_factors.record(m).angle(angle).origin;
        HomodyneScaling& scaling = scalings[(start + m) * m_shape.angles + angle];
        Gram gram = {};
        sum_tiles(m, angle, derivatives != nullptr, gram);
        const double mean_value = gram[2] / moments.count + origin[2] * gram[1] / moments.count + moments.mean;
        const double mean_model = gram[1] / moments.count + origin[1];
        project(gram, 0);
        // below rounding the model does not vary
        if (!(gram[gram_size + 1] > 1e-30 * moments.count * origin[1] * origin[1])) {
          const double rest = moments.squares - moments.values * moments.values / moments.count;
          scaling = {0.0, mean_value, moments.weight * (rest + moments.asymmetry)};
          continue;
        }
        scaling.contrast = origin[2] + gram[gram_size + 2] / gram[gram_size + 1];
        scaling.offset = mean_value - scaling.contrast * mean_model;
        project(gram, 1);
        scaling.chi_squared = moments.weight * (std::max(gram[2 * gram_size + 2], 0.0) + moments.asymmetry);
        if (derivatives == nullptr) continue;
        // d|g1|^2 by each parameter as a combination of the last six columns of the Gram matrix
        const double phi = m_setup.angles[static_cast<std::size_t>(angle)], k = m_factors.decay();
        const double turn = m_factors.rate_by_phi0(p[6], phi);
        double part[n][6] = {};
        for (int c = 0; c < 3; ++c) {
          part[c][c] = -k;
          part[3 + c][3 + c] = origin[0];
        }
        part[6][3] = p[3] * turn;  // G = g0 dG/dg0 + g_offset dG/dg_offset
        part[6][5] = p[5] * turn;
        HomodyneDerivatives& d = derivatives[start + m];
        const double c = scaling.contrast;
        for (int a = 0; a < n; ++a)
          for (int i = 0; i < 6; ++i) {
            const auto row = static_cast<std::size_t>(a);
            d.gradient[row] -= 2.0 * moments.weight * c * part[a][i] * gram[2 * gram_size + 3 + i];
            for (int b = 0; b < n; ++b)
              for (int j = 0; j < 6; ++j)
                d.normal[row * n + static_cast<std::size_t>(b)] +=
                    moments.weight * c * c * part[a][i] * part[b][j] * gram[(3 + i) * gram_size + 3 + j];
          }
      }
    }
  }
}

std::vector<double> Homodyne::residuals(const HomodyneParameters& model, int angle, const HomodyneScaling& scaling) {
  constexpr int block = detail::homodyne_block;
  const std::int64_t n = m_shape.frames;
  const Moments& moments = m_moments[static_cast<std::size_t>(angle)];
  const HostArray values = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), m_values);
  const HostArray scales = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), m_scales);
  detail::HomodyneTiles on_host = tiles();
  on_host.values = values.data();
  m_factors.fill(0, model, false, m_samples.data());
  std::vector<double> result(static_cast<std::size_t>(n * n));
  double modelled[detail::homodyne_tile] = {};
  for (std::int64_t t = 0; t < m_shape.tiles(); ++t) {
    const detail::HomodyneTiles::Place place = on_host.place(angle * m_shape.tiles() + t);
    const int rows = on_host.frames_in(place.i), columns = on_host.frames_in(place.j);
    if (m_setup.formulas == HomodyneFormulas::version_1)
      detail::evaluate_rows<4, false>(m_factors.record(0), place, on_host.decay, 0, rows, modelled, nullptr);
    else
      detail::evaluate_rows<2, false>(m_factors.record(0), place, on_host.decay, 0, rows, modelled, nullptr);
    for (int i = 0; i < rows; ++i)
      for (int j = place.i == place.j ? i + 1 : 0; j < columns; ++j) {
        const int k = i * block + j;
        const auto at = static_cast<std::size_t>(place.offset + k);
        const double scale = scales.size() > 0 ? scales(at) : std::sqrt(moments.weight);
        result[static_cast<std::size_t>((place.i * block + i) * n + place.j * block + j)] =
            scale * (values(at) + moments.mean - scaling.offset - scaling.contrast * modelled[k]);
      }
  }
  return result;
}

}  // namespace ister::core
