#pragma once
#include <string>
#include <vector>

#include "core/kernels/homodyne/homodyne_fit.hpp"
#include "io/array_file.hpp"

namespace ister::drivers {

/// A fit of the homodyne model and what belongs to it.
struct FitReport {
  std::vector<core::FitParameter> parameters;
  core::FitResult result = {};
  std::vector<core::HomodyneScaling> scalings = {};  ///< of each angle
  std::int64_t degrees_of_freedom = 0;
  bool sigma_known = false;                ///< chi-squared then tells whether the model describes the data
  core::HomodyneJackknife jackknife = {};  ///< without blocks: none was made
  std::vector<std::string> warnings = {};

  [[nodiscard]] double reduced_chi_squared() const {
    return result.chi_squared / static_cast<double>(degrees_of_freedom);
  }
  /// Adds the warnings that the result itself gives reason for.
  void judge();
  /// Parameters with their errors, contrasts and offsets on standard output, warnings on standard error.
  void print(const core::Homodyne& model) const;
  /// What is written to HDF5.
  [[nodiscard]] std::vector<io::NamedArray> arrays(const core::Homodyne& model) const;
  [[nodiscard]] core::Attributes attributes() const;
  /// One row, so that rows of many fits make a table.
  [[nodiscard]] std::vector<io::NamedArray> row() const;

 private:
  /// "good", "bad", or "none" where sigma is not known.
  [[nodiscard]] std::string verdict() const;
  void print_parameter(std::size_t parameter) const;
};

}  // namespace ister::drivers
