#pragma once
#include <filesystem>
#include <string>

#include "drivers/input/input.hpp"
#include "physics/fluid_model.hpp"

namespace ister::drivers {

/// What the principal symbol says of a state file on the grid of a deck, in two or three lines: how much of the matter
/// with e > history.verdict_cut, weighted with e u^0, is acausal in 15 directions at every point, and by the conditions
/// of the column acausal_fraction; where fronts are fastest. Of more than 20000 points that count a sample is taken.
/// FileError and InputError as from io::FieldFile.
[[nodiscard]] std::string describe_fronts(const std::filesystem::path& state, const Input& input,
                                          const physics::FluidModel& fluid);

}  // namespace ister::drivers
