#pragma once

namespace ister::physics {

/// `inputs/hadrons.csv`, part of the library so that it is found wherever that is.
const char* shipped_hadrons_text();

}  // namespace ister::physics
