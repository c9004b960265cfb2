#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/halo.hpp"
#include "core/surface/element_table.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/observers/observer.hpp"
#include "solvers/observers/surface_balance.hpp"
#include "solvers/observers/surface_finder.hpp"
#include "solvers/observers/verdict_observer.hpp"

namespace ister::solvers {

/// Surfaces of constant energy density in space and time, found while the run goes on: between two observations, some
/// steps apart, from both states and their rates, and only near what is hot. Every surface comes with the balance of a
/// current K that nothing feeds, K^0 = tau T^{00} + F, K^i = tau T^{0i}, F(x) = int tau^2 T^{eta eta} dtau (none in
/// Minkowski space): what was inside at the start has gone through the surface, has been spent on the expansion, or is
/// inside still. Any F(x) at one time will do: it begins anew with each pair of observations.
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
  [[nodiscard]] bool keeps(const Moment& moment) const override;
  void observe(const Observation& observation) override;
  [[nodiscard]] std::vector<std::string> columns() const override;
  void add_values(std::vector<double>& row) override;
  [[nodiscard]] core::Attributes checkpoint_numbers() const override;
  void restored(const core::Attributes& numbers) override;

  /// New elements of each level, on rank 0, with the attributes of the surface so far.
  [[nodiscard]] const std::vector<core::surface::ElementTable*>& tables() { return m_tables; }
  /// What became of each surface, in words.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] bool started() const { return m_started; }

 private:
  /// How far a surface has come.
  struct Progress {
    SurfaceSums sums;
    SurfaceSums corona;       ///< what was below at the start, where elements are wanted of it
    double start_energy = 0;  ///< sqrt(-g) T^{00} inside at the start
    double inside = 0;        ///< the same now
    double booked = 0;        ///< what was added to it not by the equations (see HotEnergy)
    double cells_inside = 1;

    /// What a restart needs.
    [[nodiscard]] std::vector<double*> numbers() {
      return {&sums.volume,     &sums.energy,     &sums.lost,       &sums.elements, &sums.backward,
              &sums.at_seam[0], &sums.at_seam[1], &sums.at_seam[2], &corona.volume, &corona.energy,
              &corona.elements, &start_energy,    &inside,          &booked,        &cells_inside};
    }
    [[nodiscard]] bool complete() const { return cells_inside == 0.0; }
    [[nodiscard]] double closure() const {
      return (sums.energy + sums.lost + inside - booked - start_energy) / start_energy;
    }
  };
  struct Level {
    Thermodynamics matter;
    Progress now;
    Progress kept;  ///< as of the last state that was more than glimpsed at
    core::surface::ElementTable table;
  };

  void add_level(double log_e);
  [[nodiscard]] double lowest_level() const;
  void limit_duration(double bend, double duration);
  [[nodiscard]] double duration_from(double time) const;
  [[nodiscard]] core::Box cells_of(const Observation& observation) const;
  void fetch(const Observation& observation, const core::Box& points);
  void fetch(const core::FieldBundle& values, const core::FieldBundle& rates, const core::Box& points, int end);
  void turn(const core::Box& points);
  [[nodiscard]] SurfaceSlab slab_of(const Observation& observation);
  void begin(const SurfaceSlab& slab, std::int64_t step);
  double find(const SurfaceSlab& slab, std::int64_t step);
  void find_corona(const SurfaceSlab& slab, Level& level, std::int64_t step);
  [[nodiscard]] InsideSums look_inside(const SurfaceSlab& slab, const Level& level);
  void find(const SurfaceSlab& slab, Level& level, std::int64_t step, double& bend);
  void gather(Level& level, std::int64_t step);
  void describe(Level& level) const;

  HydroSystem& m_system;
  const EquationContext m_context;
  SurfaceOptions m_options;
  VerdictObserver& m_verdict;
  std::vector<Level> m_levels;
  std::vector<core::surface::ElementTable*> m_tables;
  std::unique_ptr<SurfaceFinder> m_finder;
  HotRegion m_region;
  core::Halo m_halo;
  SurfaceBalance m_balance;
  /// With neighbours around the block: the primitive variables and their rates at both ends.
  std::array<core::FieldBundle, 2> m_values, m_rates;
  std::array<core::HostArray, 2> m_host_values, m_host_rates;  ///< the same memory where kernels run on the host
  core::Box m_fetched{{0, 0, 0}, {0, 0, 0}};                   ///< where the first end is set already
  std::vector<double> m_elements, m_all_elements;              ///< just found, on this rank and on all
  std::vector<std::size_t> m_order;
  bool m_started = false;
  double m_limit = 0;  ///< of the next duration, from how far ln e bent during the last one; 0: not known yet
  double m_time = 0;   ///< of the last observation
  std::array<bool, 3> m_hot_seam{};  ///< directions in which matter is periodic from the start: no seam
};

}  // namespace ister::solvers
