#pragma once
#include <filesystem>
#include <string>

#include "core/parallel/ranks.hpp"

namespace ister::drivers {

/// The file that keeps which of FFTW's algorithms were the fastest on machines of this kind. Measured anew, others may
/// be, which differ in the last bits of their results; with those of the first run equal runs are equal in every bit.
class MachineWisdom {
 public:
  /// Adds what the file holds to what FFTW knows, on all ranks what rank 0 reads. One of no use is named in a warning.
  /// Collective.
  explicit MachineWisdom(const core::Ranks& ranks);

  /// Adds the wisdom of a run to the file, where it is more than that was; what another run has put there by now stays.
  /// Where it cannot be written nothing happens: the next run measures again. Rank 0 writes.
  void keep(const std::string& wisdom) const;

  /// In the user's cache, by processor, version of FFTW and ISTER_ARCH; empty without a cache.
  static std::filesystem::path file();

 private:
  core::Ranks m_ranks;
  std::string m_known;  ///< rank 0: FFTW's wisdom when the file had been read
};

}  // namespace ister::drivers
