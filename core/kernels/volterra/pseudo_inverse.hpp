#pragma once
#include <vector>

namespace ister::core {

/// The pseudo-inverse, columns x rows, of a matrix of full column rank, rows x columns with rows >= columns; both row
/// by row. Through Householder QR. Error (exit 70) where the rank is lower.
std::vector<double> pseudo_inverse(std::vector<double> matrix, int rows, int columns);

}  // namespace ister::core
