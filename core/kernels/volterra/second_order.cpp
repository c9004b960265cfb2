#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numeric>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/volterra/pseudo_inverse.hpp"
#include "core/kernels/volterra/real_dft.hpp"
#include "core/kernels/volterra/responses.hpp"

namespace ister::core {
namespace {

using Complex = std::complex<double>;

/// Row-by-row square and rectangular matrices, as small as kernels are.
struct Matrix {
  std::int64_t rows, columns;
  std::vector<double> values;

  Matrix(std::int64_t r, std::int64_t c) : rows(r), columns(c), values(static_cast<std::size_t>(r * c), 0.0) {}
  double& operator()(std::int64_t r, std::int64_t c) { return values[r * columns + c]; }
  double operator()(std::int64_t r, std::int64_t c) const { return values[r * columns + c]; }

  [[nodiscard]] Matrix transposed() const {
    Matrix t(columns, rows);
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < columns; ++c) t(c, r) = (*this)(r, c);
    return t;
  }
  [[nodiscard]] Matrix times(const Matrix& b) const {
    Matrix product(rows, b.columns);
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t k = 0; k < columns; ++k)
        for (std::int64_t c = 0; c < b.columns; ++c) product(r, c) += (*this)(r, k) * b(k, c);
    return product;
  }
};

/// The lines of one period of a signal, Z[k] = (1/T) sum z[n] exp(-2 pi i k n / T), for any k.
class Lines {
 public:
  Lines(const std::vector<double>& z, const RealDft& dft)
      : m_period(dft.points()), m_values(make_host_array(2 * dft.modes())) {
    const HostArray line = make_host_array(m_period);
    for (std::int64_t n = 0; n < m_period; ++n) line(n) = z[n] / static_cast<double>(m_period);
    dft.forward(line.data(), m_values.data());
  }
  Complex operator[](std::int64_t k) const {
    k = ((k % m_period) + m_period) % m_period;
    const bool mirrored = 2 * k > m_period;
    if (mirrored) k = m_period - k;
    const Complex value(m_values(2 * k), m_values(2 * k + 1));
    return mirrored ? std::conj(value) : value;
  }

 private:
  std::int64_t m_period;
  HostArray m_values;
};

/// With rows C of cos(w_a i) and rows S of sin(w_a i) below them, W = [C; S], the lines of second order are the entries
/// of F = W h2 W^T: H2(w_a, w_b) = cc - ss - i (sc + cs), H2(w_a, -w_b) = cc + ss + i (cs - sc). All but
/// d_a = H2(w_a, -w_a), which go to the mean together, are measured: F = F_0 + sum_a d_a E_a. The h2 and d that
/// fit best, h2 = W^+ F W^+T with d_a = (Q F Q)_ca,ca + (Q F Q)_sa,sa, Q = W W^+, solve a small linear system.
class SecondOrderSolver {
 public:
  explicit SecondOrderSolver(const VolterraExcitation& excitation)
      : m_tones(static_cast<std::int64_t>(excitation.tones.size())),
        m_w(2 * m_tones, excitation.taps),
        m_inverse(excitation.taps, 2 * m_tones),
        m_projector(0, 0),
        m_resolvent(m_tones, m_tones) {
    const double unit = 2.0 * std::acos(-1.0) / static_cast<double>(excitation.period);
    for (std::int64_t a = 0; a < m_tones; ++a)
      for (std::int64_t i = 0; i < excitation.taps; ++i) {
        const double angle = unit * static_cast<double>(excitation.tones[a] * i % excitation.period);
        m_w(a, i) = std::cos(angle);
        m_w(m_tones + a, i) = std::sin(angle);
      }
    m_inverse.values = pseudo_inverse(m_w.values, static_cast<int>(2 * m_tones), static_cast<int>(excitation.taps));
    m_projector = m_w.times(m_inverse);
    // (1 - A)^-1 with A_ab = sum Q_rt^2 / 2 over r in {c_a, s_a}, t in {c_b, s_b}
    for (std::int64_t a = 0; a < m_tones; ++a)
      for (std::int64_t b = 0; b < m_tones; ++b) {
        double sum = 0.0;
        for (const std::int64_t r : {a, m_tones + a})
          for (const std::int64_t t : {b, m_tones + b}) sum += m_projector(r, t) * m_projector(r, t);
        m_resolvent(a, b) = (a == b ? 1.0 : 0.0) - sum / 2;
      }
    m_resolvent.values = pseudo_inverse(m_resolvent.values, static_cast<int>(m_tones), static_cast<int>(m_tones));
  }

