#pragma once
#include <type_traits>
#include <utility>
#include <variant>

#include "core/spectral/fused_sweep.hpp"
#include "core/spectral/stored_sweep.hpp"

namespace ister::core {

/// The sweep that suits where kernels run.
using GradientSweep = std::conditional_t<on_host, FusedSweep, StoredSweep>;

/// A sweep chosen at run time: GradientSweep, or a StoredSweep on a host as well.
class AnySweep {
 public:
  using Components = SweepComponents;

  /// What follows `stored` goes to the constructor of the sweep. Collective, as are run and filter.
  template <class... Arguments>
  explicit AnySweep(bool stored, Arguments&&... arguments) : m_sweep(make(stored, arguments...)) {}

  template <class Kernel>
  void run(const FieldBundle& state, const Kernel& kernel) {
    std::visit([&](auto& sweep) { sweep.run(state, kernel); }, m_sweep);
  }
  void filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols, const std::vector<int>& components) {
    std::visit([&](auto& sweep) { sweep.filter(state, symbols, components); }, m_sweep);
  }
  void apply(int direction, const LineSymbol& symbol, FieldBundle& fields, const std::vector<int>& components) {
    std::visit([&](auto& sweep) { sweep.apply(direction, symbol, fields, components); }, m_sweep);
  }
  [[nodiscard]] TransformStatistics statistics() const {
    return std::visit([](const auto& sweep) { return sweep.statistics(); }, m_sweep);
  }

 private:
  using Variant = std::conditional_t<on_host, std::variant<FusedSweep, StoredSweep>, std::variant<StoredSweep>>;

  template <class... Arguments>
  static Variant make(bool stored, Arguments&... arguments) {
    if (stored) return Variant(std::in_place_type<StoredSweep>, arguments...);
    return Variant(std::in_place_type<GradientSweep>, arguments...);
  }

  Variant m_sweep;
};

}  // namespace ister::core
