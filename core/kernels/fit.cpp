#include "core/kernels/fit.hpp"

// Eigen's memory has to be laid out as in the library that Ceres was built into, whatever this machine's instruction
// set.
#define EIGEN_DONT_VECTORIZE
#define EIGEN_MAX_ALIGN_BYTES 16
#include <ceres/ceres.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>

#include "core/error.hpp"

namespace ister::core {
namespace {

using Matrix = Eigen::MatrixXd;

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
    const Matrix upper = factors.vectorD().cwiseMax(0.0).cwiseSqrt().asDiagonal() * Matrix(factors.matrixU()) *
                         factors.transpositionsP();
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
void add_covariance(const FitFunction& function, const std::vector<int>& free, FitResult& result) {
  const std::size_t all = result.values.size();
  const auto n = static_cast<Eigen::Index>(free.size());
  std::vector<double> gradient(all), normal(all * all);
  result.chi_squared = function(result.values, &gradient, &normal);
  result.covariance.assign(all * all, 0.0);
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

}  // namespace

FitResult fit(const std::vector<FitParameter>& parameters, const FitFunction& function, int max_iterations) {
  FitResult result;
  std::vector<int> free;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    check(parameters[i]);
    result.values.push_back(parameters[i].start);
    if (!parameters[i].fixed) free.push_back(static_cast<int>(i));
  }
  if (free.empty()) throw InputError("fit: every parameter is fixed, there is nothing to fit");

  const std::size_t all = parameters.size();
  std::vector<double> gradient(all), normal(all * all);
  function(result.values, &gradient, &normal);
  Eigen::VectorXd scales(free.size()), values(free.size());
  for (std::size_t i = 0; i < free.size(); ++i) {
    const auto k = static_cast<std::size_t>(free[i]);
    const auto e = static_cast<Eigen::Index>(i);
    const double size = std::max(std::abs(parameters[k].start), 1e-300);
    const double curvature = normal[k * all + k];
    scales[e] = parameters[k].start != 0.0 ? size : curvature > 0.0 ? 1.0 / std::sqrt(curvature) : 1.0;
    values[e] = parameters[k].start / scales[e];
  }

  ceres::Problem problem;
  problem.AddResidualBlock(new Condensed(function, result.values, free, scales), nullptr, values.data());
  for (std::size_t i = 0; i < free.size(); ++i) {
    const FitParameter& p = parameters[static_cast<std::size_t>(free[i])];
    const double scale = scales[static_cast<Eigen::Index>(i)];
    if (std::isfinite(p.lower)) problem.SetParameterLowerBound(values.data(), static_cast<int>(i), p.lower / scale);
    if (std::isfinite(p.upper)) problem.SetParameterUpperBound(values.data(), static_cast<int>(i), p.upper / scale);
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = max_iterations;
  options.function_tolerance = 1e-13;
  options.parameter_tolerance = 1e-11;
  options.gradient_tolerance = 1e-14;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);

  for (std::size_t i = 0; i < free.size(); ++i)
    result.values[static_cast<std::size_t>(free[i])] =
        values[static_cast<Eigen::Index>(i)] * scales[static_cast<Eigen::Index>(i)];
  result.converged = summary.termination_type == ceres::CONVERGENCE;
  result.iterations = static_cast<int>(summary.iterations.size());
  result.message = summary.message;
  add_covariance(function, free, result);
  return result;
}

}  // namespace ister::core
