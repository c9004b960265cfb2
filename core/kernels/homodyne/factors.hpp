#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/kernels/homodyne/power_law.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// Which formulas: the model of Homodyne, or those of the first version of the method, which differ by
///     |g1|^2 = exp(-q^2 dt sum_{k=i+1..j} D(t_k)) sinc^4((q h/2 pi) cos(phi0 - phi) dt sum_{k=i+1..j} gamma(t_k)),
/// t_k = k dt; sigma = max(0.1 std, 1e-10) for each angle, over the whole array; sums over all entries of it.
enum class HomodyneFormulas { exact, version_1 };

struct HomodyneSetup {
  double q = 0.0;    ///< 1/Angstrom
  double gap = 0.0;  ///< Angstrom
  double dt = 0.0;   ///< seconds from frame to frame of the measurement
  /// Which frames of the measurement the data are, from 0 and ascending; empty: all of them. t_i = (frames[i] + 1) dt
  std::vector<std::int64_t> frames;
  std::vector<double> angles;  ///< phi, degrees
  bool diagonal = false;       ///< t1 = t2 takes part
  HomodyneFormulas formulas = HomodyneFormulas::exact;

  /// The number in the measurement of frame i of the data.
  [[nodiscard]] std::int64_t frame(std::int64_t i) const {
    return frames.empty() ? i : frames[static_cast<std::size_t>(i)];
  }
  /// t_i, seconds.
  [[nodiscard]] double time(std::int64_t i) const { return dt * static_cast<double>(frame(i) + 1); }
};

/// In this order: D0, alpha, D_offset of D(t) = max(D0 t^alpha + D_offset, 0) in Angstrom^2/s; g0, beta, g_offset of
/// gamma(t) = max(g0 t^beta + g_offset, 0) in 1/s; phi0 in degrees.
inline constexpr int homodyne_parameters = 7;
using HomodyneParameters = std::array<double, homodyne_parameters>;
inline constexpr std::array<const char*, homodyne_parameters> homodyne_names = {"D0",   "alpha",    "D_offset", "g0",
                                                                                "beta", "g_offset", "phi0"};

namespace detail {

/// Frames are taken in blocks, pairs of frames in tiles of two blocks: tile (I, J), I <= J, holds t1 in I and t2 in J.
inline constexpr int homodyne_block = 32;
inline constexpr int homodyne_tile = homodyne_block * homodyne_block;

struct HomodyneShape {
  std::int64_t frames, blocks;
  int angles;

  HomodyneShape(std::int64_t frames_, int angles_)
      : frames(frames_), blocks((frames_ + homodyne_block - 1) / homodyne_block), angles(angles_) {}
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t padded() const { return blocks * homodyne_block; }
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t tiles() const { return blocks * (blocks + 1) / 2; }
  /// Number of tile (I, J).
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t tile(std::int64_t i, std::int64_t j) const {
    return i * blocks - i * (i - 1) / 2 + (j - i);
  }
};

/// A quantity that grows from frame to frame, kept relative to places nearby so that differences keep their digits.
struct HomodyneGrowth {
  double* right;  ///< [frame] since the first frame of the frame's block
  double* left;   ///< [frame] from the frame to the first frame of the next block
  double* at;     ///< [block] from the first frame of all to the first of the block
};

/// Where the numbers of one model lie: S and G with their derivatives by amplitude, exponent and offset of the rate,
/// and the exponentials and sines of S and G relative to the same places.
struct HomodyneRecord {
  HomodyneShape shape;
  double* data;

  [[nodiscard]] static KOKKOS_FUNCTION std::int64_t size(const HomodyneShape& shape) {
    return 8 * growth_size(shape) + 2 * shape.padded() + shape.angles * angle_size(shape);
  }
  /// rate 0: D, 1: gamma; part 0: the integral, 1 to 3: its derivatives
  [[nodiscard]] KOKKOS_FUNCTION HomodyneGrowth growth(int rate, int part) const {
    double* start = data + (4 * rate + part) * growth_size(shape);
    return {start, start + shape.padded(), start + 2 * shape.padded()};
  }
  /// exp(-decay S.right), exp(-decay S.left)
  [[nodiscard]] KOKKOS_FUNCTION double* exp_right() const { return data + 8 * growth_size(shape); }
  [[nodiscard]] KOKKOS_FUNCTION double* exp_left() const { return exp_right() + shape.padded(); }
  struct Angle {
    double *sine_right, *cosine_right, *sine_left, *cosine_left;  ///< of rate G
    double* origin;  ///< rate in radians, and the values of model and contrast about which sums are taken
  };
  [[nodiscard]] KOKKOS_FUNCTION Angle angle(int a) const {
    double* start = exp_left() + shape.padded() + a * angle_size(shape);
    const std::int64_t n = shape.padded();
    return {start, start + n, start + 2 * n, start + 3 * n, start + 4 * n};
  }

 private:
  // multiples of 8 numbers: every array starts on a cache line
  static KOKKOS_FUNCTION std::int64_t growth_size(const HomodyneShape& shape) {
    return 2 * shape.padded() + (shape.blocks + 8) / 8 * 8;
  }
  static KOKKOS_FUNCTION std::int64_t angle_size(const HomodyneShape& shape) { return 4 * shape.padded() + 8; }
};

/// Computes the records of models, on the host.
class HomodyneFactors {
 public:
  static constexpr int samples = 32;  ///< pairs of frames from which origins for the sums are estimated

  /// `capacity`: models of a batch.
  HomodyneFactors(const HomodyneSetup& setup, const HomodyneShape& shape, std::int64_t capacity);

  [[nodiscard]] const HostArray& records() const { return m_records; }
  [[nodiscard]] HomodyneRecord record(std::int64_t model) const;
  /// Frames (i, j), i < j, of a sampled pair.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> sample(int s) const;

  /// Fills a record; `sampled`: [angle][sample], observed values less their mean.
  void fill(std::int64_t model, const HomodyneParameters& parameters, bool derivatives, const double* sampled);

  /// The argument of the exponential is -decay() (S_j - S_i), that of the sine rate(phi0, phi) (G_j - G_i), in radians.
  [[nodiscard]] double decay() const;
  [[nodiscard]] double rate(double phi0, double phi) const;
  [[nodiscard]] double rate_by_phi0(double phi0, double phi) const;

 private:
  void fill_steps(double* const steps[4], const PowerLaw& law, bool derivatives) const;
  void find_origin(const HomodyneRecord& record, int angle, const double* sampled) const;

  HomodyneSetup m_setup;
  HomodyneShape m_shape;
  HostArray m_records;
  /// Of the intervals from frame to frame: length, and the time at which they start or, in version 1, end.
  std::vector<double> m_lengths, m_times, m_log_times, m_log_ratios;
  std::vector<double> m_steps;  ///< scratch
};

}  // namespace detail
}  // namespace ister::core
