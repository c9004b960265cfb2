#include "core/spectral/fft3d.hpp"

#include <fftw3-mpi.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

fftw_complex* as_fftw(Fft3d::Complex* values) { return reinterpret_cast<fftw_complex*>(values); }

int overlap(const Range& a, const Range& b) {
  return static_cast<int>(std::max<std::int64_t>(0, std::min(a.end, b.end) - std::max(a.begin, b.begin)));
}

}  // namespace

Fft3d::Fft3d(MPI_Comm comm, const Decomposition& decomposition) : m_comm(comm), m_decomposition(decomposition) {
  const Grid& grid = decomposition.grid();
  const std::int64_t row = grid.total_points() / grid.points[decomposition.slab_direction()];
  ISTER_REQUIRE(row <= INT32_MAX);
  MPI_Type_contiguous(static_cast<int>(row), MPI_DOUBLE, &m_row);
  MPI_Type_commit(&m_row);
  if (grid.dimensions == 1) {
    plan_line();
  } else {
    plan_slabs();
  }
}

Fft3d::~Fft3d() { MPI_Type_free(&m_row); }

/// FFTW has no 1-D real transform over ranks: every rank gathers the line and keeps its share of the modes.
void Fft3d::plan_line() {
  const int points = grid().points[0], modes = points / 2 + 1, ranks = m_decomposition.ranks();
  for (int r = 0; r < ranks; ++r) {
    const Range ours = split_range(points, ranks, r), theirs = split_range(modes, ranks, r);
    m_theirs.count.push_back(static_cast<int>(ours.size()));
    m_theirs.offset.push_back(static_cast<int>(ours.begin));
    m_modes.count.push_back(static_cast<int>(theirs.size()));
    m_modes.offset.push_back(static_cast<int>(theirs.begin));
  }
  const Range mine = split_range(modes, ranks, m_decomposition.rank());
  m_axes[0] = {mine.begin, mine.end, 1};
  m_spectrum_size = mine.size();
  m_buffer.reset(fftw_alloc_real(2 * static_cast<std::size_t>(modes)));
  m_forward.reset(fftw_plan_dft_r2c_1d(points, m_buffer.get(), as_fftw(coefficients()), FFTW_ESTIMATE));
  m_backward.reset(fftw_plan_dft_c2r_1d(points, as_fftw(coefficients()), m_buffer.get(), FFTW_ESTIMATE));
}

/// FFTW deals equal blocks of rows, which leaves fewer or none to the last ranks; ours differ by at most one. The
/// spectrum stays transposed: slabs along the second slowest direction, which comes first.
void Fft3d::plan_slabs() {
  const int dimensions = grid().dimensions, ranks = m_decomposition.ranks(), rank = m_decomposition.rank();
  const int slab_direction = m_decomposition.slab_direction();
  const std::ptrdiff_t x_modes = grid().points[0] / 2 + 1;
  std::vector<std::ptrdiff_t> shape(grid().points.begin(), grid().points.begin() + dimensions);
  std::reverse(shape.begin(), shape.end());
  std::vector<std::ptrdiff_t> modes = shape;
  modes.back() = x_modes;

  std::ptrdiff_t count = 0, start = 0, transposed_count = 0, transposed_start = 0;
  const std::ptrdiff_t allocation = fftw_mpi_local_size_transposed(dimensions, modes.data(), m_comm, &count, &start,
                                                                   &transposed_count, &transposed_start);
  m_buffer.reset(fftw_alloc_real(2 * static_cast<std::size_t>(std::max<std::ptrdiff_t>(allocation, 1))));
  m_forward.reset(fftw_mpi_plan_dft_r2c(dimensions, shape.data(), m_buffer.get(), as_fftw(coefficients()), m_comm,
                                        FFTW_ESTIMATE | FFTW_MPI_TRANSPOSED_OUT));
  m_backward.reset(fftw_mpi_plan_dft_c2r(dimensions, shape.data(), as_fftw(coefficients()), m_buffer.get(), m_comm,
                                         FFTW_ESTIMATE | FFTW_MPI_TRANSPOSED_IN));
  ISTER_REQUIRE(m_forward && m_backward);

  const Axis transposed{transposed_start, transposed_start + transposed_count, 0};
  if (dimensions == 2) {
    m_axes[0] = transposed;
    m_axes[0].stride = shape[0];
    m_axes[1] = {0, shape[0], 1};
  } else {
    m_axes[0] = {0, x_modes, 1};
    m_axes[1] = transposed;
    m_axes[1].stride = shape[0] * x_modes;
    m_axes[2] = {0, shape[0], x_modes};
  }
  m_spectrum_size = 1;
  for (const Axis& axis : m_axes) m_spectrum_size *= axis.end - axis.begin;

  std::vector<Range> slabs(ranks);
  const Range slab{start, start + count};
  MPI_Allgather(&slab, sizeof slab, MPI_BYTE, slabs.data(), sizeof slab, MPI_BYTE, m_comm);
  const Range ours = split_range(grid().points[slab_direction], ranks, rank);
  const auto fill = [&](Rows& rows, const Range& mine, const auto& range_of) {
    int offset = 0;
    for (int r = 0; r < ranks; ++r) {
      rows.count.push_back(overlap(mine, range_of(r)));
      rows.offset.push_back(offset);
      offset += rows.count.back();
    }
  };
  fill(m_ours, ours, [&](int r) { return slabs[r]; });
  fill(m_theirs, slab, [&](int r) { return split_range(grid().points[slab_direction], ranks, r); });
  m_lines = dimensions == 2 ? count : count * grid().points[1];
  m_slab.resize(static_cast<std::size_t>(m_lines * grid().points[0]));
}

