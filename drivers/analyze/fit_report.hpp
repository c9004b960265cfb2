#pragma once
#include <string>
#include <vector>

#include "core/kernels/homodyne_fit.hpp"
#include "io/array_file.hpp"

namespace ister::drivers {

/// A fit of the homodyne model and what belongs to it.
struct FitReport {
  std::vector<core::FitParameter> parameters;
  core::FitResult result;
  std::vector<core::HomodyneScaling> scalings;  ///< of each angle
  std::int64_t degrees_of_freedom = 0;

  /// Parameters with their errors, contrasts and offsets on standard output, warnings on standard error.
  void print(const core::Homodyne& model) const;
  /// What is written to HDF5.
  [[nodiscard]] std::vector<io::NamedArray> arrays(const core::Homodyne& model) const;
  /// One row, so that rows of many fits make a table.
  [[nodiscard]] std::vector<io::NamedArray> row() const;

 private:
  [[nodiscard]] double error(std::size_t parameter) const;
};

}  // namespace ister::drivers
