#pragma once
#include <array>
#include <cmath>
#include <complex>

/// The equations of motion written out with four-dimensional tensors, a metric and its Christoffel symbols
/// in the coordinate basis: nothing is reduced by hand, so nothing is shared with physics/israel_stewart.hpp.
/// Metric (-,+,+,+); coordinates (t,x,y,z) or (tau,x,y,eta).
namespace ister::tests::covariant {

using Vector = std::array<double, 4>;
using Matrix = std::array<std::array<double, 4>, 4>;
using Rank3 = std::array<Matrix, 4>;

/// Values at a point, contravariant.
template <class Scalar>
struct Fields {
  Scalar e{};
  std::array<Scalar, 4> u{};
  std::array<std::array<Scalar, 4>, 4> pi{};
  Scalar bulk{};
};

/// What is independent of all these, as state files hold it: each index z carries a factor tau in Milne space.
template <class Scalar>
struct Independent {
  Scalar e{};
  std::array<Scalar, 3> u{};
  std::array<Scalar, 5> pi{};  ///< xx xy xz yy yz
  Scalar bulk{};
};

/// All components, from u.u = -1, pi.u = 0 and a vanishing trace. `tau` is 1 in Minkowski space.
template <class Scalar>
Fields<Scalar> complete(const Independent<Scalar>& s, Scalar tau) {
  Fields<Scalar> f;
  f.e = s.e;
  f.bulk = s.bulk;
  const auto& [ux, uy, uz] = s.u;
  const Scalar u0 = std::sqrt(1.0 + ux * ux + uy * uy + uz * uz);
  f.u = {u0, ux, uy, uz};
  auto& pi = f.pi;
  pi[1][1] = s.pi[0];
  pi[1][2] = pi[2][1] = s.pi[1];
  pi[1][3] = pi[3][1] = s.pi[2];
  pi[2][2] = s.pi[3];
  pi[2][3] = pi[3][2] = s.pi[4];
  // pi^{00} = pi^{ij} u_i u_j/u_0^2 and pi^{00} = pi^{xx} + pi^{yy} + pi^{zz}
  Scalar known = 0.0;
  for (int i = 1; i < 4; ++i)
    for (int j = 1; j < 4; ++j) known += pi[i][j] * f.u[i] * f.u[j];
  pi[3][3] = (known / (u0 * u0) - pi[1][1] - pi[2][2]) / (1.0 - uz * uz / (u0 * u0));
  for (int i = 1; i < 4; ++i) {
    Scalar sum = 0.0;
    for (int j = 1; j < 4; ++j) sum += pi[i][j] * f.u[j];
    pi[0][i] = pi[i][0] = sum / u0;
  }
  pi[0][0] = pi[1][1] + pi[2][2] + pi[3][3];
  f.u[3] /= tau;
  for (int m = 0; m < 4; ++m) {
    pi[m][3] /= tau;
    pi[3][m] /= tau;
  }
  return f;
}

/// The derivative of complete() along a direction, exact to rounding: a step into the complex plane.
inline Fields<double> complete_derivative(const Independent<double>& s, const Independent<double>& ds, double tau,
                                          double dtau) {
  using Complex = std::complex<double>;
  constexpr double h = 1e-40;
  const auto step = [](double value, double change) { return Complex(value, h * change); };
  Independent<Complex> z;
  z.e = step(s.e, ds.e);
  z.bulk = step(s.bulk, ds.bulk);
  for (int i = 0; i < 3; ++i) z.u[i] = step(s.u[i], ds.u[i]);
  for (int i = 0; i < 5; ++i) z.pi[i] = step(s.pi[i], ds.pi[i]);
  const Fields<Complex> f = complete(z, step(tau, dtau));
  Fields<double> d;
  d.e = f.e.imag() / h;
  d.bulk = f.bulk.imag() / h;
  for (int m = 0; m < 4; ++m) {
    d.u[m] = f.u[m].imag() / h;
    for (int n = 0; n < 4; ++n) d.pi[m][n] = f.pi[m][n].imag() / h;
  }
  return d;
}

/// p(e), dp/de and the coefficients in the equations as physics.md has them.
struct Coefficients {
  double p, cs2;
  double eta, tau_pi, delta_pipi, tau_pipi, lambda_pibulk, phi7;
  bool vorticity;
  double zeta, tau_bulk, delta_bulkbulk, lambda_bulkpi;
};

struct Residual {
  Vector conservation{};  ///< nabla_m T^{mn}
  Matrix shear{};         ///< left minus right of the equation of pi^{mn}
  double bulk = 0;        ///< the same for Pi
};

/// Metric and Christoffel symbols Gamma^a_{bc}.
struct Geometry {
  Matrix g{}, inverse{};
  Rank3 gamma{};

  static Geometry minkowski() {
    Geometry s;
    for (int m = 0; m < 4; ++m) s.g[m][m] = s.inverse[m][m] = m == 0 ? -1.0 : 1.0;
    return s;
  }
  static Geometry milne(double tau) {
    Geometry s = minkowski();
    s.g[3][3] = tau * tau;
    s.inverse[3][3] = 1.0 / (tau * tau);
    s.gamma[0][3][3] = tau;
    s.gamma[3][0][3] = s.gamma[3][3][0] = 1.0 / tau;
    return s;
  }
};

inline Matrix multiply(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (int i = 0; i < 4; ++i)
    for (int k = 0; k < 4; ++k)
      for (int j = 0; j < 4; ++j) c[i][k] += a[i][j] * b[j][k];
  return c;
}

inline Matrix transposed(const Matrix& a) {
  Matrix t{};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) t[i][j] = a[j][i];
  return t;
}

