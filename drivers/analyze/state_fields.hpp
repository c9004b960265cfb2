#pragma once
#include <string>
#include <vector>

#include "core/decomposition.hpp"
#include "io/field_file.hpp"

namespace ister::drivers {

/// The grid of a state file. FileError where its attributes do not describe one, InputError for units that are not
/// Ister's and fields that are not on the grid.
core::Grid grid_of(const io::FieldFile& file);

/// FileError where it is not finite.
double time_of(const io::FieldFile& file);

/// A whole field (z, y, x); InputError that names the fields there are where it is not among them, or the index of a
/// value that is not finite.
std::vector<double> read_field(const io::FieldFile& file, const std::string& name, const core::Decomposition& whole);

}  // namespace ister::drivers
