#pragma once
#include <filesystem>

#include "core/kernels/thresholds.hpp"

/// The sizes at which kernels change their algorithm, as `ister bench tune` measured them on this kind of machine.
namespace ister::drivers {

/// $XDG_CACHE_HOME or ~/.cache, /ister/thresholds-<fingerprint of the machine>.json; empty without either
std::filesystem::path thresholds_file();

/// What thresholds_file() says; the built-in ones where there is none. A file that cannot be used is named in a
/// warning on standard error and changes nothing else.
core::Thresholds machine_thresholds();

/// Reads one; FileError where it is unreadable, damaged, or has a value that is not a positive integer. Names that it
/// lacks keep their built-in value.
core::Thresholds read_thresholds(const std::filesystem::path& path);

/// Writes one atomically, with its folder where that is missing; FileError.
void write_thresholds(const std::filesystem::path& path, const core::Thresholds& thresholds);

}  // namespace ister::drivers
