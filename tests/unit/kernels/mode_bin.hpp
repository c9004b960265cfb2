#pragma once
#include "tests/unit/kernels/correlation_oracle.hpp"

namespace ister::tests {

/// The modes of a bin, frame by frame.
struct Bin {
  std::int64_t frames, modes;
  std::vector<Complex> values;
  std::vector<double> weights;
  std::vector<bool> present;

  Bin(std::int64_t n, std::int64_t k, bool masks) : frames(n), modes(k), values(noise<Complex>(n * k, 31, 0.3)) {
    for (std::int64_t m = 0; m < k; ++m)
      weights.push_back(masks && m % 5 == 1 ? 0.0 : 1.0 + static_cast<double>(m % 2));
    for (std::int64_t t = 0; t < n; ++t) {
      present.push_back(!(masks && t % 7 == 3));
      for (std::int64_t m = 0; m < k; ++m)
        if (weights[m] == 0 || !present[t]) values[t * k + m] = std::numeric_limits<double>::quiet_NaN();
    }
  }

  /// Weighted mean over the modes of f(a(t1), a(t2)).
  template <class Function>
  [[nodiscard]] LongComplex mean(std::int64_t t1, std::int64_t t2, const Function& f) const {
    if (!present[t1] || !present[t2]) return std::numeric_limits<long double>::quiet_NaN();
    LongComplex sum;
    long double total = 0;
    for (std::int64_t m = 0; m < modes; ++m)
      if (weights[m] > 0) {
        total += static_cast<long double>(weights[m]);
        sum += static_cast<long double>(weights[m]) * f(widen(values[t1 * modes + m]), widen(values[t2 * modes + m]));
      }
    return sum / total;
  }
};

inline LongComplex product(LongComplex a, LongComplex b) { return std::conj(a) * b; }

/// C2 of all pairs of frames.
inline std::vector<double> intensity_by_definition(const Bin& bin) {
  std::vector<double> c2;
  for (std::int64_t i = 0; i < bin.frames; ++i)
    for (std::int64_t j = 0; j < bin.frames; ++j) {
      const auto both = bin.mean(i, j, [](auto a, auto b) { return LongComplex(std::norm(a) * std::norm(b)); });
      const auto first = bin.mean(i, i, product), second = bin.mean(j, j, product);
      c2.push_back(static_cast<double>(both.real() / first.real() / second.real()));
    }
  return c2;
}

/// F of all pairs of frames.
inline std::vector<Complex> amplitude_by_definition(const Bin& bin) {
  std::vector<Complex> f(static_cast<std::size_t>(bin.frames * bin.frames));
  for (std::int64_t i = 0; i < bin.frames; ++i)
    for (std::int64_t j = 0; j < bin.frames; ++j) narrow(bin.mean(i, j, product), f[i * bin.frames + j]);
  return f;
}

struct BinShape {
  std::int64_t frames, modes;
  bool masks;
};
constexpr BinShape bin_shapes[] = {{1, 1, false}, {2, 3, false}, {23, 7, true}, {9, 700, true}, {64, 257, false}};

}  // namespace ister::tests
