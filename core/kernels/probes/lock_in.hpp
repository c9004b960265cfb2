#pragma once
#include <complex>
#include <cstdint>

namespace ister::core {

/// What a signal holds of a tone.
struct LockedTone {
  std::complex<double> amplitude;  ///< a in the signal's part Re(a exp(-i omega t))
  double mean = 0;
  double residual = 0;  ///< root mean square of what is neither mean nor tone
};

/// Lock-in at a tone: the least-squares fit of mean + Re(a exp(-i omega t)) to a record, exact for such a signal even
/// where the record is not a whole number of periods, or its times are not equally spaced. InputError for fewer than
/// three samples, a frequency that is not positive, and times that cannot tell the three apart.
LockedTone lock_in(const double* times, const double* values, std::int64_t count, double omega);

}  // namespace ister::core
