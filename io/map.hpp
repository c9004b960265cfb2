#pragma once
#include <mpi.h>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/grid/nodes.hpp"

namespace ister::io {

/// Columns of numbers on a regular grid of their own, as models of a collision write them, in the units of the file.
struct Map {
  std::array<core::Nodes, 3> nodes;                    ///< along x, y and the space-time rapidity
  std::map<std::string, std::vector<double>> columns;  ///< by the name that the reader documents, [eta][y][x]
  std::optional<double> tau;                           ///< where the file says it [fm]
  std::vector<std::string> notes;                      ///< what a user should know of the file, one line each
  std::map<std::string, double> numbers;               ///< what the file says of its event, on rank 0

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(nodes[0].count) * static_cast<std::size_t>(nodes[1].count) *
           static_cast<std::size_t>(nodes[2].count);
  }
};

/// What rank 0 reads, on every rank. Collective; the same error on every rank.
Map read_for_all(MPI_Comm comm, const std::function<Map()>& read);

}  // namespace ister::io
