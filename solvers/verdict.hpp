#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/named_field.hpp"

// What a run is worth, as pure data: the extremes of what is measured, and how they are judged.
namespace ister::solvers {

enum class Grade { none, good, doubtful, bad };
[[nodiscard]] const char* grade_name(Grade grade);

/// What verdicts are made of; the rows of the table `criteria` in verdict.cpp, with the values that are good.
enum class Measured {
  energy_balance,  ///< |balance|
  energy_growth,   ///< factor by which e_max grew in a step
  bulk_ratio,      ///< |Pi|/p where e > verdict_cut
  seam_x,          ///< e at the seam of the box / e_max
  seam_y,
  seam_z,
  seam_flux,         ///< energy that passed the seam / E at the start
  surface_at_seam,   ///< cells at the seam that a freeze-out surface cuts
  resolution,        ///< see ResolutionMeter
  step_over_tau,     ///< length of a step / proper time, in Milne coordinates
  signal_speed,      ///< square of the fastest linear signals where e > verdict_cut
  acausal_fraction,  ///< of matter with e > verdict_cut, fronts faster than light far from equilibrium
  count
};

/// A row of that table.
struct Criterion {
  const char* verdict;      ///< which it counts for
  const char* name;         ///< in profiles
  double good, doubtful;    ///< the largest values that are
  bool ends_run;            ///< whether a bad one ends a run (exit 4) unless run.keep_going
  const char* description;  ///< of a value
  const char* remedy;
};
[[nodiscard]] const Criterion& criterion(Measured what);
[[nodiscard]] Grade grade(Measured what, double value);

/// The verdicts so far. A verdict is the worst of its criteria that were measured; `none` where none was.
class Verdicts {
 public:
  /// balance, cavitation, seam, resolution, causality
  [[nodiscard]] static const std::vector<std::string>& names();

  /// Keeps the value if it is the largest so far; values that are not finite count as largest.
  void note(Measured what, double value, double time);

  [[nodiscard]] Grade grade_of(const std::string& verdict) const;
  /// "verdict: balance good (2.3e-05), cavitation none, ...", with the value that decides.
  [[nodiscard]] std::string line() const;
  /// For each criterion with this grade or a worse one: what was found, when, and what to do.
  [[nodiscard]] std::vector<std::string> remarks(Grade from = Grade::doubtful) const;
  /// Whether one that ends a run is bad.
  [[nodiscard]] bool end_run() const;

  /// verdict_<name> = grade, as files bear it.
  [[nodiscard]] core::Attributes attributes() const;
  /// The extremes, as a restart needs them.
  [[nodiscard]] core::Attributes numbers() const;
  void restore(const core::Attributes& numbers);

  struct Extreme {
    double value = 0, time = 0;
    bool measured = false;
  };
  [[nodiscard]] const Extreme& extreme(Measured what) const { return m_extremes[static_cast<std::size_t>(what)]; }

 private:
  static constexpr std::size_t measured_count = static_cast<std::size_t>(Measured::count);

  [[nodiscard]] Grade grade_of(std::size_t what) const;
  [[nodiscard]] std::string remark(std::size_t what) const;

  std::array<Extreme, measured_count> m_extremes;
};

}  // namespace ister::solvers
