#pragma once
#include <string>
#include <vector>

#include "core/kernels/homodyne/homodyne_fit.hpp"

namespace ister::drivers {

/// The parameters of the homodyne model as the options --start, --bounds and --fixed of a fit leave them.
struct FitParameters {
  std::vector<core::FitParameter> all;  ///< in the order of core::homodyne_names
  core::HomodyneOpen open{};            ///< neither fixed nor with a start
};

/// InputError that names the option for what is no parameter, no number, said twice, or bounds in the wrong order.
FitParameters fit_parameters(const std::vector<std::string>& start, const std::vector<std::string>& bounds,
                             const std::vector<std::string>& fixed);

/// The finite number that the text is; InputError that names the option otherwise.
double finite_number(const std::string& text, const std::string& option);

}  // namespace ister::drivers
