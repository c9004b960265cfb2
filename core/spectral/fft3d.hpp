#pragma once
#include <mpi.h>

#include <array>
#include <complex>
#include <cstdint>
#include <vector>

#include "core/base/tensor.hpp"
#include "core/grid/decomposition.hpp"
#include "core/spectral/line_transform.hpp"

namespace ister::core {

/// One coefficient of a real field's Fourier series f = sum f_k exp(i k.(x - lower)).
struct FourierMode {
  std::array<int, 3> number{};  ///< signed whole periods; along x never negative
  Vec3 k;                       ///< 2 pi number/length
  double weight = 1;            ///< 2 where -k is not stored but implied by f_-k = conj(f_k), else 1
};

/// Real-to-complex transform of a decomposed grid in 1, 2 or 3 dimensions by FFTW's MPI transforms, for fields as a
/// whole: spectra, random fields. (Derivatives and filters act line by line, see line_transform.hpp.) Any number of
/// ranks and points; ranks may own nothing. Plans are FFTW_ESTIMATE's, so results are reproducible bit by bit.
class Fft3d {
 public:
  using Complex = std::complex<double>;

  /// Collective, as are the transforms.
  Fft3d(MPI_Comm comm, const Decomposition& decomposition);
  ~Fft3d();
  Fft3d(const Fft3d&) = delete;
  Fft3d& operator=(const Fft3d&) = delete;

  /// Coefficients that this rank stores; which ones, for_each_mode says.
  [[nodiscard]] std::int64_t spectrum_size() const { return m_spectrum_size; }

  /// f_k = (1/N) sum f exp(-i k.(x - lower)); `block` is this rank's (z, y, x) block.
  void forward(const double* block, Complex* spectrum);

  /// The field of a spectrum. Coefficients on the planes of weight 1 must obey f_-k = conj(f_k).
  void backward(const Complex* spectrum, double* block);

  /// f(mode, position in the spectrum) for each coefficient that this rank stores.
  template <class Function>
  void for_each_mode(Function&& f) const {
    FourierMode mode;
    for (std::int64_t z = m_axes[2].begin; z < m_axes[2].end; ++z) {
      set_number(mode, 2, z);
      for (std::int64_t y = m_axes[1].begin; y < m_axes[1].end; ++y) {
        set_number(mode, 1, y);
        for (std::int64_t x = m_axes[0].begin; x < m_axes[0].end; ++x) {
          set_number(mode, 0, x);
          f(static_cast<const FourierMode&>(mode), m_axes[0].at(x) + m_axes[1].at(y) + m_axes[2].at(z));
        }
      }
    }
  }

  [[nodiscard]] const Grid& grid() const { return m_decomposition.grid(); }
  [[nodiscard]] MPI_Comm comm() const { return m_comm; }

 private:
  /// The stored modes along a direction and where they lie.
  struct Axis {
    std::int64_t begin = 0, end = 1, stride = 0;
    [[nodiscard]] std::int64_t at(std::int64_t i) const { return (i - begin) * stride; }
  };
  /// Rows exchanged with every rank.
  struct Rows {
    std::vector<int> count, offset;
  };
  struct FreeBuffer {
    void operator()(double* buffer) const { fftw_free(buffer); }
  };

  void plan_line();
  void plan_slabs();
  void set_number(FourierMode& mode, int d, std::int64_t i) const;
  /// Between this rank's slab (ours) and FFTW's.
  void exchange(const double* from, const Rows& send, double* to, const Rows& receive) const;
  [[nodiscard]] Complex* coefficients() const { return reinterpret_cast<Complex*>(m_buffer.get()); }

  MPI_Comm m_comm;
  Decomposition m_decomposition;
  std::array<Axis, 3> m_axes;
  std::int64_t m_spectrum_size = 0;
  std::int64_t m_lines = 0;                      ///< lines along x in FFTW's slab
  MPI_Datatype m_row;                            ///< what one index of the slab direction holds
  Rows m_ours, m_theirs;                         ///< rows of our slab by FFTW's owner, rows of FFTW's slab by ours
  Rows m_modes;                                  ///< 1-D only: the coefficients by owner
  std::vector<double> m_slab;                    ///< FFTW's slab without padding
  std::unique_ptr<double, FreeBuffer> m_buffer;  ///< padded to hold the spectrum in place
  Plan m_forward, m_backward;
};

}  // namespace ister::core
