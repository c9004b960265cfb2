#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "core/grid/named_field.hpp"

namespace ister::core {

/// What an index of a row counts: the i-th is at first + i spacing.
struct SeriesAxis {
  std::string name;
  std::string units = {};  ///< none: a number
  double first = 0.0, spacing = 1.0;
};

/// Rows of equal shape over time, as an observer sees them and a file keeps them.
struct Series {
  std::string name;                  ///< of whoever saw them
  std::string dataset;               ///< the name of the values
  std::vector<std::size_t> extents;  ///< of a row, slowest first
  std::vector<SeriesAxis> axes;      ///< of these indices
  bool complex = false;              ///< the values are pairs of real and imaginary part
  Attributes attributes;             ///< what they mean
  std::vector<double> steps, times, values;

  [[nodiscard]] std::size_t rows() const { return steps.size(); }
  [[nodiscard]] std::size_t row_size() const {
    std::size_t size = complex ? 2 : 1;
    for (const std::size_t extent : extents) size *= extent;
    return size;
  }
  void append(double step, double time, const std::vector<double>& row) {
    steps.push_back(step);
    times.push_back(time);
    values.insert(values.end(), row.begin(), row.end());
  }
  /// Keeps the first rows.
  void cut(std::size_t rows) {
    steps.resize(rows);
    times.resize(rows);
    values.resize(rows * row_size());
  }
};

}  // namespace ister::core
