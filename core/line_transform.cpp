#include "core/line_transform.hpp"

#include <cmath>
#include <cstdlib>

#include "core/error.hpp"
#include "core/field_bundle.hpp"
#include "core/stream.hpp"

namespace ister::core {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr unsigned planning = FFTW_MEASURE | FFTW_PRESERVE_INPUT;

fftw_complex* as_complex(double* p) { return reinterpret_cast<fftw_complex*>(p); }
// FFTW's interface is not const-correct; out-of-place plans made with FFTW_PRESERVE_INPUT do not write their input.
double* writable(const double* p) { return const_cast<double*>(p); }

Plan checked(fftw_plan plan) {
  ISTER_REQUIRE(plan != nullptr);
  return Plan(plan);
}

void multiply_columns(const LineSymbol& symbol, double* values, int points, int width, const double* next,
                      std::ptrdiff_t next_stride) {
  for (int i = 0; i < points; ++i) {
    prefetch(next + i * next_stride, width);
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

}  // namespace

LineSymbol derivative_symbol(int points, double length) {
  LineSymbol symbol;
  symbol.imaginary = true;
  for (int i = 0; i < points; ++i) {
    const int k = 2 * i < points ? i : (2 * i == points ? 0 : i - points);
    symbol.factor.push_back(2.0 * pi / length * k / points);
  }
  return symbol;
}

double line_flops(int points) { return 5.0 * points * std::log2(points); }

ColumnTransform::ColumnTransform(int points, int width, std::ptrdiff_t in_stride, std::ptrdiff_t out_stride, double* in,
                                 double* out, double* work)
    : m_points(points), m_width(width), m_in_stride(in_stride) {
  const int columns = width / 2, in_rows = static_cast<int>(in_stride / 2), out_rows = static_cast<int>(out_stride / 2);
  m_forward = checked(fftw_plan_many_dft(1, &points, columns, as_complex(in), nullptr, in_rows, 1, as_complex(work),
                                         nullptr, columns, 1, FFTW_FORWARD, planning));
  m_backward = checked(fftw_plan_many_dft(1, &points, columns, as_complex(work), nullptr, columns, 1, as_complex(out),
                                          nullptr, out_rows, 1, FFTW_BACKWARD, FFTW_MEASURE));
}

void ColumnTransform::apply(const LineSymbol& symbol, const double* in, double* out, double* work) const {
  fftw_execute_dft(m_forward.get(), as_complex(writable(in)), as_complex(work));
  multiply_columns(symbol, work, m_points, m_width, in + m_width, m_in_stride);
  fftw_execute_dft(m_backward.get(), as_complex(work), as_complex(out));
}

RowPairTransform::RowPairTransform(int points, std::ptrdiff_t in_separation, std::ptrdiff_t out_separation, double* in,
                                   double* out, double* work)
    : m_points(points),
      m_in_separation(in_separation),
      m_out_separation(out_separation),
      m_work_separation(padded(points)) {
  const fftw_iodim line{points, 1, 1};
  m_forward = checked(
      fftw_plan_guru_split_dft(1, &line, 0, nullptr, in, in + in_separation, work, work + m_work_separation, planning));
  // The backward transform is the forward one with real and imaginary parts exchanged.
  m_backward = checked(fftw_plan_guru_split_dft(1, &line, 0, nullptr, work + m_work_separation, work,
                                                out + out_separation, out, FFTW_MEASURE));
}

void RowPairTransform::apply(const LineSymbol& symbol, const double* in, double* out, double* work) const {
  double *re = work, *im = work + m_work_separation;
  double* source = writable(in);
  fftw_execute_split_dft(m_forward.get(), source, source + m_in_separation, re, im);
  const double* factor = symbol.factor.data();
  if (symbol.imaginary) {
#pragma omp simd
    for (int i = 0; i < m_points; ++i) {
      const double r = re[i];
      re[i] = -factor[i] * im[i];
      im[i] = factor[i] * r;
    }
  } else {
#pragma omp simd
    for (int i = 0; i < m_points; ++i) {
      re[i] *= factor[i];
      im[i] *= factor[i];
    }
  }
  fftw_execute_split_dft(m_backward.get(), im, re, out + m_out_separation, out);
}

void plan_alike(MPI_Comm comm, const std::function<void()>& make_plans) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  std::string wisdom;
  // Lines are transformed inside of threads, each by one.
  const int threads = fftw_planner_nthreads();
  fftw_plan_with_nthreads(1);
  if (rank == 0) {
    make_plans();
    wisdom = export_wisdom();
  }
  int length = static_cast<int>(wisdom.size());
  MPI_Bcast(&length, 1, MPI_INT, 0, comm);
  wisdom.resize(static_cast<std::size_t>(length));
  MPI_Bcast(wisdom.data(), length, MPI_CHAR, 0, comm);
  if (rank != 0) {
    import_wisdom(wisdom);
    make_plans();
  }
  fftw_plan_with_nthreads(threads);
}

std::string export_wisdom() {
  char* text = fftw_export_wisdom_to_string();
  const std::string wisdom = text == nullptr ? "" : text;
  std::free(text);
  return wisdom;
}

void import_wisdom(const std::string& text) {
  if (!text.empty() && fftw_import_wisdom_from_string(text.c_str()) == 0)
    throw FileError("the FFTW wisdom kept with the run cannot be read (another version of FFTW?)");
}

}  // namespace ister::core
