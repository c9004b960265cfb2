#pragma once
#include <mpi.h>

#include <cstdint>
#include <string>
#include <vector>

// What the system says of memory, in bytes.
namespace ister::core {

/// What this process holds in memory now, and at most so far.
std::int64_t resident_bytes();
std::int64_t peak_resident_bytes();

/// An amount of memory that something allows.
struct MemoryLimit {
  double bytes;
  std::string source;  ///< what a user calls it
};

/// What the address space of this process may still grow by; infinite without a limit.
MemoryLimit address_space_left();
/// What the processes of this machine that share our control group may have: the machine's memory, or less.
MemoryLimit machine_memory();

/// "out of memory", with what this process holds.
std::string out_of_memory_message();

/// Throws the same internal error on every rank where some rank cannot have the bytes that it `needs` in all: its own
/// limit or the machine's memory, which the ranks of a machine share, forbid it. Collective.
void require_memory(MPI_Comm comm, std::int64_t needs);

}  // namespace ister::core
