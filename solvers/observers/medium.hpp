#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/field_bundle.hpp"
#include "core/grid/nodes.hpp"
#include "core/grid/series.hpp"
#include "solvers/equations.hpp"
#include "solvers/observers/medium_options.hpp"
#include "solvers/observers/observer.hpp"

namespace ister::solvers {

/// What codes for jets and photons ask of the matter that they pass: names of output fields.
[[nodiscard]] const std::vector<std::string>& medium_fields();

/// Every so many points of a direction of the grid, point n/2 (the origin of a box that is symmetric about it) among
/// them.
[[nodiscard]] core::Nodes medium_nodes(const core::Grid& grid, int direction, int stride);

/// The medium over time for other codes: values at points of the grid as they are, without interpolation, at the times
/// start + i every_time. Where these lie within a step whoever runs the system visits them (HydroSystem::visit).
class MediumObserver final : public Observer {
 public:
  MediumObserver(const EquationContext& context, const MediumOptions& options);

  [[nodiscard]] std::string name() const override { return "medium"; }
  [[nodiscard]] bool due(const Moment& moment) const override;
  void observe(const Observation& observation) override;
  [[nodiscard]] core::Attributes checkpoint_numbers() const override { return {{"rows", m_rows}}; }
  void restored(const core::Attributes& numbers) override { m_rows = std::get<std::int64_t>(numbers.at("rows")); }

  /// When it wants to look next [fm].
  [[nodiscard]] double next_time() const;
  /// Rows of (field, z, y, x), on rank 0.
  [[nodiscard]] core::Series& series() { return m_series; }
  /// Of all rows until then.
  [[nodiscard]] std::int64_t bytes_until(double time) const;

 private:
  void describe();
  [[nodiscard]] core::Box thinned(const core::Box& box) const;
  void pick(std::vector<double>& picked);
  void gather(const std::vector<double>& picked, double* field);

  EquationContext m_context;
  MediumOptions m_options;
  std::array<int, 3> m_first{}, m_stride{1, 1, 1};  ///< in points of the grid
  std::array<std::int64_t, 3> m_points{1, 1, 1};    ///< of the coarser grid
  core::FieldBundle m_field;
  std::vector<double> m_block;  ///< of this rank, all points
  std::int64_t m_rows = 0;      ///< so far
  core::Series m_series;
};

}  // namespace ister::solvers
