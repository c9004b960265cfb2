#pragma once
#include "core/parallel/ranks.hpp"
#include "drivers/input/input.hpp"

namespace ister::drivers {

/// The input that rank 0 reads, parsed on every rank from the same text; errors are the same on all ranks.
Input read_input_everywhere(const core::Ranks& ranks, const std::filesystem::path& path,
                            const std::vector<std::string>& overrides);

}  // namespace ister::drivers
