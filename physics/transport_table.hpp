#pragma once
#include <vector>

#include "physics/eos_table.hpp"
#include "physics/options.hpp"
#include "physics/transport.hpp"

namespace ister::physics {

/// The model that the options describe; tables of eta/s or zeta/s are left out of it (see tabulate_transport).
/// Throws InputError on values that make no fluid.
[[nodiscard]] ModelTransport model_transport(const TransportOptions& options);

/// Coefficients of the equation of state and, behind them in each cell, those of TabulatedTransport: from
/// options.table if it is named, else from the model with eta/s(T) or zeta/s(T) read from their files.
/// Throws FileError and InputError as read_columns does.
[[nodiscard]] std::vector<double> tabulate_transport(const EosTable& eos, const TransportOptions& options);

}  // namespace ister::physics
