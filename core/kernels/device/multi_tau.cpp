#include "core/kernels/device/multi_tau.hpp"

#include <cmath>

#include "core/kernels/correlation/scalar.hpp"

namespace ister::core::device {
namespace {

using Complex = Kokkos::complex<double>;

KOKKOS_INLINE_FUNCTION bool is_missing(double a) { return a != a; }
KOKKOS_INLINE_FUNCTION bool is_missing(const Complex& a) { return is_missing(a.real()); }

template <class Scalar>
struct IsBadFrame {
  const Scalar *x, *y;
  KOKKOS_FUNCTION bool operator()(std::int64_t s) const { return !is_finite(x[s]) || !is_finite(y[s]); }
};

/// Takes the next frame through the levels.
template <class Scalar>
struct TakeFrame {
  MultiTauState<Scalar> state;
  MultiTauShape shape;
  std::int64_t number;
  Values<const Scalar> x, y;
  bool present, first;  ///< first: of those that are there

  KOKKOS_FUNCTION void operator()(std::int64_t s) const {
    Scalar a(NAN), b(NAN);
    if (present) {
      if (first) {
        state.x_origin[s] = x[s];
        state.y_origin[s] = y[s];
      }
      a = x[s] - state.x_origin[s];
      b = y[s] - state.y_origin[s];
      state.x_sum[s] += a;
      state.y_sum[s] += b;
      state.x_squares[s] += squared_modulus(a);
      state.y_squares[s] += squared_modulus(b);
    }
    std::int64_t frame = number;
    for (int level = 0;; ++level, frame /= 2) {
      add_pairs(level, frame, s, a, b);
      if (level + 1 == shape.levels) return;
      Scalar &pending_x = state.pending_x(level, s), &pending_y = state.pending_y(level, s);
      if (frame % 2 == 0) {
        pending_x = a;
        pending_y = b;
        return;
      }
      a = 0.5 * (pending_x + a);
      b = 0.5 * (pending_y + b);
    }
  }

  /// Those that a frame of a level makes with earlier ones.
  KOKKOS_FUNCTION void add_pairs(int level, std::int64_t frame, std::int64_t s, const Scalar& a,
                                 const Scalar& b) const {
    const std::int64_t slots = std::int64_t{level} * shape.channels;
    state.recent(slots + frame % shape.channels, s) = a;
    if (is_missing(a)) return;
    for (int j = shape.first_channel(level); j < shape.channels && j <= frame; ++j) {
      const Scalar earlier = state.recent(slots + (frame - j) % shape.channels, s);
      if (is_missing(earlier)) continue;
      const std::int64_t lag = shape.lag(level, j);
      state.products(lag, s) += conj_times(earlier, b);
      state.left(lag, s) += earlier;
      state.right(lag, s) += b;
    }
  }
};

/// sigma_x^2 sigma_y^2 of a series, times taken^2.
template <class Scalar>
struct Variances {
  MultiTauState<Scalar> state;
  double taken;
  KOKKOS_FUNCTION double operator()(std::int64_t s) const {
    return (state.x_squares[s] - squared_modulus(state.x_sum[s]) / taken) *
           (state.y_squares[s] - squared_modulus(state.y_sum[s]) / taken);
  }
};

template <class Scalar>
struct IsConstant {
  Variances<Scalar> variances;
  KOKKOS_FUNCTION bool operator()(std::int64_t s) const { return !(variances(s) > 0); }
};

template <class Scalar>
struct Result {
  Variances<Scalar> variances;
  bool normalised;
  Rows<double> lag_factors;
  Rows<Scalar> values;

