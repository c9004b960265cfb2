#include "core/spectral/field_transform.hpp"
#ifdef ISTER_GPU
#include <string>

#include "core/base/error.hpp"
#include "core/spectral/gpu_fft.hpp"

namespace ister::core {
namespace {

/// A LineSymbol where kernels can read it.
class DeviceSymbol {
 public:
  DeviceSymbol(ArrayPool& pool, int points) : m_factor(pool.acquire(points)) {}

  /// Nothing is copied when the symbol is the one loaded last.
  void load(const LineSymbol& symbol) {
    if (symbol.imaginary == m_loaded.imaginary && symbol.factor == m_loaded.factor) return;
    ISTER_REQUIRE(static_cast<std::int64_t>(symbol.factor.size()) == m_factor.size());
    m_loaded = symbol;
    Kokkos::deep_copy(m_factor.view(), HostArray(m_loaded.factor.data(), m_loaded.factor.size()));
  }
  [[nodiscard]] const double* factor() const { return m_factor.data(); }
  [[nodiscard]] bool imaginary() const { return m_loaded.imaginary; }

 private:
  ArrayPool::Lease m_factor;
  LineSymbol m_loaded;
};

/// Multiplies a spectrum of lines by their symbol. Modes are neighbours in memory (rows), or lines are (columns).
template <bool modes_are_neighbours>
struct MultiplySpectrum {
  double* values;  ///< real and imaginary parts
  const double* factor;
  bool imaginary;
  std::int64_t neighbours;  ///< modes of a row, or columns

  KOKKOS_FUNCTION void operator()(std::int64_t i) const {
    const double f = factor[modes_are_neighbours ? i % neighbours : i / neighbours];
    const double re = values[2 * i], im = values[2 * i + 1];
    values[2 * i] = imaginary ? -f * im : f * re;
    values[2 * i + 1] = imaginary ? f * re : f * im;
  }
};

template <bool modes_are_neighbours>
void multiply(const DeviceSymbol& symbol, double* values, std::int64_t neighbours, std::int64_t count) {
  static const std::string label = "symbol";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, neighbours * count),
                       MultiplySpectrum<modes_are_neighbours>{values, symbol.factor(), symbol.imaginary(), neighbours});
}

/// Real columns side by side in memory are complex columns, two by two (see ColumnTransform).
class GpuColumns final : public LineOperator {
 public:
  GpuColumns(ArrayPool& pool, int points, std::int64_t width)
      : m_points(points), m_columns(width / 2), m_symbol(pool, points) {
    if (m_columns > 0)
      m_plan = GpuPlan(pool, GpuPlan::Type::complex, points, m_columns, {m_columns, 1}, {m_columns, 1});
  }

  void apply(const LineSymbol& symbol, const double* in, double* out) override {
    if (m_columns == 0) return;
    m_symbol.load(symbol);
    m_plan.execute(in, out, -1);
    multiply<false>(m_symbol, out, m_columns, m_points);
    m_plan.execute(out, out, 1);
  }

  [[nodiscard]] int plans() const override { return m_columns > 0 ? 1 : 0; }

 private:
  int m_points;
  std::int64_t m_columns;  ///< complex ones
  DeviceSymbol m_symbol;
  GpuPlan m_plan;
};

/// Real rows through half of their spectra.
class GpuRows final : public LineOperator {
 public:
  GpuRows(ArrayPool& pool, const BlockLayout& layout)
      : m_modes(layout.columns / 2 + 1),
        m_rows(layout.rows * layout.planes),
        m_symbol(pool, static_cast<int>(layout.columns)) {
    // Only then all rows of a component are equally far apart.
    ISTER_REQUIRE(layout.plane == layout.rows * layout.pitch);
    if (m_rows == 0) return;
    const auto points = static_cast<int>(layout.columns);
    m_forward = GpuPlan(pool, GpuPlan::Type::forward, points, m_rows, {1, layout.pitch}, {1, m_modes});
    m_backward = GpuPlan(pool, GpuPlan::Type::backward, points, m_rows, {1, m_modes}, {1, layout.pitch});
    m_spectrum = pool.acquire(2 * m_modes * m_rows);
  }

  void apply(const LineSymbol& symbol, const double* in, double* out) override {
    if (m_rows == 0) return;
    m_symbol.load(symbol);
    m_forward.execute_forward(in, m_spectrum.data());
    multiply<true>(m_symbol, m_spectrum.data(), m_modes, m_rows);
    m_backward.execute_backward(m_spectrum.data(), out);
  }

  [[nodiscard]] int plans() const override { return m_rows > 0 ? 2 : 0; }

 private:
  std::int64_t m_modes, m_rows;
  DeviceSymbol m_symbol;
  GpuPlan m_forward, m_backward;
  ArrayPool::Lease m_spectrum;
};

}  // namespace

std::unique_ptr<LineOperator> make_column_operator(MPI_Comm /*comm*/, ArrayPool& pool, int points, std::int64_t width) {
  return std::make_unique<GpuColumns>(pool, points, width);
}

std::unique_ptr<LineOperator> make_row_operator(MPI_Comm /*comm*/, ArrayPool& pool, const BlockLayout& layout) {
  return std::make_unique<GpuRows>(pool, layout);
}

}  // namespace ister::core
#endif
