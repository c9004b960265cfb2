#pragma once
#include <string>
#include <vector>

#include "drivers/eos/eos_formats.hpp"
#include "drivers/input/input.hpp"
#include "physics/fluid_model.hpp"

namespace ister::drivers {

/// How many rows a table of this range of ln e has that is read back to rounding: none closer than a reader tells
/// apart.
int rows_of_table(double log_e_range);

/// Matter at `points` energy densities between two ln e [e in 1/fm^4], at equal steps of e or of ln e.
std::vector<EosRow> eos_rows(const physics::FluidModel& fluid, double low, double high, int points,
                             bool even_in_energy);

/// Which equation of state it is, and who wrote it.
std::string eos_comment(const Input& input);

/// The equation of state in the format "csv", as `ister eos` writes it: from 0.01 to 1 GeV as far as it reaches, of a
/// table without any of these all. What stands beside a run.
std::string eos_csv(const physics::FluidModel& fluid, const Input& input);

}  // namespace ister::drivers