/// By how much fields with the given partial derivatives (first index: coordinate) fail to solve the equations.
inline Residual residual(const Fields<double>& f, const std::array<Fields<double>, 4>& d, const Coefficients& c,
                         const Geometry& s) {
  // Covariant derivatives nabla_a u^m, nabla_a pi^{mn}.
  Matrix du{};
  Rank3 dpi{};
  for (int a = 0; a < 4; ++a)
    for (int m = 0; m < 4; ++m) {
      du[a][m] = d[a].u[m];
      for (int b = 0; b < 4; ++b) du[a][m] += s.gamma[m][a][b] * f.u[b];
      for (int n = 0; n < 4; ++n) {
        dpi[a][m][n] = d[a].pi[m][n];
        for (int b = 0; b < 4; ++b) dpi[a][m][n] += s.gamma[m][a][b] * f.pi[b][n] + s.gamma[n][a][b] * f.pi[m][b];
      }
    }
  Vector u_cov{};
  for (int m = 0; m < 4; ++m)
    for (int n = 0; n < 4; ++n) u_cov[m] += s.g[m][n] * f.u[n];
  Matrix projector{}, mixed{}, projector_cov{};  // Delta^{mn}, Delta^m_n, Delta_{mn}
  for (int m = 0; m < 4; ++m)
    for (int n = 0; n < 4; ++n) {
      projector[m][n] = s.inverse[m][n] + f.u[m] * f.u[n];
      mixed[m][n] = (m == n ? 1.0 : 0.0) + f.u[m] * u_cov[n];
      projector_cov[m][n] = s.g[m][n] + u_cov[m] * u_cov[n];
    }
  const auto project_both = [&](const Matrix& a) { return multiply(multiply(mixed, a), transposed(mixed)); };
  // A^{<mn>}
  const auto traceless = [&](const Matrix& a) {
    Matrix symmetric{};
    double trace = 0.0;
    for (int m = 0; m < 4; ++m)
      for (int n = 0; n < 4; ++n) {
        symmetric[m][n] = 0.5 * (a[m][n] + a[n][m]);
        trace += projector_cov[m][n] * a[m][n];
      }
    Matrix result = project_both(symmetric);
    for (int m = 0; m < 4; ++m)
      for (int n = 0; n < 4; ++n) result[m][n] -= trace / 3.0 * projector[m][n];
    return result;
  };

  const Matrix raised = multiply(s.inverse, du);  // nabla^m u^n
  const Matrix sigma = traceless(raised);
  Matrix omega{};  // (Delta^{ma} nabla_a u^n - Delta^{na} nabla_a u^m)/2, projected
  for (int m = 0; m < 4; ++m)
    for (int n = 0; n < 4; ++n) omega[m][n] = 0.5 * (raised[m][n] - raised[n][m]);
  omega = project_both(omega);
  double theta = 0.0;
  for (int a = 0; a < 4; ++a) theta += du[a][a];

  Residual r;
  // T^{mn} = (e + p + Pi) u^m u^n + (p + Pi) g^{mn} + pi^{mn}
  const double h = f.e + c.p + f.bulk;
  for (int n = 0; n < 4; ++n)
    for (int m = 0; m < 4; ++m) {
      const double dp = c.cs2 * d[m].e + d[m].bulk;
      r.conservation[n] += (d[m].e + dp) * f.u[m] * f.u[n] + h * (du[m][m] * f.u[n] + f.u[m] * du[m][n]) +
                           dp * s.inverse[m][n] + dpi[m][m][n];
    }

  Matrix along{};  // D pi^{mn}
  for (int a = 0; a < 4; ++a)
    for (int m = 0; m < 4; ++m)
      for (int n = 0; n < 4; ++n) along[m][n] += f.u[a] * dpi[a][m][n];
  along = project_both(along);
  const Matrix lowered = multiply(f.pi, s.g);  // pi^m_l
  const Matrix pi_sigma = traceless(multiply(lowered, sigma)), pi_pi = traceless(multiply(lowered, f.pi));
  const Matrix pi_omega = traceless(multiply(lowered, transposed(omega)));  // pi^m_l omega^{nl}
  for (int m = 0; m < 4; ++m)
    for (int n = 0; n < 4; ++n)
      r.shear[m][n] = c.tau_pi * along[m][n] + f.pi[m][n] + 2.0 * c.eta * sigma[m][n] +
                      c.delta_pipi * f.pi[m][n] * theta + c.tau_pipi * pi_sigma[m][n] +
                      c.lambda_pibulk * f.bulk * sigma[m][n] + c.phi7 * pi_pi[m][n] -
                      (c.vorticity ? 2.0 * c.tau_pi * pi_omega[m][n] : 0.0);

  const Matrix sigma_cov = multiply(multiply(s.g, sigma), s.g);
  double work = 0.0, bulk_along = 0.0;
  for (int m = 0; m < 4; ++m) {
    bulk_along += f.u[m] * d[m].bulk;
    for (int n = 0; n < 4; ++n) work += f.pi[m][n] * sigma_cov[m][n];
  }
  r.bulk =
      c.tau_bulk * bulk_along + f.bulk + c.zeta * theta + c.delta_bulkbulk * f.bulk * theta + c.lambda_bulkpi * work;
  return r;
}

}  // namespace ister::tests::covariant
