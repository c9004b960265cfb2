#pragma once
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/kernels/volterra_identify.hpp"
#include "drivers/analyze/analyses.hpp"
#include "io/array_file.hpp"

// How records, kernels and excitations of Volterra responses lie in HDF5 files.
namespace ister::drivers {

/// Records or channels, one after the other.
struct Records {
  std::vector<std::size_t> extents;  ///< of the dataset: (samples) or (records, samples)
  std::int64_t records = 1, samples = 0;
  std::vector<double> values;
};

/// InputError where the dataset is of another shape, empty, or holds a number that is not finite.
Records read_records(const std::filesystem::path& path, const std::string& dataset);

/// /h (orders, taps) and /h2 (taps, taps), at least one of them.
core::VolterraKernel read_kernel(const std::filesystem::path& path);

/// A kernel with its errors, certificate, offset and noise; as a table one row for each tap.
void write_estimate(const Results& results, const core::VolterraEstimate& estimate, core::Attributes attributes);

/// What write_excitation wrote, but for /x.
core::VolterraExcitation read_excitation(const std::filesystem::path& path);
void write_excitation(const Results& results, const core::VolterraExcitation& excitation, core::Attributes attributes);

/// Writes the arrays, and where a table is asked for those of `table`.
void write_with_table(const Results& results, const std::vector<io::NamedArray>& arrays,
                      const std::vector<io::NamedArray>& table, const core::Attributes& attributes);

/// (rows, columns) as (columns, rows), so that a table has a column for each row.
io::Array transposed(const io::Array& array);

}  // namespace ister::drivers
