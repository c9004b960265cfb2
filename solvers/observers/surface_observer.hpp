#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/halo.hpp"
#include "core/surface/element_table.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/observers/observer.hpp"
#include "solvers/observers/surface_finder.hpp"
#include "solvers/observers/verdict_observer.hpp"

namespace ister::solvers {

/// Surfaces of constant energy density in space and time, found while the run goes on: between two observations, some
/// steps apart, from both states and their rates. Every surface comes with the balance of a current K that nothing
/// feeds, K^0 = tau T^{00} + F, K^i = tau T^{0i}, F(x) = int tau^2 T^{eta eta} dtau (none in Minkowski space): what was
/// inside at the start has gone through the surface or is inside still.
class SurfaceObserver final : public Observer {
 public:
  /// InputError where a temperature is beyond the equation of state. `verdict` learns of what happens at the seam.
  SurfaceObserver(HydroSystem& system, const SurfaceOptions& options, VerdictObserver& verdict);

  /// InputError where a level is above all matter of the initial state.
  void require_matter() const;
  /// Whether nothing is above any level.
  [[nodiscard]] bool all_frozen() const;

  [[nodiscard]] std::string name() const override { return "surface"; }
  [[nodiscard]] Needs needs() const override { return {true, true}; }
  [[nodiscard]] bool due(const Moment& moment) const override;
  void observe(const Observation& observation) override;
  [[nodiscard]] std::vector<std::string> columns() const override;
  void add_values(std::vector<double>& row) override;
  [[nodiscard]] core::Attributes checkpoint_numbers() const override;
  [[nodiscard]] std::vector<core::NamedField> checkpoint_fields() override;
  void restored(const core::Attributes& numbers) override;

  /// New elements of each level, on rank 0, with the attributes of the surface so far.
  [[nodiscard]] const std::vector<core::surface::ElementTable*>& tables() { return m_tables; }
  /// What became of each surface, in words.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] bool started() const { return m_started; }

 private:
  struct Level {
    Thermodynamics matter;
    SurfaceSums sums;
    SurfaceSums corona;       ///< what was below at the start, where elements are wanted of it
    double start_energy = 0;  ///< K^0 inside at the start
    double inside = 0;        ///< K^0 inside now
    bool complete = false;    ///< nothing is inside
    core::surface::ElementTable table;

    [[nodiscard]] double closure() const { return (sums.current + inside - start_energy) / start_energy; }
  };

  void add_level(double log_e);
  void limit_duration(double bend, double duration);
  [[nodiscard]] double duration_from(double time) const;
  void fetch(const Observation& observation);
  [[nodiscard]] SurfaceSlab slab_of(const Observation& observation);
  void integrate_pressure(SurfaceSlab& slab);
  void keep_source(const SurfaceSlab& slab);
  void begin(const SurfaceSlab& slab, std::int64_t step);
  double find(const SurfaceSlab& slab, Level& level, std::int64_t step);
  void find_corona(const SurfaceSlab& slab, Level& level, std::int64_t step);
  [[nodiscard]] InsideSums look_inside(const SurfaceSlab& slab, const Level& level);
  void gather(const std::vector<double>& elements, Level& level, std::int64_t step) const;
  void describe(Level& level) const;

  HydroSystem& m_system;
  const EquationContext m_context;
  SurfaceOptions m_options;
  VerdictObserver& m_verdict;
  std::vector<Level> m_levels;
  std::vector<core::surface::ElementTable*> m_tables;
  std::unique_ptr<SurfaceFinder> m_finder;
  core::Halo m_halo, m_source_halo;
  /// With neighbours around the block: the primitive variables and their rates at both ends.
  std::array<core::FieldBundle, 2> m_values, m_rates;
  std::array<core::HostArray, 2> m_host_values, m_host_rates;  ///< the same memory where kernels run on the host
  core::FieldBundle m_source;                                  ///< integral of T^{zz} over time at the last observation
  core::FieldBundle m_source_around;                           ///< with neighbours: at both ends, and its rates
  core::HostArray m_host_source;
  bool m_started = false;
  double m_limit = 0;  ///< of the next duration, from how far ln e bent during the last one; 0: not known yet
  double m_time = 0;   ///< of the last observation
  std::array<bool, 3> m_hot_seam{};   ///< directions in which matter is periodic from the start
  std::array<double, 3> m_at_seam{};  ///< cells of any surface at the seam of the others
};

}  // namespace ister::solvers
