#pragma once
#include <string>

#include <toml++/toml.h>

#include "solvers/options.hpp"

/// The tables of drive.tones.
namespace ister::drivers {

/// What an entry of the list must look like.
std::string tone_text_allowed();

/// Takes over an entry; returns an empty text, or what is wrong with it.
std::string read_tone(const toml::node& node, solvers::DriveTone& tone);

/// As an inline table that reads back to the same.
std::string tone_text(const solvers::DriveTone& tone);

}  // namespace ister::drivers
