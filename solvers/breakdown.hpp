#pragma once
#include <string>

#include "solvers/equations.hpp"

namespace ister::solvers {

/// Throws a BreakdownError on all ranks that says `what` happened and names the point of the last good state, at that
/// time, where it began: the one farthest beyond, or closest to, a limit of what the equations bear (see `limits` in
/// breakdown.cpp), with its fields, the limit and what to do. Collective.
[[noreturn]] void fail_from(const EquationContext& context, double time, const core::FieldBundle& primitives,
                            const std::string& what);

}  // namespace ister::solvers
