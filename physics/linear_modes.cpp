#include "physics/linear_modes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#define lapack_complex_double std::complex<double>
#define lapack_complex_float std::complex<float>
#include <lapacke.h>

#include "core/base/error.hpp"

namespace ister::physics {
namespace {

using Complex = LinearMode::Complex;
using Matrix3 = std::array<std::array<double, 3>, 3>;
using ComplexVector = std::array<Complex, 3>;

constexpr std::array<std::array<int, 2>, 6> sym_pairs{{{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 2}}};

/// Orthonormal basis of the symmetric traceless tensors: stresses in it make the system symmetric.
const std::array<Matrix3, 5>& stress_basis() {
  static const double a = std::sqrt(0.5), b = std::sqrt(1.0 / 6.0);
  static const std::array<Matrix3, 5> basis{{{{{a, 0, 0}, {0, -a, 0}, {0, 0, 0}}},
                                             {{{b, 0, 0}, {0, b, 0}, {0, 0, -2 * b}}},
                                             {{{0, a, 0}, {a, 0, 0}, {0, 0, 0}}},
                                             {{{0, 0, a}, {0, 0, 0}, {a, 0, 0}}},
                                             {{{0, 0, 0}, {0, 0, a}, {0, a, 0}}}}};
  return basis;
}

/// Frame of the fluid: d'_0 = gamma d_t + u.grad, d'_i = u_i d_t + K_ij d_j, K = 1 + u u/(1 + gamma).
struct Frame {
  explicit Frame(const Vec3& velocity) : u{velocity.x, velocity.y, velocity.z} {
    gamma = std::sqrt(1.0 + dot(velocity, velocity));
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) boost[i][j] = (i == j ? 1.0 : 0.0) + u[i] * u[j] / (1.0 + gamma);
    }
  }
  template <class Vector>
  [[nodiscard]] Vector apply(const Vector& a) const {
    Vector b{};
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) b[i] += boost[i][j] * a[j];
    }
    return b;
  }
  std::array<double, 3> u;
  double gamma;
  Matrix3 boost;
};

/// The linearised equations in the frame of the fluid, d_0 y + A_i d_i y + R y = 0:
///     d_0 e + w div v = 0                        w d_0 v + grad(cs2 e + Pi) + div pi = 0
///     d_0 pi + pi/tau_pi = -(2 eta/tau_pi) <grad v>      d_0 Pi + Pi/tau_Pi = -(zeta/tau_Pi) div v
/// in y = (cs e/w, v, pi_a/w/sqrt(2 shear_stiffness), Pi/w/sqrt(bulk_stiffness)), in which every A_i is symmetric.
class SymmetricSystem {
 public:
  explicit SymmetricSystem(const LinearFluid& fluid)
      : m_sound(std::sqrt(fluid.cs2)),
        m_shear(std::sqrt(2.0 * fluid.shear_stiffness)),
        m_bulk(std::sqrt(fluid.bulk_stiffness)),
        m_size(4 + (m_shear > 0 ? 5 : 0) + (m_bulk > 0 ? 1 : 0)) {
    m_damping.assign(m_size, 0.0);
    for (int a = 0; a < shear_count(); ++a) m_damping[4 + a] = fluid.shear_rate;
    if (m_bulk > 0) m_damping[m_size - 1] = fluid.bulk_rate;
  }

  [[nodiscard]] int size() const { return m_size; }
  [[nodiscard]] double damping(int n) const { return m_damping[n]; }

  /// matrix += A_i n_i, column-major
  void add_flux(const std::array<double, 3>& n, std::vector<Complex>& matrix) const {
    const auto couple = [&](int row, int i, double value) {
      matrix[row + m_size * (1 + i)] += value;
      matrix[1 + i + m_size * row] += value;
    };
    for (int i = 0; i < 3; ++i) {
      couple(0, i, m_sound * n[i]);
      if (m_bulk > 0) couple(m_size - 1, i, m_bulk * n[i]);
      for (int a = 0; a < shear_count(); ++a) {
        const auto& row = stress_basis()[a][i];
        couple(4 + a, i, m_shear * (row[0] * n[0] + row[1] * n[1] + row[2] * n[2]));
      }
    }
  }

  /// The lab-frame mode of the rest-frame vector y.
  [[nodiscard]] LinearMode unpack(Complex omega, const Complex* y, const Frame& frame) const {
    LinearMode mode{omega, y[0] / m_sound, frame.apply(ComplexVector{y[1], y[2], y[3]}), {}, 0.0};
    if (m_bulk > 0) mode.bulk = m_bulk * y[m_size - 1];
    for (int a = 0; a < shear_count(); ++a) {
      for (int s = 0; s < 6; ++s) {
        const auto [i, j] = sym_pairs[s];
        double boosted = 0;
        for (int m = 0; m < 3; ++m) {
          for (int n = 0; n < 3; ++n) boosted += frame.boost[i][m] * stress_basis()[a][m][n] * frame.boost[j][n];
        }
        mode.pi[s] += m_shear * boosted * y[4 + a];
      }
    }
    return mode;
  }

 private:
  [[nodiscard]] int shear_count() const { return m_shear > 0 ? 5 : 0; }

  double m_sound, m_shear, m_bulk;
  int m_size;
  std::vector<double> m_damping;
};

/// Below this part of a mode of unit norm a component is rounding.
constexpr double negligible = 1e-7;

double length(const ComplexVector& a) { return std::sqrt(std::norm(a[0]) + std::norm(a[1]) + std::norm(a[2])); }

/// Larger real part; where those agree to rounding, less damped.
bool faster(const LinearMode& a, const LinearMode& b) {
  const double close = 1e-9 * (std::abs(a.omega) + std::abs(b.omega));
  const double difference = a.omega.real() - b.omega.real();
  return std::abs(difference) > close ? difference > 0 : a.omega.imag() > b.omega.imag();
}

