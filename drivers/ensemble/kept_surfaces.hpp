#pragma once
#include "io/ensemble_file.hpp"

/// What is kept of an event that is interrupted, as attributes of its checkpoint.
namespace ister::drivers {

/// Numbers and texts, history and surfaces. On rank 0.
core::Attributes packed(const io::EnsembleEvent& event);

/// Takes them back, into an event that has the columns of its history.
void unpack(const core::Attributes& attributes, io::EnsembleEvent& event);

}  // namespace ister::drivers
