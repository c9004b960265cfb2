#pragma once
#include <fftw3.h>
#include <mpi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ister::core {

/// The least multiple of `step` from `points` on without prime factors above 7: a length that FFTW transforms fast.
std::int64_t fast_length(std::int64_t points, std::int64_t step = 1);

/// Length of the transforms that a line of `points` is treated with. On a processor a line whose length has a prime
/// factor above 13, for which FFTW is slow, is padded with zeros to the next fast length from 2 points - 1 on, where
/// the operator is the same convolution.
int transform_length(int points);

/// What a line is multiplied by between a forward and a backward transform. The 1/n of the pair of transforms is part
/// of it.
struct LineSymbol {
  bool imaginary = false;      ///< multiply by i * factor instead of factor
  std::vector<double> factor;  ///< n = transform_length(points) values in FFTW's order of wavenumbers
};

/// Takes the symbol of a periodic line of symbol.factor.size() points to transform_length of that.
LineSymbol fit_transform_length(LineSymbol symbol);

/// d/dx on a line of `points` and physical `length`; zero at the Nyquist mode of even sizes.
LineSymbol derivative_symbol(int points, double length);

/// A function of |k| / k_Nyquist, k_Nyquist = pi / spacing.
template <class Function>
LineSymbol filter_symbol(int points, const Function& response) {
  LineSymbol symbol;
  for (int i = 0; i < points; ++i) {
    const int k = i <= points / 2 ? i : points - i;
    symbol.factor.push_back(response(2.0 * k / points) / points);
  }
  return fit_transform_length(std::move(symbol));
}

/// Floating-point operations of an operator on a real line, by FFTW's convention of 5/2 n log2 n a transform.
double line_flops(int points);

struct PlanDeleter {
  void operator()(fftw_plan plan) const { fftw_destroy_plan(plan); }
};
using Plan = std::unique_ptr<std::remove_pointer_t<fftw_plan>, PlanDeleter>;

/// While it lives, plans are for one thread: lines are transformed inside of threads, each by one.
class SerialPlanning {
 public:
  SerialPlanning() : m_threads(fftw_planner_nthreads()) { fftw_plan_with_nthreads(1); }
  ~SerialPlanning() { fftw_plan_with_nthreads(m_threads); }
  SerialPlanning(const SerialPlanning&) = delete;
  SerialPlanning& operator=(const SerialPlanning&) = delete;

 private:
  int m_threads;
};

/// What transforms have cost so far: plans made, operators applied along one direction of one field, bytes sent by this
/// rank to others. Plans are made in constructors only, so the first number stays while the others grow.
struct TransformStatistics {
  std::int64_t plans = 0, applied = 0, bytes_sent = 0;
};

/// Real columns side by side in memory are complex columns, two by two: a complex transform, a multiplication by a
/// real-to-real operator's symbol (i k, or a real even factor) and the transform back treat both at once, without
/// separating them. One block of columns is transformed in a work array that stays in cache.
class ColumnTransform {
 public:
  /// Columns of `points` values, `width` (even) of them side by side, rows `in_stride` and `out_stride` doubles
  /// apart. Planning overwrites `in`, `out` (each points x stride, 64-byte aligned) and `work` (transform_length x
  /// width).
  ColumnTransform(int points, int width, std::ptrdiff_t in_stride, std::ptrdiff_t out_stride, double* in, double* out,
                  double* work);

  /// out may be in. All arrays 64-byte aligned; thread-safe with one `work` per thread. Meanwhile the columns to the
  /// right of these are fetched, since they tend to be next.
  void apply(const LineSymbol& symbol, const double* in, double* out, double* work) const;

 private:
  [[nodiscard]] bool padded_line() const { return m_length != m_points; }

  int m_points, m_length, m_width;
  std::ptrdiff_t m_in_stride, m_out_stride;
  Plan m_forward, m_backward;
};

/// The same for two rows of contiguous points: one row is the real, the other the imaginary part of a complex line.
class RowPairTransform {
 public:
  /// The rows of a pair lie `in_separation` and `out_separation` doubles apart. Planning overwrites all arrays.
  RowPairTransform(int points, std::ptrdiff_t in_separation, std::ptrdiff_t out_separation, double* in, double* out,
                   double* work);

  /// Transforms `rows` rows, 2 or 1: a single one travels with a row of zeros through copies. Otherwise as in
  /// ColumnTransform.
  void apply(const LineSymbol& symbol, const double* in, int rows, double* out, double* work) const;

  /// Doubles of `work` for rows `separation` apart, both in and out.
  static std::int64_t work_size(int points, std::int64_t separation);

 private:
  void apply_to_pair(const LineSymbol& symbol, const double* in, double* out, double* work) const;
  [[nodiscard]] bool padded_line() const { return m_length != m_points; }

  int m_points, m_length;
  std::ptrdiff_t m_in_separation, m_out_separation, m_work_separation;
  Plan m_forward, m_backward;
};

/// Calls `make_plans` on every rank such that all ranks end up with the same plans: rank 0 measures, the others use
/// its wisdom. Bitwise reproducible restarts import the wisdom kept with the run first.
void plan_alike(MPI_Comm comm, const std::function<void()>& make_plans);

/// Everything FFTW has learnt, as text, and back. A text that is not wisdom is an error (exit 3).
std::string export_wisdom();
void import_wisdom(const std::string& text);

}  // namespace ister::core
