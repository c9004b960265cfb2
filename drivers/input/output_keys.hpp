#pragma once
#include <vector>

#include "drivers/input/entry.hpp"

/// The keys of what a run writes, section by section.
namespace ister::drivers {

/// [observers]
std::vector<Entry> observer_keys();

/// [surface]
std::vector<Entry> surface_keys();

/// [output], [checkpoint], [history] and [fftw]
std::vector<Entry> output_keys();

/// [ensemble]
std::vector<Entry> ensemble_keys();

}  // namespace ister::drivers
