#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/grid/decomposition.hpp"
#include "io/field_file.hpp"

namespace ister::drivers {

/// The state files of the run in a folder, by step. FileError where there are none, InputError for those of several
/// runs.
std::vector<std::filesystem::path> states_of_run(const std::filesystem::path& folder);

/// The state files that an analysis works on: those of a folder, or `sources` themselves. InputError for a folder among
/// others.
std::vector<std::filesystem::path> states_of(const std::vector<std::filesystem::path>& sources);

/// The grid of a state file. FileError where its attributes do not describe one, InputError for units that are not
/// Ister's and fields that are not on the grid.
core::Grid grid_of(const io::FieldFile& file);

/// FileError where it is not finite.
double time_of(const io::FieldFile& file);

/// A whole field (z, y, x); InputError that names the fields there are where it is not among them, or the index of a
/// value that is not finite.
std::vector<double> read_field(const io::FieldFile& file, const std::string& name, const core::Decomposition& whole);

}  // namespace ister::drivers
