#include "core/kernels/homodyne/homodyne_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "core/kernels/statistics/jackknife.hpp"

namespace ister::core {
namespace {

constexpr std::int64_t few_frames = 96;
constexpr std::size_t polished = 3;  ///< results of the search that are fitted on all frames

/// Some frames of the data.
HomodyneData part_of(const HomodyneData& data, const std::vector<std::int64_t>& frames) {
  HomodyneData result{data.setup, static_cast<std::int64_t>(frames.size()), {}, {}};
  result.setup.frames.clear();
  for (const std::int64_t i : frames) result.setup.frames.push_back(data.setup.frame(i));
  const auto pick = [&](const std::vector<double>& from, std::vector<double>& to) {
    for (std::size_t a = 0; a < data.setup.angles.size(); ++a)
      for (const std::int64_t i : frames)
        for (const std::int64_t j : frames)
          to.push_back(
              from[static_cast<std::size_t>((static_cast<std::int64_t>(a) * data.frames + i) * data.frames + j)]);
  };
  pick(data.observed, result.observed);
  if (data.sigma.size() == data.observed.size())
    pick(data.sigma, result.sigma);
  else
    result.sigma = data.sigma;
  return result;
}

/// Every `step`-th frame of the data, `count` of them.
HomodyneData thinned(const HomodyneData& data, std::int64_t step, std::int64_t count) {
  std::vector<std::int64_t> frames;
  for (std::int64_t i = 0; i < count; ++i) frames.push_back(i * step);
  return part_of(data, frames);
}

/// The data without frames [first, end).
HomodyneData without(const HomodyneData& data, std::int64_t first, std::int64_t end) {
  std::vector<std::int64_t> frames;
  for (std::int64_t i = 0; i < data.frames; ++i)
    if (i < first || i >= end) frames.push_back(i);
  return part_of(data, frames);
}

FitFunction chi_squared_of(Homodyne& model, const std::function<void(double)>& done) {
  return [&model, &done, scalings = std::vector<HomodyneScaling>(static_cast<std::size_t>(model.angles()))](
             const std::vector<double>& values, std::vector<double>* gradient, std::vector<double>* normal) mutable {
    HomodyneParameters p{};
    std::copy(values.begin(), values.end(), p.begin());
    HomodyneDerivatives derivatives{};
    model.evaluate(&p, 1, scalings.data(), gradient != nullptr ? &derivatives : nullptr);
    if (gradient != nullptr) gradient->assign(derivatives.gradient.begin(), derivatives.gradient.end());
    if (normal != nullptr) normal->assign(derivatives.normal.begin(), derivatives.normal.end());
    double sum = 0.0;
    for (const HomodyneScaling& s : scalings) sum += s.chi_squared;
    done(sum);
    return sum;
  };
}

template <class Values>
std::vector<FitParameter> starting_at(const Values& start, std::vector<FitParameter> parameters) {
  for (std::size_t k = 0; k < start.size(); ++k) parameters[k].start = start[k];
  return parameters;
}

bool alike(const HomodyneParameters& one, const HomodyneParameters& other) {
  for (std::size_t k = 0; k < one.size(); ++k)
    if (std::abs(one[k] - other[k]) > 1e-2 * std::max(std::abs(one[k]), std::abs(other[k]))) return false;
  return true;
}

/// Those of the lowest chi-squared that are not alike, the lowest first.
std::vector<HomodyneParameters> best_of(Homodyne& model, const std::vector<HomodyneParameters>& models,
                                        std::size_t count) {
  const std::vector<double> chi_squared = homodyne_chi_squared(model, models);
  std::vector<std::size_t> order(models.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return chi_squared[a] < chi_squared[b]; });
  std::vector<HomodyneParameters> best;
  for (const std::size_t k : order)
    if (best.size() < count &&
        std::none_of(best.begin(), best.end(), [&](const auto& other) { return alike(models[k], other); }))
      best.push_back(models[k]);
  return best;
}

}  // namespace

