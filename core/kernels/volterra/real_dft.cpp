#include "core/kernels/volterra/real_dft.hpp"

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"

namespace ister::core {
namespace {

fftw_complex* as_complex(double* p) { return reinterpret_cast<fftw_complex*>(p); }

}  // namespace

RealDft::RealDft(std::int64_t points, unsigned planning) : m_points(points) {
  const HostArray line = make_host_array(points), spectrum = make_host_array(2 * modes());
  const int n = static_cast<int>(points);
  ISTER_REQUIRE(n == points && n > 0);
  const SerialPlanning serial;
  m_forward.reset(fftw_plan_dft_r2c_1d(n, line.data(), as_complex(spectrum.data()), planning | FFTW_PRESERVE_INPUT));
  m_backward.reset(fftw_plan_dft_c2r_1d(n, as_complex(spectrum.data()), line.data(), planning));
  ISTER_REQUIRE(m_forward && m_backward);
}

void RealDft::forward(const double* x, double* spectrum) const {
  // FFTW's interface is not const-correct: the plan preserves its input.
  fftw_execute_dft_r2c(m_forward.get(), const_cast<double*>(x), as_complex(spectrum));
}

void RealDft::backward(double* spectrum, double* x) const {
  fftw_execute_dft_c2r(m_backward.get(), as_complex(spectrum), x);
}

}  // namespace ister::core