  [[nodiscard]] const Matrix& inverse() const { return m_inverse; }

  /// h2
  [[nodiscard]] Matrix solve(Matrix f) const {
    const Matrix fitted = m_projector.times(f).times(m_projector.transposed());
    for (std::int64_t a = 0; a < m_tones; ++a) {
      double d = 0.0;
      for (std::int64_t b = 0; b < m_tones; ++b)
        d += m_resolvent(a, b) * (fitted(b, b) + fitted(m_tones + b, m_tones + b));
      f(a, a) += d / 2;
      f(m_tones + a, m_tones + a) += d / 2;
    }
    return m_inverse.times(f).times(m_inverse.transposed());
  }

  /// Variance of h2[i][j] where real and imaginary parts of each measured H2(w_a, +-w_b) have the variance 1 for a != b
  /// and 4 for a = b. h2[i][j] = sum M_rt F_0,rt with M = p_i p_j^T + Q diag(g) Q, where p_i is row i of W^+,
  /// g = (1-A)^-T e and e_a is what d_a adds to h2[i][j]. With S = M + M^T the variance is
  /// |S|^2 / 4 + sum_a (S_cs^2 - S_cc S_ss) / 2, c = c_a and s = s_a.
  [[nodiscard]] double variance(std::int64_t i, std::int64_t j) const {
    const Matrix &p = m_inverse, &q = m_projector;
    const std::int64_t rows = 2 * m_tones;
    std::vector<double> g(static_cast<std::size_t>(rows), 0.0);
    for (std::int64_t a = 0; a < m_tones; ++a) {
      const double e = (p(i, a) * p(j, a) + p(i, m_tones + a) * p(j, m_tones + a)) / 2;
      for (std::int64_t b = 0; b < m_tones; ++b) g[b] += m_resolvent(a, b) * e;
    }
    std::copy_n(g.begin(), m_tones, g.begin() + m_tones);
    double ii = 0.0, jj = 0.0, ij = 0.0, mixed = 0.0, square = 0.0;
    for (std::int64_t r = 0; r < rows; ++r) {
      ii += p(i, r) * p(i, r);
      jj += p(j, r) * p(j, r);
      ij += p(i, r) * p(j, r);
      mixed += g[r] * p(i, r) * p(j, r);
      for (std::int64_t t = 0; t < rows; ++t) square += g[r] * g[t] * q(r, t) * q(r, t);
    }
    double sum = (ii * jj + ij * ij) / 2 + 2 * mixed + square;
    for (std::int64_t c = 0, s = m_tones; c < m_tones; ++c, ++s) {
      double cc = 2 * p(i, c) * p(j, c), ss = 2 * p(i, s) * p(j, s), cs = p(i, c) * p(j, s) + p(i, s) * p(j, c);
      for (std::int64_t r = 0; r < rows; ++r) {  // Q is symmetric
        cc += 2 * g[r] * q(c, r) * q(c, r);
        ss += 2 * g[r] * q(s, r) * q(s, r);
        cs += 2 * g[r] * q(c, r) * q(s, r);
      }
      sum += (cs * cs - cc * ss) / 2;
    }
    return sum;
  }

 private:
  std::int64_t m_tones;
  Matrix m_w, m_inverse, m_projector, m_resolvent;
};

