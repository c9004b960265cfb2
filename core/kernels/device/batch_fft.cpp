#include "core/kernels/device/batch_fft.hpp"

#include <complex>
#include <string>

#include "core/base/error.hpp"
#ifdef ISTER_GPU
#include "core/spectral/gpu_fft.hpp"
#else
#include "core/kernels/correlation/line_fft.hpp"
#endif

namespace ister::core::device {

#ifdef ISTER_GPU

struct BatchFft::Plans {
  Plans(std::int64_t length, std::int64_t lines)
      : plan(pool, GpuPlan::Type::complex, static_cast<int>(length), lines, {1, length}, {1, length}) {}

  void transform(const ComplexArray& in, const ComplexArray& out, bool forward) const {
    plan.execute(reinterpret_cast<const double*>(in.data()), reinterpret_cast<double*>(out.data()), forward ? -1 : 1);
  }

  ArrayPool pool;  ///< of the plan's work area alone
  GpuPlan plan;
};

#else

struct BatchFft::Plans {
  Plans(std::int64_t length, std::int64_t count) : fft(length), lines(count) {}

  void transform(const ComplexArray& in, const ComplexArray& out, bool forward) const {
    const auto at = [this](const ComplexArray& array, std::int64_t line) {
      return reinterpret_cast<std::complex<double>*>(array.data()) + line * fft.length();
    };
    static const std::string label = "line transforms";
    Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, lines), [&](std::int64_t line) {
      if (forward)
        fft.forward(at(in, line), at(out, line));
      else
        fft.backward(at(in, line), at(out, line));
    });
  }

  LineFft fft;
  std::int64_t lines;
};

#endif

BatchFft::BatchFft(std::int64_t length, std::int64_t lines) : m_length(length), m_lines(lines) {
  ISTER_REQUIRE(length % 4 == 0 && lines > 0);  // so that every line is as well aligned as the first
  m_plans = std::make_unique<Plans>(length, lines);
}
BatchFft::~BatchFft() = default;
BatchFft::BatchFft(BatchFft&&) noexcept = default;
BatchFft& BatchFft::operator=(BatchFft&&) noexcept = default;

void BatchFft::forward(const ComplexArray& in, const ComplexArray& out) const { m_plans->transform(in, out, true); }
void BatchFft::backward(const ComplexArray& in, const ComplexArray& out) const { m_plans->transform(in, out, false); }

}  // namespace ister::core::device
