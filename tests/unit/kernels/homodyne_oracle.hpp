#pragma once
#include <cmath>
#include <vector>

#include "core/kernels/homodyne/homodyne.hpp"

/// The homodyne model written out pair by pair in long double.
namespace ister::tests {

using Real = long double;
inline constexpr Real oracle_degree = 3.14159265358979323846264338327950288L / 180.0L;

/// int from^to max(A s^e + c, 0) ds from the textbook antiderivative.
inline Real oracle_integral(const core::PowerLaw& law, Real from, Real to) {
  const Real a = law.amplitude, e = law.exponent, c = law.offset;
  const auto rate = [&](Real t) { return a * std::pow(t, e) + c; };
  if (rate(from) <= 0 && rate(to) <= 0) return 0;
  if (rate(from) < 0) from = std::pow(-c / a, 1 / e);
  if (rate(to) < 0) to = std::pow(-c / a, 1 / e);
  const Real power = e == -1 ? std::log(to / from) : (std::pow(to, e + 1) - std::pow(from, e + 1)) / (e + 1);
  return a * power + c * (to - from);
}

inline Real oracle_rate(const core::PowerLaw& law, Real t) {
  return std::max<Real>(law.amplitude * std::pow(t, static_cast<Real>(law.exponent)) + law.offset, 0);
}

/// |g1|^2 for frames i < j.
inline Real oracle_model(const core::HomodyneSetup& setup, const core::HomodyneParameters& p, double phi, int i,
                         int j) {
  const core::PowerLaw d{p[0], p[1], p[2]}, gamma{p[3], p[4], p[5]};
  const bool exact = setup.formulas == core::HomodyneFormulas::exact;
  const Real q = setup.q, dt = setup.dt;
  const auto frame = [&](int k) { return static_cast<Real>(setup.frame(k)); };
  Real s = 0, g = 0;
  if (exact) {
    const Real from = (frame(i) + 1) * dt, to = (frame(j) + 1) * dt;
    s = 2 * oracle_integral(d, from, to);
    g = oracle_integral(gamma, from, to);
  } else {
    for (int k = i + 1; k <= j; ++k) {
      const Real step = (frame(k) - frame(k - 1)) * dt;
      s += oracle_rate(d, frame(k) * dt) * step;
      g += oracle_rate(gamma, frame(k) * dt) * step;
    }
  }
  const Real x = q * setup.gap / 2 * std::cos((p[6] - phi) * oracle_degree) * g;
  const Real sinc = x != 0 ? std::sin(x) / x : 1;
  return std::exp(-q * q * s) * std::pow(sinc, exact ? 2 : 4);
}

struct OracleScaling {
  Real contrast, offset, chi_squared;
};

/// Weighted least squares over points (model, value, 1/sigma^2), centred.
struct OraclePoints {
  std::vector<Real> model, value, weight;

  void add(Real m, Real v, Real w) {
    model.push_back(m);
    value.push_back(v);
    weight.push_back(w);
  }
  [[nodiscard]] OracleScaling solve() const {
    Real total = 0, m = 0, v = 0, mm = 0, mv = 0;
    for (std::size_t k = 0; k < model.size(); ++k) {
      total += weight[k];
      m += weight[k] * model[k];
      v += weight[k] * value[k];
    }
    m /= total, v /= total;
    for (std::size_t k = 0; k < model.size(); ++k) {
      mm += weight[k] * (model[k] - m) * (model[k] - m);
      mv += weight[k] * (model[k] - m) * (value[k] - v);
    }
    OracleScaling result{mv / mm, v - mv / mm * m, 0};
    for (std::size_t k = 0; k < model.size(); ++k) {
      const Real r = value[k] - result.offset - result.contrast * model[k];
      result.chi_squared += weight[k] * r * r;
    }
    return result;
  }
};

/// `sigma`: 1, one for each angle or one for each entry; ignored in version 1.
inline OracleScaling oracle_scaling(const core::HomodyneSetup& setup, const core::HomodyneParameters& p, int n,
                                    int angle, const std::vector<double>& observed, const std::vector<double>& sigma) {
  const double phi = setup.angles[static_cast<std::size_t>(angle)];
  const auto at = [&](int i, int j) { return static_cast<std::size_t>((angle * n + i) * n + j); };
  OraclePoints points;
  if (setup.formulas == core::HomodyneFormulas::exact) {
    for (int i = 0; i < n; ++i)
      for (int j = setup.diagonal ? i : i + 1; j < n; ++j) {
        const Real s = sigma.size() == 1                     ? sigma[0]
                       : sigma.size() == setup.angles.size() ? sigma[static_cast<std::size_t>(angle)]
                                                             : sigma[at(i, j)];
        points.add(i == j ? 1 : oracle_model(setup, p, phi, i, j), observed[at(i, j)], 1 / (s * s));
      }
    return points.solve();
  }
  Real mean = 0, variance = 0;
  for (std::size_t k = at(0, 0); k < at(0, 0) + static_cast<std::size_t>(n * n); ++k) mean += observed[k];
  mean /= n * n;
  for (std::size_t k = at(0, 0); k < at(0, 0) + static_cast<std::size_t>(n * n); ++k)
    variance += (observed[k] - mean) * (observed[k] - mean) / (n * n);
  const Real s = std::max<Real>(0.1L * std::sqrt(variance), 1e-10L);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      points.add(i == j ? 1 : oracle_model(setup, p, phi, std::min(i, j), std::max(i, j)), observed[at(i, j)],
                 1 / (s * s));
  return points.solve();
}

}  // namespace ister::tests