/// F_0 from the lines of second order.
Matrix measured_products(const std::vector<std::int64_t>& tones, const Lines& u, const Lines& z) {
  const auto m = static_cast<std::int64_t>(tones.size());
  Matrix f(2 * m, 2 * m);
  for (std::int64_t a = 0; a < m; ++a)
    for (std::int64_t b = 0; b <= a; ++b) {
      const Complex ua = u[tones[a]], ub = u[tones[b]];
      const double pairs = a == b ? 1.0 : 2.0;
      const Complex plus = z[tones[a] + tones[b]] / (pairs * ua * ub);
      const Complex minus = a == b ? Complex(0.0) : z[tones[a] - tones[b]] / (pairs * ua * std::conj(ub));
      f(a, b) = f(b, a) = (minus.real() + plus.real()) / 2;
      f(m + a, m + b) = f(m + b, m + a) = (minus.real() - plus.real()) / 2;
      f(m + a, b) = f(b, m + a) = -(plus.imag() + minus.imag()) / 2;
      f(a, m + b) = f(m + b, a) = (minus.imag() - plus.imag()) / 2;
    }
  return f;
}

/// The response of one order to the waveform, settled.
std::vector<double> settled_response(const VolterraExcitation& excitation, const VolterraKernel& kernel) {
  std::vector<double> z = excitation.waveforms;
  z.insert(z.end(), excitation.waveforms.begin(), excitation.waveforms.end());
  const auto samples = static_cast<std::int64_t>(z.size());
  Volterra(kernel, 1, samples).apply(z.data(), z.data(), samples, samples);
  return {z.begin() + excitation.period, z.end()};
}

/// Mean square in y of what noise adds to the response of an estimate, whose inputs are as good as white.
double noise_in_response(const VolterraExcitation& excitation, const VolterraResponses& responses,
                         const VolterraEstimate& estimate) {
  const auto squares = [](const std::vector<double>& v) {
    return std::inner_product(v.begin(), v.end(), v.begin(), 0.0);
  };
  const double input =
      squares(excitation.waveforms) / static_cast<double>(excitation.period);  // mean square of the waveform
  return responses.scale(1) * input * squares(estimate.errors.front()) +
         2 * responses.scale(2) * input * input * squares(estimate.second_error);
}

/// What a kernel of first and second order leaves of the responses: at its own lines, the tones and their sums and
/// differences, for want of taps, elsewhere because of other orders.
class LinesLeft {
 public:
  LinesLeft(const VolterraExcitation& excitation, const VolterraResponses& responses)
      : m_excitation(excitation), m_responses(responses), m_dft(excitation.period, FFTW_ESTIMATE) {}

  [[nodiscard]] VolterraCertificate certificate(const VolterraKernel& kernel, double noise_of_taps) {
    const std::vector<std::int64_t>& tones = m_excitation.tones;
    std::vector<std::int64_t> pairs;
    for (const std::int64_t a : tones)
      for (const std::int64_t b : tones) {
        pairs.push_back(a + b);
        if (a != b) pairs.push_back(a - b);
      }
    add(0, m_responses.of(0, 0), {});
    add(1, left(1, {kernel.taps, kernel.orders, {}}), tones);
    add(2, left(2, {kernel.taps, {}, kernel.second}), pairs);
    const double power = m_responses.power(), found = power - m_responses.noise_power();
    const auto part = [&](double square) { return power > 0 ? std::sqrt(square / power) : 0.0; };
    return {part(m_own), part(m_other + m_responses.not_polynomial()), 0.0,
            noise_of_taps > 0 ? std::sqrt(noise_of_taps / std::max(found, 0.0)) : 0.0};
  }

 private:
  [[nodiscard]] std::vector<double> left(int order, const VolterraKernel& kernel) const {
    std::vector<double> z = m_responses.of(order, 0), known = settled_response(m_excitation, kernel);
    for (std::size_t n = 0; n < z.size(); ++n) z[n] -= known[n];
    return z;
  }

