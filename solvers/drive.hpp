#pragma once
#include "core/grid/grid.hpp"
#include "solvers/options.hpp"
#include "solvers/source_term.hpp"

namespace ister::solvers {

/// k = 2 pi mode/L of a tone.
Vec3 wavevector(const DriveTone& tone, const core::Grid& grid);

/// The force of an input's [drive]: per tone f^i = A cos(k.(x - lower) - omega t + phase) along one axis, and
/// f^0 = v.f, so that it moves the fluid and does not heat it (u.f = 0).
class Drive final : public SourceTerm {
 public:
  explicit Drive(const EquationContext& context);
  void add(double time, const core::FieldBundle& primitives, core::FieldBundle& force) override;

 private:
  const EquationContext& m_context;
  core::ArrayPool::Lease m_waves;  ///< per tone cos(k_x x), then sin(k_x x), for the points of a row
};

}  // namespace ister::solvers
