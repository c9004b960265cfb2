#pragma once
#include <memory>
#include <vector>

#include "solvers/hydro_system.hpp"
#include "solvers/observers/observer.hpp"

namespace ister::solvers {

/// The observers of a run, in the order in which they were added, and what they are shown.
class Observers {
 public:
  explicit Observers(HydroSystem& system) : m_system(system) {}

  /// Takes memory for what the observer needs.
  void add(std::unique_ptr<Observer> observer);
  /// Shows the state of the system to those that are due. Collective; allocates nothing itself.
  void look(const Moment& moment);

  /// All columns of the history, and a row of them. Collective.
  [[nodiscard]] std::vector<std::string> columns() const;
  [[nodiscard]] std::vector<double> row() const;

  /// What a restart needs of the states that observers remember: fields, and numbers to be given to restored().
  [[nodiscard]] std::vector<core::NamedField> checkpoint_fields();
  [[nodiscard]] core::Attributes checkpoint_numbers() const;
  void restored(const core::Attributes& numbers);

 private:
  struct Watcher {
    std::unique_ptr<Observer> observer;
    core::FieldBundle previous, previous_rates;  ///< where it needs them
    double previous_time = 0;
    bool has_seen = false;
    bool keeps = false;  ///< what it is shown now
  };

  void show(Watcher& watcher, const Moment& moment, bool& has_rates);
  void keep(Watcher& watcher, double time, const core::FieldBundle*& rates);

  HydroSystem& m_system;
  std::vector<Watcher> m_watchers;
  core::FieldBundle m_rates;  ///< where any needs them
};

}  // namespace ister::solvers
