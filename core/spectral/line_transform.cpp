#include "core/spectral/line_transform.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/error.hpp"
#include "core/grid/field_bundle.hpp"
#include "core/parallel/collective.hpp"
#include "core/parallel/stream.hpp"
#include "core/spectral/wisdom.hpp"

namespace ister::core {
namespace {

constexpr double pi = 3.14159265358979323846;

fftw_complex* as_complex(double* p) { return reinterpret_cast<fftw_complex*>(p); }
// FFTW's interface is not const-correct; out-of-place plans made with FFTW_PRESERVE_INPUT do not write their input.
double* writable(const double* p) { return const_cast<double*>(p); }

Plan checked(fftw_plan plan) {
  ISTER_REQUIRE(plan != nullptr);
  return Plan(plan);
}

/// `rows` of what comes next are fetched meanwhile.
void multiply_columns(const LineSymbol& symbol, double* values, int width, const double* next,
                      std::ptrdiff_t next_stride, int rows) {
  const int length = static_cast<int>(symbol.factor.size());
  for (int i = 0; i < length; ++i) {
    if (i < rows) prefetch(next + i * next_stride, width);
    const double f = symbol.factor[i];
    double* row = values + static_cast<std::ptrdiff_t>(i) * width;
    if (symbol.imaginary) {
#pragma omp simd
      for (int c = 0; c < width; c += 2) {
        const double re = row[c], im = row[c + 1];
        row[c] = -f * im;
        row[c + 1] = f * re;
      }
    } else {
#pragma omp simd
      for (int c = 0; c < width; ++c) row[c] *= f;
    }
  }
}

void multiply_split(const LineSymbol& symbol, double* re, double* im) {
  const int length = static_cast<int>(symbol.factor.size());
  const double* factor = symbol.factor.data();
  if (symbol.imaginary) {
#pragma omp simd
    for (int i = 0; i < length; ++i) {
      const double r = re[i];
      re[i] = -factor[i] * im[i];
      im[i] = factor[i] * r;
    }
  } else {
#pragma omp simd
    for (int i = 0; i < length; ++i) {
      re[i] *= factor[i];
      im[i] *= factor[i];
    }
  }
}

/// What is left of n without its factors up to `largest`.
std::int64_t without_factors_up_to(int largest, std::int64_t n) {
  for (int f = 2; f <= largest; ++f)
    while (n % f == 0) n /= f;
  return n;
}

}  // namespace

std::int64_t fast_length(std::int64_t points, std::int64_t step) {
  std::int64_t length = (points + step - 1) / step * step;
  while (without_factors_up_to(7, length) > 1) length += step;
  return length;
}

int transform_length(int points) {
  if (!on_host || without_factors_up_to(13, points) == 1) return points;
  return static_cast<int>(fast_length(2 * points - 1));
}

// On the longer line the operator is a convolution with the same weights, which are odd (i factor) or even in the lag.
LineSymbol fit_transform_length(LineSymbol symbol) {
  const auto points = static_cast<std::int64_t>(symbol.factor.size());
  const std::int64_t length = transform_length(static_cast<int>(points));
  if (length == points) return symbol;
  const auto table = [&](std::int64_t n) {
    std::vector<long double> values;
    for (std::int64_t m = 0; m < n; ++m) {
      const long double phase = 2.0L * std::acos(-1.0L) * static_cast<long double>(m) / static_cast<long double>(n);
      values.push_back(symbol.imaginary ? -std::sin(phase) : std::cos(phase));
    }
    return values;
  };
  const std::vector<long double> short_wave = table(points), long_wave = table(length);
  std::vector<long double> weight(symbol.factor.size(), 0.0L);
  for (std::int64_t lag = 0; lag < points; ++lag)
    for (std::int64_t k = 0; k < points; ++k) weight[lag] += symbol.factor[k] * short_wave[k * lag % points];
  symbol.factor.clear();
  for (std::int64_t k = 0; k < length; ++k) {
    long double sum = symbol.imaginary ? 0.0L : weight[0];
    for (std::int64_t lag = 1; lag < points; ++lag) sum += 2.0L * weight[lag] * long_wave[k * lag % length];
    symbol.factor.push_back(static_cast<double>(sum / static_cast<long double>(length)));
  }
  return symbol;
}

LineSymbol derivative_symbol(int points, double length) {
  LineSymbol symbol;
  symbol.imaginary = true;
  for (int i = 0; i < points; ++i) {
    const int k = 2 * i < points ? i : (2 * i == points ? 0 : i - points);
    symbol.factor.push_back(2.0 * pi / length * k / points);
  }
  return fit_transform_length(std::move(symbol));
}

double line_flops(int points) { return 5.0 * points * std::log2(points); }

ColumnTransform::ColumnTransform(int points, int width, std::ptrdiff_t in_stride, std::ptrdiff_t out_stride, double* in,
                                 double* out, double* work)
    : m_points(points),
      m_length(transform_length(points)),
      m_width(width),
      m_in_stride(in_stride),
      m_out_stride(out_stride) {
  const bool copied = padded_line();
  const auto plan = [&](double* from, std::ptrdiff_t from_stride, double* to, std::ptrdiff_t to_stride, int sign,
                        unsigned flags) {
    return checked(fftw_plan_many_dft(1, &m_length, width / 2, as_complex(from), nullptr,
                                      static_cast<int>(from_stride / 2), 1, as_complex(to), nullptr,
                                      static_cast<int>(to_stride / 2), 1, sign, flags));
  };
  m_forward = plan(copied ? work : in, copied ? width : in_stride, work, width, FFTW_FORWARD,
                   copied ? FFTW_MEASURE : FFTW_MEASURE | FFTW_PRESERVE_INPUT);
  m_backward = plan(work, width, copied ? work : out, copied ? width : out_stride, FFTW_BACKWARD, FFTW_MEASURE);
}

void ColumnTransform::apply(const LineSymbol& symbol, const double* in, double* out, double* work) const {
  const bool copied = padded_line();
  if (copied) {
    for (int i = 0; i < m_points; ++i) std::copy_n(in + i * m_in_stride, m_width, work + i * m_width);
    std::fill(work + m_points * m_width, work + m_length * m_width, 0.0);
  }
  fftw_execute_dft(m_forward.get(), as_complex(copied ? work : writable(in)), as_complex(work));
  multiply_columns(symbol, work, m_width, in + m_width, m_in_stride, m_points);
  fftw_execute_dft(m_backward.get(), as_complex(work), as_complex(copied ? work : out));
  if (copied)
    for (int i = 0; i < m_points; ++i) std::copy_n(work + i * m_width, m_width, out + i * m_out_stride);
}

RowPairTransform::RowPairTransform(int points, std::ptrdiff_t in_separation, std::ptrdiff_t out_separation, double* in,
                                   double* out, double* work)
    : m_points(points),
      m_length(transform_length(points)),
      m_in_separation(in_separation),
      m_out_separation(out_separation),
      m_work_separation(padded(m_length)) {
  const bool copied = padded_line();
  double *re = work, *im = work + m_work_separation;
  const fftw_iodim line{m_length, 1, 1};
  m_forward = checked(fftw_plan_guru_split_dft(1, &line, 0, nullptr, copied ? re : in, copied ? im : in + in_separation,
                                               re, im, copied ? FFTW_MEASURE : FFTW_MEASURE | FFTW_PRESERVE_INPUT));
  // The backward transform is the forward one with real and imaginary parts exchanged.
  m_backward = checked(fftw_plan_guru_split_dft(1, &line, 0, nullptr, im, re, copied ? im : out + out_separation,
                                                copied ? re : out, FFTW_MEASURE));
}

std::int64_t RowPairTransform::work_size(int points, std::int64_t separation) {
  return 2 * (separation + padded(transform_length(points)));
}

void RowPairTransform::apply(const LineSymbol& symbol, const double* in, int rows, double* out, double* work) const {
  if (rows == 2) return apply_to_pair(symbol, in, out, work);
  double* pair = work;
  std::copy_n(in, m_points, pair);
  std::fill_n(pair + m_in_separation, m_points, 0.0);
  apply_to_pair(symbol, pair, pair, work + 2 * m_in_separation);
  std::copy_n(pair, m_points, out);
}

void RowPairTransform::apply_to_pair(const LineSymbol& symbol, const double* in, double* out, double* work) const {
  double *re = work, *im = work + m_work_separation, *source = writable(in);
  const bool copied = padded_line();
  if (copied)
    for (double* part : {re, im}) {
      std::copy_n(part == re ? in : in + m_in_separation, m_points, part);
      std::fill(part + m_points, part + m_length, 0.0);
    }
  fftw_execute_split_dft(m_forward.get(), copied ? re : source, copied ? im : source + m_in_separation, re, im);
  multiply_split(symbol, re, im);
  fftw_execute_split_dft(m_backward.get(), im, re, copied ? im : out + m_out_separation, copied ? re : out);
  if (copied) {
    std::copy_n(re, m_points, out);
    std::copy_n(im, m_points, out + m_out_separation);
  }
}

void plan_alike(MPI_Comm comm, const std::function<void()>& make_plans) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  std::string wisdom;
  const SerialPlanning serial;
  if (rank == 0) {
    make_plans();
    wisdom = export_wisdom();
  }
  wisdom = broadcast_text(comm, std::move(wisdom));
  if (rank != 0) {
    prefer_wisdom(wisdom);
    make_plans();
  }
}

std::string export_wisdom() {
  char* text = fftw_export_wisdom_to_string();
  const std::string wisdom = text == nullptr ? "" : text;
  std::free(text);
  return wisdom;
}

void import_wisdom(const std::string& text) {
  if (!text.empty() && fftw_import_wisdom_from_string(text.c_str()) == 0)
    throw FileError("FFTW's wisdom cannot be read (another version of FFTW?)");
}

}  // namespace ister::core
