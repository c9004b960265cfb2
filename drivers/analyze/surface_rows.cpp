#include "drivers/analyze/surface_rows.hpp"

#include <cmath>

#include "physics/units.hpp"

namespace ister::drivers {
namespace {

using physics::units::inverse_fm_to_gev;
using physics::units::natural_to_gev_per_fm3;

template <class Values>
void append(SurfaceRow& row, const Values& values) {
  row.insert(row.end(), std::begin(values), std::end(values));
}

/// tt tx ty tz xx xy xz yy yz zz
SurfaceRow by_rows(const std::array<std::array<double, 4>, 4>& tensor) {
  SurfaceRow all;
  for (std::size_t m = 0; m < 4; ++m)
    for (std::size_t n = m; n < 4; ++n) all.push_back(tensor[m][n]);
  return all;
}

/// tt tx xx ty xy yy tz xz yz zz
SurfaceRow by_columns(const std::array<std::array<double, 4>, 4>& tensor) {
  SurfaceRow all;
  for (std::size_t n = 0; n < 4; ++n)
    for (std::size_t m = 0; m <= n; ++m) all.push_back(tensor[m][n]);
  return all;
}

}  // namespace

SurfaceElement::SurfaceElement(const core::surface::ElementTable& t, std::size_t row) {
  const auto value = [&](std::size_t c) { return t.values[c][row]; };
  for (std::size_t m = 0; m < 4; ++m) {
    m_at[m] = value(m);
    m_dS[m] = value(4 + m);
  }
  for (std::size_t i = 1; i < 4; ++i) m_u[i] = value(7 + i);
  m_u[0] = std::sqrt(1.0 + m_u[1] * m_u[1] + m_u[2] * m_u[2] + m_u[3] * m_u[3]);
  m_e = value(11), m_T = value(12), m_p = value(13), m_s = value(14), m_bulk = value(21);
  m_pi[1] = {0, value(15), value(16), value(17)};
  m_pi[2] = {0, value(16), value(18), value(19)};
  m_pi[3] = {0, value(17), value(19), value(20)};
  m_pi[0] = {};
  for (std::size_t i = 1; i < 4; ++i) {
    for (std::size_t j = 1; j < 4; ++j) m_pi[0][i] += m_pi[i][j] * m_u[j] / m_u[0];
    m_pi[i][0] = m_pi[0][i];
  }
  for (std::size_t i = 1; i < 4; ++i) m_pi[0][0] += m_pi[0][i] * m_u[i] / m_u[0];
}

SurfaceElement::SurfaceElement(const core::surface::ElementTable& t, std::size_t row, const EtaSlice& slice)
    : SurfaceElement(t, row) {
  m_at[3] = slice.middle;
  for (double& component : m_dS) component *= slice.width;
}

SurfaceElement::Vector SurfaceElement::cartesian(const Vector& v) const {
  const double c = std::cosh(m_at[3]), s = std::sinh(m_at[3]);
  return {c * v[0] + s * v[3], v[1], v[2], s * v[0] + c * v[3]};
}

SurfaceElement::Vector SurfaceElement::cartesian_normal() const {
  const double tau = m_at[0], c = std::cosh(m_at[3]), s = std::sinh(m_at[3]);
  return {tau * c * m_dS[0] - s * m_dS[3], tau * m_dS[1], tau * m_dS[2], -tau * s * m_dS[0] + c * m_dS[3]};
}

SurfaceElement::Tensor SurfaceElement::cartesian_shear() const {
  Tensor half{}, pi{};
  for (std::size_t m = 0; m < 4; ++m) half[m] = cartesian(m_pi[m]);
  for (std::size_t n = 0; n < 4; ++n) {
    const Vector column = cartesian({half[0][n], half[1][n], half[2][n], half[3][n]});
    for (std::size_t m = 0; m < 4; ++m) pi[m][n] = natural_to_gev_per_fm3(column[m]);
  }
  return pi;
}

SurfaceRow SurfaceElement::music() const {
  SurfaceRow row(m_at.begin(), m_at.end());
  append(row, m_dS);
  append(row, m_u);
  append(row, Vector{m_e, m_T, 0.0, 0.0});
  append(row, std::array{0.0, m_s});
  append(row, by_rows(m_pi));
  row.push_back(m_bulk);
  return row;
}

SurfaceRow SurfaceElement::is3d() const {
  const double tau = m_at[0];
  SurfaceRow row(m_at.begin(), m_at.end());
  for (const double component : m_dS) row.push_back(tau * component);
  append(row, std::array{m_u[1], m_u[2], m_u[3] / tau, m_e, m_T, m_p});
  append(row, std::array{m_pi[1][1], m_pi[1][2], m_pi[1][3] / tau, m_pi[2][2], m_pi[2][3] / tau, m_bulk});
  return row;
}

SurfaceRow SurfaceElement::vhlle() const {
  SurfaceRow row(m_at.begin(), m_at.end());
  append(row, cartesian_normal());
  append(row, cartesian(m_u));
  append(row, Vector{inverse_fm_to_gev(m_T), 0.0, 0.0, 0.0});
  append(row, by_columns(cartesian_shear()));
  row.push_back(natural_to_gev_per_fm3(m_bulk));
  return row;
}

SurfaceRow SurfaceElement::fist() const {
  SurfaceRow row = vhlle();
  const SurfaceRow densities{natural_to_gev_per_fm3(m_e), 0.0};
  row.insert(row.begin() + 16, densities.begin(), densities.end());
  row.push_back(natural_to_gev_per_fm3(m_p));
  return row;
}

SurfaceRow SurfaceElement::frzout_flat() const {
  SurfaceRow row{m_at[0], m_at[1], m_at[2], m_dS[0], m_dS[1], m_dS[2], m_u[1] / m_u[0], m_u[2] / m_u[0]};
  for (const double component :
       {m_pi[0][0], m_pi[0][1], m_pi[0][2], m_pi[1][1], m_pi[1][2], m_pi[2][2], m_pi[3][3], m_bulk})
    row.push_back(natural_to_gev_per_fm3(component));
  return row;
}

SurfaceRow SurfaceElement::frzout() const {
  const Vector u = cartesian(m_u);
  SurfaceRow row;
  append(row, cartesian({m_at[0], m_at[1], m_at[2], 0.0}));
  append(row, cartesian_normal());
  append(row, std::array{u[1] / u[0], u[2] / u[0], u[3] / u[0]});
  append(row, by_rows(cartesian_shear()));
  row.push_back(natural_to_gev_per_fm3(m_bulk));
  return row;
}

}  // namespace ister::drivers
