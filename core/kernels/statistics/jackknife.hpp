#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <vector>

namespace ister::core {

/// A number that was estimated from a sample, and its standard error. Not a number where the sample does not tell.
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN(), error = std::numeric_limits<double>::quiet_NaN();
};

/// (blocks - 1)/blocks sum_b (p_b - <p>)(p_b - <p>)^T, row by row: the covariance of parameters of which there are
/// `estimates` [block][parameter] that each leave out one block of the sample.
std::vector<double> jackknife_covariance(const std::vector<double>& estimates, std::int64_t blocks);

/// What each member of a sample adds to the sums that a statistic depends on.
class Summands {
 public:
  explicit Summands(std::size_t columns) : m_columns(columns) {}
  /// One number for each column.
  void add(std::initializer_list<double> row);
  [[nodiscard]] std::size_t columns() const { return m_columns; }
  [[nodiscard]] std::size_t members() const { return m_values.size() / m_columns; }
  [[nodiscard]] const double* row(std::size_t member) const { return m_values.data() + member * m_columns; }
  /// Over all members.
  [[nodiscard]] std::vector<double> sums() const;

 private:
  std::size_t m_columns;
  std::vector<double> m_values;
};

/// Numbers that follow from the sums.
using Statistic = std::function<std::vector<double>(const std::vector<double>& sums)>;

/// The statistic of all members with the errors of the jackknife that leaves out one member after the other, which
/// costs no more than the sums: those of the rest are a difference. No error for fewer than two members.
std::vector<Estimate> jackknife(const Summands& sample, const Statistic& statistic);

}  // namespace ister::core
