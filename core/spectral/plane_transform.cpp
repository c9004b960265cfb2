#include "core/spectral/plane_transform.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/spectral/wisdom.hpp"

namespace ister::core {
namespace {

/// Plans that depend on nothing FFTW has learnt before, and of which it learns nothing.
void plan_afresh(const std::function<void()>& make_plans) {
  const std::string known = export_wisdom();
  forget_wisdom();
  const SerialPlanning serial;
  make_plans();
  forget_wisdom();
  import_wisdom(known);
}

}  // namespace

PlaneTransform::PlaneTransform(int nx, int ny)
    : m_nx(nx),
      m_ny(ny),
      m_values(make_host_array(std::int64_t{nx} * ny)),
      m_coefficients(make_host_array(2 * modes())) {
  double* values = m_values.data();
  fftw_complex* coefficients = reinterpret_cast<fftw_complex*>(m_coefficients.data());
  plan_afresh([&] {
    m_forward.reset(fftw_plan_dft_r2c_2d(ny, nx, values, coefficients, FFTW_ESTIMATE));
    m_backward.reset(fftw_plan_dft_c2r_2d(ny, nx, coefficients, values, FFTW_ESTIMATE));
  });
  ISTER_REQUIRE(m_forward && m_backward);
}

std::vector<PlaneTransform::Complex> PlaneTransform::forward(const std::vector<double>& values) {
  std::copy(values.begin(), values.end(), m_values.data());
  fftw_execute(m_forward.get());
  const Complex* coefficients = reinterpret_cast<const Complex*>(m_coefficients.data());
  return {coefficients, coefficients + modes()};
}

std::vector<double> PlaneTransform::backward(const std::vector<Complex>& coefficients) {
  std::copy(coefficients.begin(), coefficients.end(), reinterpret_cast<Complex*>(m_coefficients.data()));
  fftw_execute(m_backward.get());
  return {m_values.data(), m_values.data() + std::int64_t{m_nx} * m_ny};
}

}  // namespace ister::core
