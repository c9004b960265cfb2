#pragma once
#include <algorithm>
#include <cstdint>

#include "core/base/inline.hpp"
#include "core/kernels/sound/wave_table.hpp"

namespace ister::core {

enum class Interpolation {
  linear,
  cubic,  ///< Lagrange's through four samples
};

/// Between x[0] and x[1], for a fraction in [0, 1).
struct LinearInterpolation {
  static ISTER_FUNCTION double at(const double* x, double f) { return x[0] + f * (x[1] - x[0]); }
};
/// The same, by the cubic through x[-1] ... x[2].
struct CubicInterpolation {
  static ISTER_FUNCTION double at(const double* x, double f) {
    const double c1 = x[1] - x[-1] * (1.0 / 3) - 0.5 * x[0] - x[2] * (1.0 / 6);
    const double c2 = 0.5 * (x[-1] + x[1]) - x[0];
    const double c3 = (x[2] - x[-1]) * (1.0 / 6) + 0.5 * (x[0] - x[1]);
    return x[0] + f * (c1 + f * (c2 + f * c3));
  }
};

/// Reads a table at equally spaced fractional positions. Positions are whole numbers of 2^-32 samples: they do not
/// drift, however long, and do not depend on how the output is cut into blocks.
class Sampler {
 public:
  /// Silent.
  Sampler() = default;

  /// Plays a table, which must outlive this, from a position in samples. InputError for a position outside the table,
  /// and as set_rate.
  void start(const WaveTable& table, double position, double rate) {
    start(table.signal(), table.end(), table.loop_length(), position, rate);
  }
  /// Table samples per output sample. InputError for one that is negative, not finite or beyond the length of the loop.
  void set_rate(double rate);
  void set_interpolation(Interpolation interpolation) { m_interpolation = interpolation; }

  /// In samples of the table's signal; grows up to its end, and jumps back there by the length of the loop.
  [[nodiscard]] double position() const { return static_cast<double>(m_position) * 0x1p-32; }

  /// The next `count` samples, `stride` apart.
  void read(std::int64_t count, double* samples, std::int64_t stride) {
    if (m_interpolation == Interpolation::linear)
      read_with<LinearInterpolation>(count, samples, stride);
    else
      read_with<CubicInterpolation>(count, samples, stride);
  }

  /// The sample that comes after so many others.
  [[nodiscard]] ISTER_FUNCTION double at(std::int64_t samples) const {
    const std::int64_t position = position_after(samples);
    if (position >= m_end) return 0.0;
    const double* x = m_signal + (position >> 32);
    const double fraction = static_cast<double>(position & 0xffffffff) * 0x1p-32;
    return m_interpolation == Interpolation::linear ? LinearInterpolation::at(x, fraction)
                                                    : CubicInterpolation::at(x, fraction);
  }
  /// Goes past the next samples without reading them.
  void skip(std::int64_t samples) { m_position = position_after(samples); }

 private:
  void start(const double* signal, std::int64_t end, std::int64_t loop_length, double position, double rate);

  ISTER_FUNCTION std::int64_t position_after(std::int64_t samples) const {
    const double way = static_cast<double>(samples) * static_cast<double>(m_increment);
    if (m_loop == 0) {  // at the end at the latest
      if (way >= 0x1p62) return m_end;
      const std::int64_t position = m_position + samples * m_increment;
      return position < m_end ? position : m_end;
    }
    // Rounding may miss the number of jumps by one. The way itself may be too long for an integer, but not what is left
    // of it after the jumps, which unsigned integers give exactly.
    const auto beyond = way - static_cast<double>(m_end - m_position);
    const auto jumps = beyond < 0 ? 0 : static_cast<std::uint64_t>(beyond / static_cast<double>(m_loop)) + 1;
    const auto position =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(m_position) +
                                  static_cast<std::uint64_t>(samples) * static_cast<std::uint64_t>(m_increment) -
                                  jumps * static_cast<std::uint64_t>(m_loop));
    if (position >= m_end) return position - m_loop;
    return jumps > 0 && position < m_end - m_loop ? position + m_loop : position;
  }

  template <class Kind>
  void read_with(std::int64_t count, double* samples, std::int64_t stride) {
    std::int64_t done = 0;
    while (done < count && m_position < m_end) {
      // No end of the table in here, so that the samples do not wait for each other.
      const std::int64_t reach = m_increment > 0 ? (m_end - m_position + m_increment - 1) / m_increment : count;
      const std::int64_t run = std::min(count - done, reach);
      for (std::int64_t t = 0; t < run; ++t) {
        const std::int64_t position = m_position + t * m_increment;
        const double fraction = static_cast<double>(position & 0xffffffff) * 0x1p-32;
        samples[(done + t) * stride] = Kind::at(m_signal + (position >> 32), fraction);
      }
      m_position += run * m_increment;
      if (m_position >= m_end) m_position -= m_loop;
      done += run;
    }
    for (; done < count; ++done) samples[done * stride] = 0.0;
  }

  const double* m_signal = nullptr;
  std::int64_t m_position = 0, m_increment = 0;
  std::int64_t m_end = 0, m_loop = 0;  ///< where the signal ends, and how far playing jumps back there
  Interpolation m_interpolation = Interpolation::cubic;
};

}  // namespace ister::core
