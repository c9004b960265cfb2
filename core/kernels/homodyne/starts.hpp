#pragma once
#include <array>
#include <vector>

#include "core/kernels/homodyne/fit.hpp"
#include "core/kernels/homodyne/homodyne.hpp"

namespace ister::core {

/// Which parameters a search may start anywhere within their bounds; the others start where they are.
using HomodyneOpen = std::array<bool, homodyne_parameters>;

/// Where fits of the model should start so that one of them finds the lowest minimum, each once: around the local
/// minima of chi-squared over constant D, constant gamma and phi0, the best amplitude and offset for each of a few
/// exponents. `parameters` in the order of homodyne_names.
std::vector<HomodyneParameters> homodyne_starts(Homodyne& model, const std::vector<FitParameter>& parameters,
                                                const HomodyneOpen& open);

/// The sum over angles of chi-squared, for each model.
std::vector<double> homodyne_chi_squared(Homodyne& model, const std::vector<HomodyneParameters>& models);

}  // namespace ister::core
