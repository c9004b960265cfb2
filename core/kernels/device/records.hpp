#pragma once
#include "core/kernels/correlation/scalar.hpp"
#include "core/kernels/device/row_sums.hpp"

namespace ister::core::device {

/// Records as they are correlated: missing frames zero, and less their means where these have been found.
template <class Scalar>
struct Records {
  Rows<const Scalar> values;      ///< (row, frame)
  const double* present;          ///< 1 or 0 for each frame; null where all are there
  std::int64_t first;             ///< of the frames that are there; relative to it a constant record is exactly zero
  double frames;                  ///< that are there
  const Scalar* means = nullptr;  ///< of the frames less the first one

  [[nodiscard]] std::int64_t rows() const { return static_cast<std::int64_t>(values.extent(0)); }
  [[nodiscard]] std::int64_t points() const { return static_cast<std::int64_t>(values.extent(1)); }

  KOKKOS_FUNCTION bool has(std::int64_t i) const { return present == nullptr || present[i] != 0; }
  KOKKOS_FUNCTION Scalar operator()(std::int64_t row, std::int64_t i) const {
    if (!has(i)) return Scalar{};
    return means != nullptr ? relative(row, i) - means[row] : values(row, i);
  }
  KOKKOS_FUNCTION Scalar relative(std::int64_t row, std::int64_t i) const {
    return has(i) ? values(row, i) - values(row, first) : Scalar{};
  }
};

template <class Scalar>
struct ShareInMean {
  Records<Scalar> records;
  KOKKOS_FUNCTION Scalar operator()(std::int64_t row, std::int64_t i) const {
    return records.relative(row, i) / records.frames;
  }
};

template <class Scalar>
struct SquaredFrame {
  Records<Scalar> records;
  KOKKOS_FUNCTION double operator()(std::int64_t row, std::int64_t i) const { return squared_modulus(records(row, i)); }
};

struct IsNotPositive {
  const double* values;
  KOKKOS_FUNCTION bool operator()(std::int64_t item) const { return !(values[item] > 0); }
};

/// Means and squares of records.
template <class Scalar>
class Moments {
 public:
  /// Room for that many rows.
  explicit Moments(std::int64_t rows)
      : m_add(rows), m_add_squares(rows), m_means("means", rows), m_squares("squares", rows) {}

  /// The records less their means; computes squares().
  [[nodiscard]] Records<Scalar> centre(Records<Scalar> records) const {
    m_add.apply(records.rows(), records.points(), ShareInMean<Scalar>{records}, m_means.data());
    records.means = m_means.data();
    m_add_squares.apply(records.rows(), records.points(), SquaredFrame<Scalar>{records}, m_squares.data());
    return records;
  }

  /// sum |frame - mean|^2 of each row.
  [[nodiscard]] const double* squares() const { return m_squares.data(); }
  /// The first of so many rows whose record is constant or not finite, or `rows`.
  [[nodiscard]] std::int64_t first_without_variance(std::int64_t rows) const {
    static const std::string label = "no variance";
    return first_where(label, rows, IsNotPositive{m_squares.data()});
  }

 private:
  RowSums<Scalar> m_add;
  RowSums<double> m_add_squares;
  Values<Scalar> m_means;
  DeviceArray m_squares;
};

}  // namespace ister::core::device
