#pragma once
#include <optional>

#include "solvers/local_diffusion.hpp"
#include "solvers/stress_cap.hpp"

namespace ister::solvers {

/// What the stabilizer did to a state: sums over the points of this rank, or over all of them.
struct Stabilization {
  double energy = 0;  ///< added to T^{00}
  double points = 0;  ///< that diffusion changed
  double hot_points = 0,
         hot = 0;     ///< of those with e > verdict_cut: changed, and all of them; none where it did not act
  double capped = 0;  ///< where the cap acted
};

/// Keeps rough data from breaking a run, and leaves resolved flow alone: every so many steps LocalDiffusion, after
/// every step StressCap. Acts on the primitive variables.
class Stabilizer {
 public:
  Stabilizer(const EquationContext& context, Equations& equations);
  /// Whether diffusion is due after a step: the first one, which began with the roughest state, and every so many more.
  [[nodiscard]] bool diffuses_after(std::int64_t step) const {
    return m_diffusion && (step - 1) % m_context.options.stabilizer.every == 0;
  }
  [[nodiscard]] bool caps() const { return m_cap.has_value(); }

  /// Diffusion for a time on a grid whose finest spacing is dx, and the cap. They add to this rank's sums. Collective.
  void diffuse(double time, double dx, core::FieldBundle& primitives, Stabilization& sums);
  void cap(core::FieldBundle& primitives, Stabilization& sums);
  /// Takes data that no solver has seen to what a run can start from: |u| below max_flow, the cap, and, where they are
  /// rough, three times diffusion and cap for 0.4 dx each. Collective.
  void condition(double dx, bool rough, core::FieldBundle& primitives);

 private:
  EquationContext m_context;
  std::optional<LocalDiffusion> m_diffusion;
  std::optional<StressCap> m_cap;
};

}  // namespace ister::solvers
