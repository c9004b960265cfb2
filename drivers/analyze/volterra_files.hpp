#pragma once
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/kernels/volterra/identify.hpp"
#include "drivers/analyze/analyses.hpp"
#include "io/array_file.hpp"

// How records, kernels and excitations of Volterra responses lie in HDF5 files.
namespace ister::drivers {

constexpr std::int64_t most_taps = 1 << 16;  // also samples of a block: transforms of more take long to plan
constexpr std::int64_t most_periods = 1 << 20;

/// Records or channels, one after the other.
struct Records {
  std::vector<std::size_t> extents;  ///< of the dataset: (samples) or (records, samples)
  std::int64_t records = 1, samples = 0;
  std::vector<double> values;
};

/// InputError where the dataset is of another shape, empty, or holds a number that is not finite.
Records read_records(const std::filesystem::path& path, const std::string& dataset);

/// InputError with the index of a number that is not finite, `what` in front.
void require_finite(const Records& records, const std::string& what);

/// /h (orders, taps) and /h2 (taps, taps), at least one of them. Where one has fewer taps, the others are zero.
core::VolterraKernel read_kernel(const std::filesystem::path& path);

/// "trust", or "do not trust: " and why.
std::string verdict(const core::VolterraCertificate& certificate);

/// A kernel with its errors, certificate, offset and noise; as a table one row for each tap.
void write_estimate(const Results& results, const core::VolterraEstimate& estimate, core::Attributes attributes);

/// What write_excitation wrote, but for /x.
core::VolterraExcitation read_excitation(const std::filesystem::path& path);
/// InputError where the records of an excitation are more than the memory holds.
void require_memory_for_records(std::int64_t records, std::int64_t periods, std::int64_t period);
void write_excitation(const Results& results, const core::VolterraExcitation& excitation, core::Attributes attributes);

}  // namespace ister::drivers
