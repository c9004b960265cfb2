#include "core/kernels/statistics/jackknife.hpp"

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {

std::vector<double> jackknife_covariance(const std::vector<double>& estimates, std::int64_t blocks) {
  const auto count = static_cast<std::size_t>(blocks);
  const std::size_t n = estimates.size() / count;
  std::vector<double> mean(n, 0.0), covariance(n * n, 0.0);
  for (std::size_t b = 0; b < count; ++b)
    for (std::size_t k = 0; k < n; ++k) mean[k] += estimates[b * n + k] / static_cast<double>(blocks);
  for (std::size_t b = 0; b < count; ++b)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        covariance[i * n + j] += (1.0 - 1.0 / static_cast<double>(blocks)) * (estimates[b * n + i] - mean[i]) *
                                 (estimates[b * n + j] - mean[j]);
  return covariance;
}

void Summands::add(std::initializer_list<double> row) {
  ISTER_REQUIRE(row.size() == m_columns);
  m_values.insert(m_values.end(), row);
}

std::vector<double> Summands::sums() const {
  std::vector<double> sums(m_columns, 0.0);
  for (std::size_t member = 0; member < members(); ++member)
    for (std::size_t c = 0; c < m_columns; ++c) sums[c] += row(member)[c];
  return sums;
}

std::vector<Estimate> jackknife(const Summands& sample, const Statistic& statistic) {
  const std::vector<double> sums = sample.sums(), values = statistic(sums);
  std::vector<Estimate> result(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) result[k].value = values[k];
  if (sample.members() < 2) return result;
  std::vector<double> estimates, rest(sums.size());
  for (std::size_t member = 0; member < sample.members(); ++member) {
    for (std::size_t c = 0; c < sums.size(); ++c) rest[c] = sums[c] - sample.row(member)[c];
    const std::vector<double> without = statistic(rest);
    estimates.insert(estimates.end(), without.begin(), without.end());
  }
  const std::vector<double> covariance = jackknife_covariance(estimates, static_cast<std::int64_t>(sample.members()));
  for (std::size_t k = 0; k < values.size(); ++k) result[k].error = std::sqrt(covariance[k * (values.size() + 1)]);
  return result;
}

}  // namespace ister::core
