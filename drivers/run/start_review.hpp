#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "drivers/input/input.hpp"
#include "solvers/initial/initial.hpp"

namespace ister::drivers {

/// What an initial state tells of the worth of the result before any time is spent: whether the grid resolves it, and
/// whether the light cone of its matter stays within the box. Gathered piece by piece while the state is made.
class StartReview {
 public:
  explicit StartReview(const Input& input);

  /// Looks at every piece that the source makes from now on, as long as this lives.
  void watch(solvers::InitialSource& source);
  /// The share of the power of ln e at the finest wavenumbers along x, as solvers::Measured::resolution has it, of the
  /// data as they are given, before any conditioning. Collective.
  [[nodiscard]] double fine_share(MPI_Comm comm) const;
  /// Of all that was seen on all ranks, one line each. Collective.
  [[nodiscard]] std::vector<std::string> warnings(MPI_Comm comm) const;

 private:
  /// Sums and maxima over the points seen on this rank.
  struct Found {
    double points = 0, log_e = 0, power = 0, fine_power = 0;  ///< of ln e on the lines that are looked at
    double e_max = 0;
    std::array<double, 3> rim{};   ///< largest e at the seam, by direction
    std::array<double, 3> near{};  ///< minus the least distance from the seam of matter that counts
  };

  void look(const core::Box& box, const std::vector<double>& energy_density);
  void look_at_line(const double* energy_density);
  [[nodiscard]] Found of_all_ranks(MPI_Comm comm) const;

  const Input& m_input;
  std::int64_t m_line_stride;              ///< every so many lines along x are transformed
  std::vector<double> m_cosines, m_sines;  ///< of 2 pi i/n
  Found m_found;
};

}  // namespace ister::drivers
