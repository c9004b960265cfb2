#include "core/kernels/homodyne/starts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/kernels/homodyne/power_law.hpp"

namespace ister::core {
namespace {

enum : std::size_t { diffusion = 0, shear = 3, phi0 = 6 };  ///< the first parameter of each part of the model
constexpr std::size_t minima_of_phi0 = 2, shapes_of_minimum = 2;

using Rate = std::array<double, 3>;  ///< amplitude, exponent, offset

HomodyneParameters joined(const Rate& d, const Rate& g, double phi) {
  return {d[0], d[1], d[2], g[0], g[1], g[2], phi};
}

template <class Value>
void keep_each_once(std::vector<Value>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// The places of the lowest values, the lowest first.
std::vector<std::size_t> lowest(const std::vector<double>& values, std::size_t count) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  order.resize(std::min(count, order.size()));
  return order;
}

class Search {
 public:
  Search(Homodyne& model, const std::vector<FitParameter>& parameters, const HomodyneOpen& open)
      : m_model(model), m_parameters(parameters), m_open(open) {}

  [[nodiscard]] std::vector<HomodyneParameters> run() const {
    std::vector<HomodyneParameters> starts;
    for (const HomodyneParameters& minimum : coarse_minima()) {
      std::vector<HomodyneParameters> shapes;
      for (const Rate& d : best_of_exponents(minimum, diffusion))
        for (const Rate& g : best_of_exponents(minimum, shear)) shapes.push_back(joined(d, g, minimum[phi0]));
      for (const std::size_t k : lowest(homodyne_chi_squared(m_model, shapes), shapes_of_minimum))
        starts.push_back(shapes[k]);
    }
    keep_each_once(starts);
    return starts;
  }

 private:
  /// Where a parameter starts that would best start at `value`.
  [[nodiscard]] double placed(std::size_t k, double value) const {
    const FitParameter& p = m_parameters[k];
    return m_open[k] ? std::clamp(value, p.lower, p.upper) : p.start;
  }

  /// Rates of an exponent for all scales: over the whole record the logarithm of |g1|^2, or the phase of its sine,
  /// grows by 0.1 to 1600, of which the offset makes a fraction.
  [[nodiscard]] std::vector<Rate> rates(std::size_t first, double exponent, bool mixed) const {
    const HomodyneSetup& setup = m_model.setup();
    const double start = setup.time(0), record = setup.time(m_model.frames() - 1) - start;
    const double unit = first == diffusion ? 2.0 * setup.q * setup.q : 0.5 * setup.q * setup.gap;
    const double power = placed(first + 1, exponent);
    const double amplitude_one = PowerLaw{1.0, power, 0.0}.integral(start, start + record)[0];
    std::vector<double> fractions = {0.0};
    if (mixed && m_open[first]) fractions.push_back(0.5);
    if (!m_open[first]) fractions.push_back(1.0);
    std::vector<Rate> all;
    for (const double fraction : fractions)
      for (double total = 0.1; total < 2000.0; total *= 2.0)
        all.push_back({placed(first, (1.0 - fraction) * total / unit / amplitude_one), power,
                       placed(first + 2, fraction * total / unit / record)});
    keep_each_once(all);
    return all;
  }

  /// For each phi0 the lowest local minima over the scales of constant D and gamma.
  [[nodiscard]] std::vector<HomodyneParameters> coarse_minima() const {
    const std::vector<Rate> d = rates(diffusion, 0.0, false), g = rates(shear, 0.0, false);
    std::vector<double> phi;
    for (double x = -75.0; x <= 90.0; x += 15.0) phi.push_back(placed(phi0, x));
    keep_each_once(phi);
    std::vector<HomodyneParameters> result;
    for (const double x : phi) {
      std::vector<HomodyneParameters> models;
      for (const Rate& one : d)
        for (const Rate& other : g) models.push_back(joined(one, other, x));
      std::vector<double> chi_squared = homodyne_chi_squared(m_model, models);
      const std::vector<double> all = chi_squared;
      const std::size_t columns = g.size();
      for (std::size_t m = 0; m < all.size(); ++m) {
        const bool minimum =
            (m < columns || all[m] <= all[m - columns]) && (m + columns >= all.size() || all[m] <= all[m + columns]) &&
            (m % columns == 0 || all[m] <= all[m - 1]) && ((m + 1) % columns == 0 || all[m] <= all[m + 1]);
        if (!minimum) chi_squared[m] = std::numeric_limits<double>::infinity();
      }
      for (const std::size_t m : lowest(chi_squared, minima_of_phi0))
        if (std::isfinite(chi_squared[m])) result.push_back(models[m]);
    }
    return result;
  }

  /// For a falling, a nearly constant and a rising rate the one with the lowest chi-squared, all else as in `around`.
  [[nodiscard]] std::vector<Rate> best_of_exponents(const HomodyneParameters& around, std::size_t first) const {
    std::vector<Rate> result;
    for (const double exponent : {-1.0, -0.3, 0.5}) {
      const std::vector<Rate> all = rates(first, exponent, true);
      std::vector<HomodyneParameters> models(all.size(), around);
      for (std::size_t m = 0; m < all.size(); ++m)
        std::copy(all[m].begin(), all[m].end(), models[m].begin() + static_cast<std::ptrdiff_t>(first));
      const std::vector<double> chi_squared = homodyne_chi_squared(m_model, models);
      const auto best = std::min_element(chi_squared.begin(), chi_squared.end()) - chi_squared.begin();
      result.push_back(all[static_cast<std::size_t>(best)]);
    }
    keep_each_once(result);
    return result;
  }

  Homodyne& m_model;
  const std::vector<FitParameter>& m_parameters;
  const HomodyneOpen& m_open;
};

}  // namespace

std::vector<HomodyneParameters> homodyne_starts(Homodyne& model, const std::vector<FitParameter>& parameters,
                                                const HomodyneOpen& open) {
  return Search(model, parameters, open).run();
}

std::vector<double> homodyne_chi_squared(Homodyne& model, const std::vector<HomodyneParameters>& models) {
  const auto angles = static_cast<std::size_t>(model.angles());
  std::vector<HomodyneScaling> scalings(models.size() * angles);
  model.evaluate(models.data(), static_cast<std::int64_t>(models.size()), scalings.data());
  std::vector<double> sums(models.size(), 0.0);
  for (std::size_t k = 0; k < scalings.size(); ++k) sums[k / angles] += scalings[k].chi_squared;
  return sums;
}

}  // namespace ister::core
