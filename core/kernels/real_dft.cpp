#include "core/kernels/real_dft.hpp"

#include "core/array_pool.hpp"
#include "core/error.hpp"

namespace ister::core {
namespace {

fftw_complex* as_complex(double* p) { return reinterpret_cast<fftw_complex*>(p); }

}  // namespace

RealDft::RealDft(std::int64_t points, unsigned planning) : m_points(points) {
  const HostArray line = make_host_array(points), spectrum = make_host_array(2 * modes());
  const int n = static_cast<int>(points);
  ISTER_REQUIRE(n == points && n > 0);
  const int threads = fftw_planner_nthreads();
  fftw_plan_with_nthreads(1);  // channels run in parallel, each transform on one thread
  m_forward.reset(fftw_plan_dft_r2c_1d(n, line.data(), as_complex(spectrum.data()), planning | FFTW_PRESERVE_INPUT));
  m_backward.reset(fftw_plan_dft_c2r_1d(n, as_complex(spectrum.data()), line.data(), planning));
  fftw_plan_with_nthreads(threads);
  ISTER_REQUIRE(m_forward && m_backward);
}

void RealDft::forward(const double* x, double* spectrum) const {
  // FFTW's interface is not const-correct: the plan preserves its input.
  fftw_execute_dft_r2c(m_forward.get(), const_cast<double*>(x), as_complex(spectrum));
}

void RealDft::backward(double* spectrum, double* x) const {
  fftw_execute_dft_c2r(m_backward.get(), as_complex(spectrum), x);
}

std::int64_t RealDft::fast_length(std::int64_t n) {
  for (std::int64_t length = (n + 15) / 16 * 16;; length += 16) {
    std::int64_t rest = length;
    for (const std::int64_t factor : {2, 3, 5})
      while (rest % factor == 0) rest /= factor;
    if (rest == 1) return length;
  }
}

}  // namespace ister::core
