#pragma once
#include <mpi.h>

#include <array>
#include <string>
#include <vector>

#include "core/grid/named_field.hpp"
#include "core/parallel/profiler.hpp"

namespace ister::drivers {

/// How many events are worth what, and where the time of those who ran them went.
class Tally {
 public:
  Tally();
  /// The attributes of an event.
  void count(const core::Attributes& event);
  /// Of one who ran events for so many seconds.
  void book(const core::Profiler& profiler, double seconds);
  /// Of all ranks together, in words, a line each. Collective.
  [[nodiscard]] std::vector<std::string> lines(MPI_Comm comm) const;

 private:
  enum Share { all, steps, observers, surface, spectra, initial, shares };

  std::vector<double> m_grades;  ///< (verdict, grade)
  std::array<double, shares> m_seconds{};
};

}  // namespace ister::drivers
