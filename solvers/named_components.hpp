#pragma once
#include <string>
#include <vector>

#include "core/grid/field_bundle.hpp"
#include "core/grid/named_field.hpp"

namespace ister::solvers {

/// Appends the first components of a bundle under their numbers, as checkpoints hold them. The bundle must stay.
inline void add_components(std::vector<core::NamedField>& fields, const std::string& prefix, core::FieldBundle& bundle,
                           int components) {
  for (int c = 0; c < components; ++c)
    fields.push_back({prefix + std::to_string(c), [&bundle, c](double* values) { bundle.copy_out(c, values); },
                      [&bundle, c](const double* values) { bundle.copy_in(c, values); }});
}

}  // namespace ister::solvers
