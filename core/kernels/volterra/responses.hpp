#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/volterra/identify.hpp"
#include "core/kernels/volterra/order_separation.hpp"

namespace ister::core {

/// The responses of each order to each waveform at amplitude 1, over one period, as the records show them.
class VolterraResponses {
 public:
  /// InputError where y does not fit the excitation or a value is not finite.
  VolterraResponses(const VolterraExcitation& excitation, const std::vector<double>& y);

  /// z_p, one period.
  [[nodiscard]] std::vector<double> of(int order, std::int64_t waveform) const;
  /// Variance of a sample of z_p that noise leaves.
  [[nodiscard]] double variance(int order) const;
  /// Standard deviation of a sample of y from one period to the next.
  [[nodiscard]] double noise() const { return m_noise; }
  /// Squares that it is known from.
  [[nodiscard]] double freedom() const {
    return static_cast<double>(m_mean.size()) * static_cast<double>(m_periods - 1);
  }
  /// Mean square of the records, averaged over their periods, about their mean; and the part of it that is noise.
  [[nodiscard]] double power() const;
  [[nodiscard]] double noise_power() const { return m_noise * m_noise / static_cast<double>(m_periods); }
  /// Mean over the records of amplitude^(2 order): what a mean square of z_p is in y.
  [[nodiscard]] double scale(int order) const;
  /// Mean square that no polynomial in the amplitude explains, beyond noise.
  [[nodiscard]] double not_polynomial() const;

 private:
  OrderSeparation m_separation;
  std::vector<double> m_amplitudes;  ///< of the scalings
  int m_orders;
  std::int64_t m_period, m_periods, m_scalings;  ///< scalings: signs and levels of a waveform
  std::vector<double> m_mean;                    ///< over the measured periods, records x period
  double m_noise = 0;
};

}  // namespace ister::core
