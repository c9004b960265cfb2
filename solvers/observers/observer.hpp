#pragma once
#include <string>
#include <vector>

#include "core/grid/field_bundle.hpp"
#include "core/grid/named_field.hpp"

namespace ister::solvers {

/// A state that a run has come to, its first one included, as observers are asked about it.
struct Moment {
  std::int64_t step = 0;
  double time = 0;
  bool output = false;  ///< the run writes a snapshot now
  bool last = false;    ///< the run ends here
};

/// What an observer sees. Bundles hold the primitive variables (see Variables) or their time derivatives.
struct Observation {
  Moment moment;
  const core::FieldBundle& primitives;
  const core::FieldBundle* rates = nullptr;           ///< d/dt of the primitive variables, where needed
  const core::FieldBundle* previous = nullptr;        ///< at this observer's last observation, where needed
  const core::FieldBundle* previous_rates = nullptr;  ///< and the rates then
  double previous_time = 0;
};

/// Something that watches a run: it says when it wants to look and what it needs, adds columns to the history, and
/// names what a restart needs of it. It costs nothing while it is not due and no row of the history is written. What
/// lies beyond a rank's block an observer gets by a core::Halo of its own.
class Observer {
 public:
  struct Needs {
    bool rates = false;
    bool previous = false;  ///< with the rates, where these are needed
  };

  virtual ~Observer() = default;
  /// In files; one word.
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual Needs needs() const { return {}; }
  /// The same on all ranks.
  [[nodiscard]] virtual bool due(const Moment& /*moment*/) const { return false; }
  /// Whether a state where it is due will be what it saw last. Else it only glimpses at it: a run that goes on from
  /// there shows it the next one as if it had not.
  [[nodiscard]] virtual bool keeps(const Moment& /*moment*/) const { return true; }
  /// Called where it is due. Collective.
  virtual void observe(const Observation& /*observation*/) {}

  /// Columns of the history, and their values now, appended to a row. Collective.
  [[nodiscard]] virtual std::vector<std::string> columns() const { return {}; }
  virtual void add_values(std::vector<double>& /*row*/) {}

  /// What a restart needs of what it has seen so far, numbers and fields, and that back.
  [[nodiscard]] virtual core::Attributes checkpoint_numbers() const { return {}; }
  [[nodiscard]] virtual std::vector<core::NamedField> checkpoint_fields() { return {}; }
  virtual void restored(const core::Attributes& /*numbers*/) {}
};

}  // namespace ister::solvers