template <class Condition>
LinearMode fastest_mode(const std::vector<LinearMode>& modes, const char* name, Condition condition) {
  const LinearMode* best = nullptr;
  for (const LinearMode& mode : modes) {
    if (condition(mode) && (best == nullptr || faster(mode, *best))) best = &mode;
  }
  if (best == nullptr) throw InputError(fmt::format("this fluid has no {} wave at the given wavevector", name));
  return *best;
}

template <class Factor>
void scale(LinearMode& mode, Factor factor) {
  mode.energy *= factor;
  mode.bulk *= factor;
  for (Complex& a : mode.u) a *= factor;
  for (Complex& a : mode.pi) a *= factor;
}

}  // namespace

LinearFluid linear_fluid(const FluidModel& fluid, double log_e) {
  const FluidPoint point = fluid.at(log_e);
  LinearFluid linear;
  linear.cs2 = point.sound_speed_squared;
  if (fluid.has_shear()) {
    linear.shear_rate = point.shear_rate;
    linear.shear_stiffness = point.shear_stiffness;
  }
  if (fluid.has_bulk()) {
    linear.bulk_rate = point.bulk_rate;
    linear.bulk_stiffness = point.bulk_stiffness;
  }
  return linear;
}

std::vector<LinearMode> linear_modes(const LinearFluid& fluid, const Vec3& u, const Vec3& k) {
  const Frame frame(u);
  const SymmetricSystem system(fluid);
  const int n = system.size();
  // omega (gamma + A.u) y = (k.u + A.(K k) - i R) y
  std::vector<Complex> time(n * n), space(n * n), vectors(n * n), alpha(n), beta(n);
  for (int i = 0; i < n; ++i) {
    time[i + n * i] = frame.gamma;
    space[i + n * i] = Complex(dot(k, u), -system.damping(i));
  }
  system.add_flux(frame.u, time);
  system.add_flux(frame.apply(std::array<double, 3>{k.x, k.y, k.z}), space);
  const int status = LAPACKE_zggev(LAPACK_COL_MAJOR, 'N', 'V', n, space.data(), n, time.data(), n, alpha.data(),
                                   beta.data(), nullptr, 1, vectors.data(), n);
  ISTER_REQUIRE(status == 0);

  std::vector<LinearMode> modes;
  for (int m = 0; m < n; ++m) {
    Complex* y = &vectors[n * m];
    double norm = 0;
    for (int i = 0; i < n; ++i) norm += std::norm(y[i]);
    std::for_each(y, y + n, [&](Complex& component) { component /= std::sqrt(norm); });
    modes.push_back(system.unpack(alpha[m] / beta[m], y, frame));
  }
  std::sort(modes.begin(), modes.end(), [](const LinearMode& a, const LinearMode& b) {
    return std::make_pair(a.omega.real(), a.omega.imag()) < std::make_pair(b.omega.real(), b.omega.imag());
  });
  return modes;
}

LinearMode sound_mode(const LinearFluid& fluid, const Vec3& u, const Vec3& k) {
  LinearMode mode = fastest_mode(linear_modes(fluid, u, k), "sound",
                                 [](const LinearMode& m) { return std::abs(m.energy) > negligible; });
  scale(mode, 1.0 / mode.energy);
  return mode;
}

LinearMode shear_mode(const LinearFluid& fluid, const Vec3& u, const Vec3& k, const Vec3& polarisation) {
  LinearMode mode = fastest_mode(linear_modes(fluid, u, k), "shear", [](const LinearMode& m) {
    return std::abs(m.energy) < negligible && length(m.u) > negligible;
  });

  // Both polarisations share omega, so the amplitudes follow from the equations:
  // k'.v = 0 and (1/tau_pi - i omega') pi = -i eta/tau_pi (k' v + v k') in the frame of the fluid.
  const Frame frame(u);
  const std::array<double, 3> boosted_k = frame.apply(std::array<double, 3>{k.x, k.y, k.z});
  const std::array<double, 3> wish{polarisation.x, polarisation.y, polarisation.z};
  ComplexVector wave, v;
  Complex square = 0, along = 0;
  for (int i = 0; i < 3; ++i) {
    wave[i] = boosted_k[i] - mode.omega * frame.u[i];
    square += wave[i] * wave[i];
    along += wave[i] * wish[i];
  }
  for (int i = 0; i < 3; ++i) v[i] = wish[i] - wave[i] * along / square;
  if (length(v) < 1e-6 * std::sqrt(dot(polarisation, polarisation)) || dot(polarisation, polarisation) == 0) {
    throw InputError("the polarisation of a shear wave must not be parallel to its wavevector");
  }
  const Complex own_omega = frame.gamma * mode.omega - dot(u, k);
  const Complex response = fluid.shear_stiffness > 0
                               ? Complex(0, -fluid.shear_stiffness) / (fluid.shear_rate - Complex(0, 1) * own_omega)
                               : Complex(0);
  mode.energy = mode.bulk = 0;
  mode.u = frame.apply(v);
  const ComplexVector lab_wave = frame.apply(wave);
  for (int s = 0; s < 6; ++s) {
    const auto [i, j] = sym_pairs[s];
    mode.pi[s] = response * (lab_wave[i] * mode.u[j] + lab_wave[j] * mode.u[i]);
  }
  const Complex largest = *std::max_element(mode.u.begin(), mode.u.end(),
                                            [](Complex a, Complex b) { return std::abs(a) < std::abs(b) - 1e-12; });
  scale(mode, std::abs(largest) / largest / length(mode.u));
  return mode;
}

}  // namespace ister::physics
