#pragma once
#include <string>
#include <vector>

#include "drivers/input/input.hpp"

namespace ister::drivers {

/// Values that are allowed one by one but not together.
struct Problem {
  std::string key;  ///< whose place in the file is named
  std::string text;
};

std::vector<Problem> inconsistencies(const Input& input);

}  // namespace ister::drivers