FitResult fit_homodyne(const HomodyneData& data, Homodyne& model, const std::vector<FitParameter>& parameters,
                       const HomodyneOpen& open, const FitProgress& progress) {
  int evaluations = 0;
  const std::function<void(double)> done = [&](double chi_squared) { progress(++evaluations, chi_squared); };
  const FitFunction whole = chi_squared_of(model, done);
  if (std::none_of(open.begin(), open.end(), [](bool one) { return one; })) return fit(parameters, whole);

  const auto fit_all = [&](std::vector<HomodyneParameters>& starts, const FitFunction& function, int iterations) {
    for (HomodyneParameters& start : starts) {
      const FitResult result = fit(starting_at(start, parameters), function, iterations);
      std::copy(result.values.begin(), result.values.end(), start.begin());
    }
  };
  std::vector<HomodyneParameters> found;
  const auto search = [&](Homodyne& few) {
    const FitFunction function = chi_squared_of(few, done);
    std::vector<HomodyneParameters> starts = homodyne_starts(few, parameters, open);
    for (const auto& [iterations, kept] : {std::pair{10, std::size_t{12}}, std::pair{25, polished}}) {
      fit_all(starts, function, iterations);
      starts = best_of(few, starts, kept);
    }
    found.insert(found.end(), starts.begin(), starts.end());
  };
  if (data.frames <= few_frames) {
    search(model);
  } else {
    for (const std::int64_t step : {(data.frames + few_frames - 1) / few_frames, std::int64_t{1}}) {
      const HomodyneData part = thinned(data, step, std::min((data.frames + step - 1) / step, few_frames));
      Homodyne few(part.setup, part.frames, part.observed, part.sigma);
      search(few);
    }
  }

  found = best_of(model, found, polished);
  fit_all(found, whole, 10);
  FitResult result = fit(starting_at(best_of(model, found, 1).front(), parameters), whole);
  const FitParameter& phi0 = parameters.back();
  if (open.back() && std::isinf(phi0.lower) && std::isinf(phi0.upper))
    result.values.back() = std::remainder(result.values.back(), 180.0);
  return result;
}

double correlated_frames(const HomodyneSetup& setup, std::int64_t frames, const HomodyneParameters& parameters) {
  constexpr std::int64_t starts = 32;
  double longest = 0.0;
  for (const double phi : setup.angles) {
    double sum = 0.0;
    for (std::int64_t s = 0; s < starts; ++s) {
      const std::int64_t first = s * (frames - 1) / starts;
      std::int64_t above = first, below = frames;  // by bisection
      while (below - above > 1) {
        const std::int64_t middle = (above + below) / 2;
        const double g1 = homodyne_g1_squared(setup, parameters, phi, setup.time(first), setup.time(middle));
        (g1 > std::exp(-1.0) ? above : below) = middle;
      }
      sum += static_cast<double>(below - first) / starts;
    }
    longest = std::max(longest, sum);
  }
  return longest;
}

HomodyneJackknife homodyne_jackknife(const HomodyneData& data, const std::vector<FitParameter>& parameters,
                                     const FitResult& best, std::int64_t blocks, const FitProgress& progress) {
  const std::size_t n = parameters.size();
  if (blocks < 2 || data.frames - (data.frames + blocks - 1) / blocks < 3)
    throw InputError(fmt::format("homodyne jackknife: {} frames do not make {} blocks", data.frames, blocks));
  HomodyneJackknife result{blocks, {}, {}};
  int evaluations = 0;
  const std::function<void(double)> done = [&](double chi_squared) { progress(++evaluations, chi_squared); };
  for (std::int64_t b = 0; b < blocks; ++b) {
    const HomodyneData rest = without(data, b * data.frames / blocks, (b + 1) * data.frames / blocks);
    Homodyne model(rest.setup, rest.frames, rest.observed, rest.sigma);
    const FitResult one = fit(starting_at(best.values, parameters), chi_squared_of(model, done));
    result.estimates.insert(result.estimates.end(), one.values.begin(), one.values.end());
  }
  result.covariance = jackknife_covariance(result.estimates, blocks);
  for (std::size_t k = 0; k < n; ++k)
    if (std::isinf(best.covariance[k * (n + 1)])) result.covariance[k * (n + 1)] = best.covariance[k * (n + 1)];
  return result;
}

void scale_errors(FitResult& result, const std::vector<FitParameter>& parameters, double variance) {
  const std::size_t all = parameters.size();
  const auto own = [&](std::size_t k) -> double& { return result.covariance[k * (all + 1)]; };
  for (double& c : result.covariance)
    if (std::isfinite(c)) c *= variance;
  const auto withdraw = [&](std::size_t k) {
    for (std::size_t other = 0; other < all; ++other)
      result.covariance[k * all + other] = result.covariance[other * all + k] = 0.0;
    own(k) = std::numeric_limits<double>::infinity();
  };
  const auto undetermined = [&](std::size_t k) {
    const double width = k + 1 == all ? 180.0 : parameters[k].upper - parameters[k].lower;
    return !parameters[k].fixed && !result.at_bound[k] && !(std::sqrt(own(k)) < 0.5 * width);
  };
  for (const auto& [first, end] : {std::pair{0u, 3u}, std::pair{3u, 6u}, std::pair{6u, 7u}}) {
    bool known = true;
    for (std::size_t k = first; k < end; ++k) known = known && !undetermined(k);
    if (known) continue;
    result.determined = false;
    for (std::size_t k = first; k < end; ++k)
      if (!parameters[k].fixed) withdraw(k);
  }
}

}  // namespace ister::core
