#include "core/kernels/homodyne/fit.hpp"

// Eigen's memory has to be laid out as in the library that Ceres was built into, whatever this machine's instruction
// set.
#define EIGEN_DONT_VECTORIZE
#define EIGEN_MAX_ALIGN_BYTES 16
#include <ceres/ceres.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

using Matrix = Eigen::MatrixXd;

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// Chi-squared and its derivatives.
struct Local {
  double chi_squared;
  std::vector<double> gradient, normal;

  Local(const FitFunction& function, const std::vector<double>& values)
      : gradient(values.size()), normal(values.size() * values.size()) {
    chi_squared = function(values, &gradient, &normal);
    if (!std::isfinite(chi_squared) || !all_finite(gradient) || !all_finite(normal))
      throw BreakdownError(
          fmt::format("fit: chi-squared or its derivatives are not finite at {}", fmt::join(values, ", ")));
  }
};

/// Few residuals R in place of many, r, with the same sums: R^T R = r^T r, J_R^T R = J^T r and J_R^T J_R = J^T J are
/// all that Levenberg-Marquardt sees of them. They are a root of the matrix of these sums. Free parameters only, in
/// units of `scales`.
class Condensed : public ceres::CostFunction {
 public:
  Condensed(const FitFunction& function, const std::vector<double>& start, const std::vector<int>& free,
            const Eigen::VectorXd& scales)
      : m_function(function), m_values(start), m_free(free), m_scales(scales) {
    mutable_parameter_block_sizes()->push_back(static_cast<int>(free.size()));
    set_num_residuals(static_cast<int>(free.size()) + 1);
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    const auto n = static_cast<Eigen::Index>(m_free.size());
    std::vector<double> values = m_values;
    for (Eigen::Index i = 0; i < n; ++i) values[index(i)] = parameters[0][i] * m_scales[i];
    if (!all_finite(values)) return false;
    Eigen::Map<Eigen::VectorXd> root(residuals, n + 1);
    root.setZero();
    if (jacobians == nullptr || jacobians[0] == nullptr) {
      root[0] = std::sqrt(m_function(values, nullptr, nullptr));
      return std::isfinite(root[0]);
    }
    const std::size_t all = values.size();
    std::vector<double> gradient(all), normal(all * all);
    Matrix sums(n + 1, n + 1);
    sums(n, n) = m_function(values, &gradient, &normal);
    for (Eigen::Index i = 0; i < n; ++i) {
      sums(i, n) = sums(n, i) = 0.5 * gradient[index(i)] * m_scales[i];
      for (Eigen::Index j = 0; j < n; ++j) sums(i, j) = normal[index(i) * all + index(j)] * m_scales[i] * m_scales[j];
    }
    if (!sums.allFinite()) return false;
    const Eigen::LDLT<Matrix> factors(sums);
    Matrix upper = factors.transpositionsP() * Matrix::Identity(n + 1, n + 1);
    upper = factors.vectorD().cwiseMax(0.0).cwiseSqrt().asDiagonal() * (factors.matrixU() * upper);
    root = upper.col(n);
    Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> jacobian(jacobians[0], n + 1, n);
    jacobian = upper.leftCols(n);
    return true;
  }

 private:
  [[nodiscard]] std::size_t index(Eigen::Index i) const {
    return static_cast<std::size_t>(m_free[static_cast<std::size_t>(i)]);
  }

  const FitFunction& m_function;
  std::vector<double> m_values;
  const std::vector<int>& m_free;
  const Eigen::VectorXd& m_scales;
};

void check(const FitParameter& p) {
  if (!std::isfinite(p.start)) throw InputError(fmt::format("fit: {} starts at {}", p.name, p.start));
  if (p.fixed) return;
  if (!(p.lower < p.upper))
    throw InputError(fmt::format("fit: the bounds of {} are {} to {}; the lower one has to be the smaller one", p.name,
                                 p.lower, p.upper));
  if (p.start < p.lower || p.start > p.upper)
    throw InputError(fmt::format("fit: {} starts at {}, which is not within its bounds {} to {}", p.name, p.start,
                                 p.lower, p.upper));
}

