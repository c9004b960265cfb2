#pragma once
#include <vector>

#include "core/grid/decomposition.hpp"
#include "core/grid/named_field.hpp"
#include "core/parallel/ranks.hpp"

namespace ister::drivers {

/// A field on the whole grid, in the order of files, on the root; elsewhere nothing. Collective.
std::vector<double> gather_blocks(const core::Ranks& ranks, const core::Decomposition& decomposition,
                                  const core::NamedField& field);

}  // namespace ister::drivers
