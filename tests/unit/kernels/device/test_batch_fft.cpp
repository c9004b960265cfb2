#include "core/kernels/device/batch_fft.hpp"

#include "tests/unit/kernels/correlation_oracle.hpp"
#include "tests/unit/kernels/device/arrays.hpp"

namespace ister::tests {
namespace {

using core::device::BatchFft;
using core::device::ComplexArray;

/// sum x_n exp(sign 2 pi i m n/length) of each line.
std::vector<Complex> by_definition(const std::vector<Complex>& x, std::int64_t length, int sign) {
  const long double turn = sign * 2 * std::acos(-1.0L) / static_cast<long double>(length);
  std::vector<Complex> result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto m = static_cast<std::int64_t>(i) % length, start = static_cast<std::int64_t>(i) - m;
    LongComplex sum;
    for (std::int64_t n = 0; n < length; ++n)
      sum += widen(x[start + n]) * std::polar(1.0L, turn * static_cast<long double>(m * n % length));
    narrow(sum, result[i]);
  }
  return result;
}

TEST(DeviceBatchFft, TransformsEachLineAsTheDefinition) {
  for (const std::int64_t length : {4, 8, 12, 20, 28, 60, 64, 140})
    for (const std::int64_t lines : {1, 2, 7}) {
      const BatchFft fft(length, lines);
      const auto x = noise<Complex>(lines * length, 51, 0.5);
      const ComplexArray out("out", lines * length);
      for (const int sign : {-1, 1}) {
        const auto transform = [&] {
          const auto in = on_device(lines, length, x);
          const ComplexArray flat(in.data(), in.size());
          if (sign < 0)
            fft.forward(flat, out);
          else
            fft.backward(flat, out);
          return from_device<Complex>(out);
        };
        const auto result = transform();
        EXPECT_LT(difference(result, by_definition(x, length, sign)), 4e-15) << lines << " lines of " << length;
        std::vector<Complex> one_thread;
        core::on_one_thread([&] { one_thread = transform(); });
        EXPECT_EQ(result, one_thread);
      }
    }
}

TEST(DeviceBatchFft, BackwardUndoesForward) {
  const std::int64_t length = 84, lines = 5;
  const BatchFft fft(length, lines);
  auto x = noise<Complex>(lines * length, 52);
  const auto rows = on_device(lines, length, x);
  const ComplexArray in(rows.data(), rows.size()), spectra("spectra", rows.size());
  fft.forward(in, spectra);
  fft.backward(spectra, in);
  for (Complex& value : x) value *= static_cast<double>(length);
  EXPECT_LT(difference(from_device<Complex>(in), x), 1e-14);
}

}  // namespace
}  // namespace ister::tests
