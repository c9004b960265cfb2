#pragma once
#include <mpi.h>

#include <filesystem>
#include <vector>

namespace ister::io {

/// A two-dimensional map of non-negative numbers.
struct Event {
  int nx = 0, ny = 0;
  std::vector<double> values;  ///< [iy][ix]
};

/// Reads an event as TRENTo writes it, by content: lines of ny rows with nx numbers each, lines that begin with '#'
/// skipped, or an HDF5 file with one dataset (ny, nx) per event, of which number `index` in the order event_0,
/// event_1, ... is taken. FileError for what cannot be read as such; InputError for an event that the file does not
/// hold and for values that are negative or not finite, or all zero.
Event read_event(const std::filesystem::path& path, int index);

/// The same read on rank 0 for all. Collective.
Event read_event(MPI_Comm comm, const std::filesystem::path& path, int index);

}  // namespace ister::io