  void add(int order, const std::vector<double>& z, const std::vector<std::int64_t>& own) {
    const std::int64_t period = m_excitation.period;
    const Lines lines(z, m_dft);
    std::vector<bool> is_own(static_cast<std::size_t>(period), false);
    for (const std::int64_t k : own) is_own[(k + 2 * period) % period] = is_own[(2 * period - k) % period] = true;
    double squares[2] = {0.0, 0.0}, counts[2] = {0.0, 0.0};  // of other lines, of its own
    for (std::int64_t k = 1; k < period; ++k) {              // that of k = 0 goes to the offset
      squares[is_own[k]] += std::norm(lines[k]);
      counts[is_own[k]] += 1.0;
    }
    const double noise = m_responses.variance(order) / static_cast<double>(period);
    const auto beyond = [&](bool which) {
      const double count = std::max(counts[which], 1.0);
      return m_responses.scale(order) * beyond_noise(squares[which], count, noise, m_responses.freedom());
    };
    m_own += beyond(true);
    m_other += beyond(false);
  }

  const VolterraExcitation& m_excitation;
  const VolterraResponses& m_responses;
  RealDft m_dft;
  double m_own = 0, m_other = 0;  ///< mean squares in y
};

}  // namespace

VolterraEstimate identify_second_order(const VolterraExcitation& excitation, const std::vector<double>& y) {
  const auto tones = static_cast<std::int64_t>(excitation.tones.size());
  if (2 * tones <= excitation.taps || excitation.orders < 2)
    throw InputError(
        fmt::format("excitation: {} tones and orders up to {} do not determine a second-order kernel of {} "
                    "taps; more tones than half the taps are needed, and order 2",
                    tones, excitation.orders, excitation.taps));
  const VolterraResponses responses(excitation, y);
  const RealDft dft(excitation.period, FFTW_ESTIMATE);
  const Lines u(excitation.waveforms, dft), first(responses.of(1, 0), dft), second(responses.of(2, 0), dft);
  for (const std::int64_t k : excitation.tones)
    if (!(std::abs(u[k]) > 1e-12)) throw InputError(fmt::format("excitation: the waveform has no tone in bin {}", k));
  const SecondOrderSolver solver(excitation);
  const Matrix h2 = solver.solve(measured_products(excitation.tones, u, second));

  const std::int64_t taps = excitation.taps;
  VolterraEstimate estimate;
  estimate.kernel.taps = taps;
  estimate.kernel.second = h2.values;
  estimate.noise = responses.noise();
  for (const double z : responses.of(0, 0)) estimate.offset += z / static_cast<double>(excitation.period);
  // White noise on a period leaves in real and imaginary parts of a line its variance over twice the period.
  const double power = std::norm(u[excitation.tones.front()]),
               lines = 1.0 / (2.0 * static_cast<double>(excitation.period));
  std::vector<double> h1(taps, 0.0), h1_error(taps, 0.0);
  for (std::int64_t i = 0; i < taps; ++i) {
    for (std::int64_t a = 0; a < tones; ++a) {
      const Complex response = first[excitation.tones[a]] / u[excitation.tones[a]];
      const double c = solver.inverse()(i, a), s = solver.inverse()(i, tones + a);
      h1[i] += c * response.real() - s * response.imag();
      h1_error[i] += (c * c + s * s) * responses.variance(1) * lines / power;
    }
    h1_error[i] = std::sqrt(h1_error[i]);
  }
  estimate.kernel.orders = {h1};
  estimate.errors = {h1_error};
  const double apart = responses.variance(2) * lines / (4 * power * power);
  estimate.second_error.resize(h2.values.size());
  for (std::int64_t i = 0; i < taps; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      estimate.kernel.second[i * taps + j] = estimate.kernel.second[j * taps + i] = (h2(i, j) + h2(j, i)) / 2;
      estimate.second_error[i * taps + j] = estimate.second_error[j * taps + i] =
          std::sqrt(apart * solver.variance(i, j));
    }
  estimate.certificate =
      LinesLeft(excitation, responses).certificate(estimate.kernel, noise_in_response(excitation, responses, estimate));
  return estimate;
}

}  // namespace ister::core
