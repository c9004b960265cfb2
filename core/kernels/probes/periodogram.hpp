#pragma once
#include <fftw3.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace ister::core {

/// Power spectrum of real records of one length, by a Fourier transform under a Hann window, the mean removed:
/// S_k with sum_k S_k d_omega = the variance for tones that the window separates from zero frequency, and
/// omega_k = k d_omega, d_omega = 2 pi / (samples spacing), k = 0 .. samples/2.
class Periodogram {
 public:
  /// Samples in a record and the time between them. InputError for fewer than four, or a spacing that is not positive.
  Periodogram(std::int64_t samples, double spacing);

  [[nodiscard]] std::int64_t size() const { return m_samples / 2 + 1; }
  [[nodiscard]] double frequency(std::int64_t k) const { return static_cast<double>(k) * m_step; }

  /// Writes size() numbers. Allocates nothing.
  void apply(const double* record, double* power);

 private:
  struct Destroy {
    void operator()(fftw_plan_s* plan) const { fftw_destroy_plan(plan); }
    void operator()(void* memory) const { fftw_free(memory); }
  };

  std::int64_t m_samples;
  double m_step;
  std::vector<double> m_window;
  std::unique_ptr<double, Destroy> m_values;  ///< the record, and its transform in place
  std::unique_ptr<fftw_plan_s, Destroy> m_plan;
};

}  // namespace ister::core
