#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"
#include "physics/eos_type.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

PowerLawEos power_law(double cs2, const core::OptionValues& values) {
  return {cs2, std::log(values.number("degrees_of_freedom") * pi * pi / 30.0)};
}

core::Option degrees_of_freedom() {
  return core::Option("degrees_of_freedom", 42.25, "g in e = g pi^2/30 T^4; constant_cs2: at T = 1/fm").above(0);
}

}  // namespace

EosType conformal_eos() {
  return {{"conformal", {degrees_of_freedom()}},
          [](const core::OptionValues& values) -> EquationOfState { return power_law(1.0 / 3.0, values); }};
}

EosType constant_cs2_eos() {
  return {{"constant_cs2",
           {degrees_of_freedom(),
            core::Option("cs2", 1.0 / 3.0, "p = cs2 e, e = a T^((1+cs2)/cs2)").above(0).at_most(1).required()}},
          [](const core::OptionValues& values) -> EquationOfState {
            const double cs2 = values.number("cs2");
            if (cs2 >= 1.0) throw InputError(fmt::format("eos.cs2 = {:g}: must lie between 0 and 1", cs2));
            return power_law(cs2, values);
          }};
}

}  // namespace ister::physics