void Fft3d::set_number(FourierMode& mode, int d, std::int64_t i) const {
  const int n = grid().points[d];
  const int number = static_cast<int>(d > 0 && 2 * i > n ? i - n : i);
  const double k = d < grid().dimensions ? 2.0 * M_PI * number / (grid().upper[d] - grid().lower[d]) : 0.0;
  mode.number[d] = number;
  (d == 0 ? mode.k.x : d == 1 ? mode.k.y : mode.k.z) = k;
  if (d == 0) mode.weight = i > 0 && 2 * i < n ? 2.0 : 1.0;
}

void Fft3d::exchange(const double* from, const Rows& send, double* to, const Rows& receive) const {
  MPI_Alltoallv(from, send.count.data(), send.offset.data(), m_row, to, receive.count.data(), receive.offset.data(),
                m_row, m_comm);
}

void Fft3d::forward(const double* block, Complex* spectrum) {
  const std::int64_t nx = grid().points[0], padded = 2 * (nx / 2 + 1);
  const Complex* mine = coefficients();
  if (grid().dimensions == 1) {
    const int rank = m_decomposition.rank();
    MPI_Allgatherv(block, m_theirs.count[rank], MPI_DOUBLE, m_buffer.get(), m_theirs.count.data(),
                   m_theirs.offset.data(), MPI_DOUBLE, m_comm);
    mine += m_modes.offset[rank];
  } else {
    exchange(block, m_ours, m_slab.data(), m_theirs);
    for (std::int64_t l = 0; l < m_lines; ++l) std::copy_n(&m_slab[l * nx], nx, m_buffer.get() + l * padded);
  }
  fftw_execute(m_forward.get());
  const double normalisation = 1.0 / static_cast<double>(grid().total_points());
  std::transform(mine, mine + m_spectrum_size, spectrum, [=](Complex c) { return normalisation * c; });
}

void Fft3d::backward(const Complex* spectrum, double* block) {
  const std::int64_t nx = grid().points[0], padded = 2 * (nx / 2 + 1);
  if (grid().dimensions == 1) {
    const int rank = m_decomposition.rank();
    MPI_Allgatherv(spectrum, m_modes.count[rank], MPI_CXX_DOUBLE_COMPLEX, coefficients(), m_modes.count.data(),
                   m_modes.offset.data(), MPI_CXX_DOUBLE_COMPLEX, m_comm);
    fftw_execute(m_backward.get());
    std::copy_n(m_buffer.get() + m_theirs.offset[rank], m_theirs.count[rank], block);
    return;
  }
  std::copy_n(spectrum, m_spectrum_size, coefficients());
  fftw_execute(m_backward.get());
  for (std::int64_t l = 0; l < m_lines; ++l) std::copy_n(m_buffer.get() + l * padded, nx, &m_slab[l * nx]);
  exchange(m_slab.data(), m_theirs, block, m_ours);
}

}  // namespace ister::core
