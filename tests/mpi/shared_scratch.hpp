#pragma once
#include <mpi.h>

#include <memory>
#include <string>

#include "tests/scratch_folder.hpp"

namespace ister::tests {

inline int rank() {
  int value = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &value);
  return value;
}

inline int ranks() {
  int value = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &value);
  return value;
}

/// One scratch folder for all ranks. Made and removed together.
class SharedScratch {
 public:
  SharedScratch() {
    if (rank() == 0) m_folder = std::make_unique<ScratchFolder>();
    std::string name = m_folder ? m_folder->path().string() : "";
    auto size = static_cast<int>(name.size());
    MPI_Bcast(&size, 1, MPI_INT, 0, MPI_COMM_WORLD);
    name.resize(static_cast<std::size_t>(size));
    MPI_Bcast(name.data(), size, MPI_CHAR, 0, MPI_COMM_WORLD);
    m_path = name;
  }
  ~SharedScratch() { MPI_Barrier(MPI_COMM_WORLD); }
  SharedScratch(const SharedScratch&) = delete;
  SharedScratch& operator=(const SharedScratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  std::unique_ptr<ScratchFolder> m_folder;  // of rank 0
  std::filesystem::path m_path;
};

}  // namespace ister::tests