/// Inverts J^T J scaled to a unit diagonal; what is smaller than rounding in it is not determined.
void add_covariance(const std::vector<double>& normal, const std::vector<int>& free, FitResult& result) {
  const std::size_t all = result.values.size();
  const auto n = static_cast<Eigen::Index>(free.size());
  Matrix scaled(n, n);
  Eigen::VectorXd scale(n);
  const auto at = [&](Eigen::Index i, Eigen::Index j) {
    return static_cast<std::size_t>(free[static_cast<std::size_t>(i)]) * all +
           static_cast<std::size_t>(free[static_cast<std::size_t>(j)]);
  };
  for (Eigen::Index i = 0; i < n; ++i) scale[i] = normal[at(i, i)] > 0.0 ? 1.0 / std::sqrt(normal[at(i, i)]) : 0.0;
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) scaled(i, j) = normal[at(i, j)] * scale[i] * scale[j];
  const Eigen::SelfAdjointEigenSolver<Matrix> modes(scaled);
  for (Eigen::Index m = 0; m < n; ++m) {
    const double value = modes.eigenvalues()[m];
    const bool known = value > 1e-13;
    result.determined = result.determined && known;
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j) {
        const double product = modes.eigenvectors()(i, m) * modes.eigenvectors()(j, m);
        if (known)
          result.covariance[at(i, j)] += product / value * scale[i] * scale[j];
        else if (i == j && std::abs(product) > 1e-6)
          result.covariance[at(i, j)] = std::numeric_limits<double>::infinity();
      }
  }
}

/// Runs Levenberg-Marquardt over some of the parameters from result.values on.
void solve(const std::vector<FitParameter>& parameters, const FitFunction& function, const std::vector<int>& free,
           int max_iterations, FitResult& result) {
  const std::size_t all = parameters.size();
  const Local local(function, result.values);
  const auto n = static_cast<Eigen::Index>(free.size());
  const auto index = [&](Eigen::Index i) { return static_cast<std::size_t>(free[static_cast<std::size_t>(i)]); };
  Eigen::VectorXd scales(n), values(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double value = std::abs(result.values[index(i)]), curvature = local.normal[index(i) * (all + 1)];
    scales[i] = value > 0.0 ? value : curvature > 0.0 ? 1.0 / std::sqrt(curvature) : 1.0;
    values[i] = result.values[index(i)] / scales[i];
  }
  ceres::Problem problem;
  problem.AddResidualBlock(new Condensed(function, result.values, free, scales), nullptr, values.data());
  for (Eigen::Index i = 0; i < n; ++i) {
    const FitParameter& p = parameters[index(i)];
    if (std::isfinite(p.lower)) problem.SetParameterLowerBound(values.data(), static_cast<int>(i), p.lower / scales[i]);
    if (std::isfinite(p.upper)) problem.SetParameterUpperBound(values.data(), static_cast<int>(i), p.upper / scales[i]);
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = max_iterations;
  options.function_tolerance = 1e-10;
  options.parameter_tolerance = 1e-11;
  options.gradient_tolerance = 1e-14;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  for (Eigen::Index i = 0; i < n; ++i) {
    const FitParameter& p = parameters[index(i)];
    result.values[index(i)] = std::clamp(values[i] * scales[i], p.lower, p.upper);
  }
  result.converged = summary.termination_type == ceres::CONVERGENCE;
  result.iterations += static_cast<int>(summary.iterations.size());
  result.message = summary.message;
}

bool is_at(double bound, double value) {
  return std::isfinite(bound) && std::abs(value - bound) <= 1e-12 * std::abs(bound);
}

/// Whether a parameter is at a bound beyond which chi-squared would fall.
bool held_by_bound(const FitParameter& p, double value, double slope) {
  return (is_at(p.lower, value) && slope > 0.0) || (is_at(p.upper, value) && slope < 0.0);
}

}  // namespace

FitResult fit(const std::vector<FitParameter>& parameters, const FitFunction& function, int max_iterations) {
  FitResult result;
  std::vector<int> free;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    check(parameters[i]);
    result.values.push_back(parameters[i].start);
    if (!parameters[i].fixed) free.push_back(static_cast<int>(i));
  }
  result.converged = free.empty();

  // Steps that bounds cut off may end the search early: then again without the parameters that are held there.
  std::vector<int> moving = free;
  for (std::size_t round = 0; round <= free.size() && !moving.empty(); ++round) {
    solve(parameters, function, moving, max_iterations, result);
    const Local local(function, result.values);
    std::vector<int> next;
    for (const int i : free) {
      const auto k = static_cast<std::size_t>(i);
      if (!held_by_bound(parameters[k], result.values[k], local.gradient[k])) next.push_back(i);
    }
    if (next == moving) break;
    moving = next;
  }

  const std::size_t all = parameters.size();
  const Local end(function, result.values);
  result.chi_squared = end.chi_squared;
  result.covariance.assign(all * all, 0.0);
  result.at_bound.assign(all, false);
  std::vector<int> within;
  for (const int i : free) {
    const auto k = static_cast<std::size_t>(i);
    result.at_bound[k] = is_at(parameters[k].lower, result.values[k]) || is_at(parameters[k].upper, result.values[k]);
    if (result.at_bound[k])
      result.covariance[k * (all + 1)] = std::numeric_limits<double>::infinity();
    else
      within.push_back(i);
  }
  if (!within.empty()) add_covariance(end.normal, within, result);
  return result;
}

}  // namespace ister::core
