#pragma once
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace ister::core {

/// What a value measures. Temperatures and energy densities follow the system of units that a user chose and are held
/// in natural ones (powers of 1/fm); everything else is held in the unit of its name, lengths and times in fm.
enum class Unit {
  plain,
  length,
  inverse_length,
  temperature,
  energy_density,
  mev,
  gev,
  per_gev,
  gev_per_fm3,
  seconds,
  path,
  clock,  ///< seconds that are written as HH:MM:SS
};

/// What the value of a key may be and what it means: all that is needed to check it and to explain it.
struct Rule {
  Unit unit = Unit::plain;
  /// Of numbers and entries of lists, as they are written; 0 or infinite where the unit follows the user's system.
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;
  int min_entries = 0, max_entries = std::numeric_limits<int>::max();
  std::vector<std::string> choices;  ///< of texts and entries of lists of texts
  bool required = false;             ///< wherever it applies
  std::string doc;
};

/// Fills in a rule by chained calls, so that declarations read as a list. `Self` has a member `Rule& written()`.
template <class Self>
class RuleWriter {
 public:
  Self in(Unit unit) && {
    rule().unit = unit;
    return self();
  }
  Self above(double low) && {
    rule().low = low;
    rule().low_excluded = true;
    return self();
  }
  Self at_least(double low) && {
    rule().low = low;
    return self();
  }
  Self at_most(double high) && {
    rule().high = high;
    return self();
  }
  Self within(double low, double high) && {
    rule().low = low;
    rule().high = high;
    return self();
  }
  Self entries(int low, int high) && {
    rule().min_entries = low;
    rule().max_entries = high;
    return self();
  }
  Self choices(std::vector<std::string> texts) && {
    rule().choices = std::move(texts);
    return self();
  }
  Self required() && {
    rule().required = true;
    return self();
  }

 private:
  Rule& rule() { return static_cast<Self&>(*this).written(); }
  Self&& self() { return std::move(static_cast<Self&>(*this)); }
};

}  // namespace ister::core