  KOKKOS_FUNCTION void operator()(std::int64_t lag, std::int64_t s) const {
    const MultiTauState<Scalar>& state = variances.state;
    const double taken = variances.taken, pairs = lag_factors(0, lag);
    // What is removed from the frames as they are kept: their mean, or minus the origin.
    const Scalar x_removed = normalised ? state.x_sum[s] / taken : -state.x_origin[s],
                 y_removed = normalised ? state.y_sum[s] / taken : -state.y_origin[s];
    const Scalar sum = state.products(lag, s) - conj_times(x_removed, state.right(lag, s)) -
                       conj_times(state.left(lag, s), y_removed) + pairs * conj_times(x_removed, y_removed);
    const double scale = normalised ? taken / std::sqrt(variances(s)) : 1.0;
    values(lag, s) = scale * lag_factors(1, lag) * sum;
  }
};

}  // namespace

template <class Scalar>
MultiTauState<Scalar>::MultiTauState(std::int64_t series, const MultiTauShape& shape, std::int64_t lags)
    : recent("multi-tau", shape.levels * shape.channels, series) {
  for (Rows<Scalar>* frames : {&pending_x, &pending_y}) *frames = Rows<Scalar>("multi-tau", shape.levels, series);
  for (Rows<Scalar>* sums : {&products, &left, &right}) *sums = Rows<Scalar>("multi-tau", lags, series);
  for (Values<Scalar>* frame : {&x_origin, &y_origin, &x_sum, &y_sum}) *frame = Values<Scalar>("multi-tau", series);
  for (Values<double>* squares : {&x_squares, &y_squares}) *squares = Values<double>("multi-tau", series);
}

template <class Scalar>
MultiTau<Scalar>::MultiTau(std::int64_t series, int channels, int levels)
    : m_series(series > 0 ? series : throw InputError("a multi-tau correlator without any series")),
      m_lags(channels, levels),
      m_state(series, m_lags.shape(), static_cast<std::int64_t>(lags().size())),
      m_lag_factors("multi-tau", 2, lags().size()),
      m_lag_factors_h(Kokkos::create_mirror_view(Kokkos::HostSpace(), m_lag_factors)) {}

template <class Scalar>
void MultiTau<Scalar>::push(const Values<const Scalar>& x, const Values<const Scalar>& y) {
  static const std::string check = "bad frame";
  if (static_cast<std::int64_t>(x.size()) != m_series || static_cast<std::int64_t>(y.size()) != m_series)
    throw InputError("a frame of " + std::to_string(x.size()) + " and " + std::to_string(y.size()) + " values for " +
                     std::to_string(m_series) + " series");
  const std::int64_t bad = first_where(check, m_series, IsBadFrame<Scalar>{x.data(), y.data()});
  if (bad < m_series) m_lags.refuse_value(bad);
  take(x, y, true);
}

template <class Scalar>
void MultiTau<Scalar>::push_missing() {
  take({}, {}, false);
}

template <class Scalar>
void MultiTau<Scalar>::take(const Values<const Scalar>& x, const Values<const Scalar>& y, bool present) {
  static const std::string label = "multi-tau frame";
  const bool first = m_lags.taken() == 0;
  Kokkos::parallel_for(label, items(m_series),
                       TakeFrame<Scalar>{m_state, m_lags.shape(), frames(), x, y, present, first});
  m_lags.take(present);
}

template <class Scalar>
void MultiTau<Scalar>::result(Normalisation normalisation, const Rows<Scalar>& values) const {
  static const std::string check = "constant series", label = "multi-tau result";
  const auto count = static_cast<std::int64_t>(lags().size());
  expect_shape("the correlation", values, count, m_series);
  const bool normalised = normalisation == Normalisation::normalised;
  const Variances<Scalar> variances{m_state, m_lags.taken()};
  if (normalised) {
    const std::int64_t constant = first_where(check, m_series, IsConstant<Scalar>{variances});
    if (constant < m_series) MultiTauLags::refuse_constant(constant);
  }
  for (std::int64_t lag = 0; lag < count; ++lag) {
    m_lag_factors_h(0, lag) = pairs()[lag];
    m_lag_factors_h(1, lag) = m_lags.weight(lag, normalisation, 1.0);
  }
  copy(m_lag_factors, m_lag_factors_h);
  for_each_entry(label, count, m_series, Result<Scalar>{variances, normalised, m_lag_factors, values});
}

template class MultiTau<double>;
template class MultiTau<Complex>;

}  // namespace ister::core::device
