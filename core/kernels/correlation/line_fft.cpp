#include "core/kernels/correlation/line_fft.hpp"

#include <limits>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"

namespace ister::core {

LineFft::LineFft(std::int64_t length) : m_length(length) {
  if (length > std::numeric_limits<int>::max())
    throw InputError("a record of " + std::to_string(length) + " points is too long for one transform");
  const HostArray lines = make_host_array(4 * length);
  auto* in = reinterpret_cast<fftw_complex*>(lines.data());
  const SerialPlanning serial;
  const auto plan = [&](int sign) {
    return Plan(fftw_plan_dft_1d(static_cast<int>(length), in, in + length, sign, FFTW_MEASURE | FFTW_DESTROY_INPUT));
  };
  m_forward = plan(FFTW_FORWARD);
  m_backward = plan(FFTW_BACKWARD);
  ISTER_REQUIRE(m_forward && m_backward);
}

}  // namespace ister::core
