#pragma once

namespace ister::physics {

/// `inputs/hadrons.csv` and `inputs/decays.csv`, part of the library so that they are found wherever that is.
const char* shipped_hadrons_text();
const char* shipped_decays_text();

}  // namespace ister::physics
