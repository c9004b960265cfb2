#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace ister::core {

/// The samples [begin, end) of a table, which are played over and over once they have been reached.
struct Loop {
  std::int64_t begin = 0, end = 0;
};

/// Samples that a Sampler reads between, with all that interpolation finds around them: the signal is x[0], x[1], ...
/// and with a loop goes on as x[end - 1], x[begin], x[begin + 1], ... for ever; without one it is silent after the last
/// sample. What precedes a loop, the attack, is played once.
class WaveTable {
 public:
  static constexpr std::int64_t before = 1, behind = 2;  ///< values around the signal that interpolation reads

  /// InputError for an empty table, one of 2^29 samples or more, a sample that is not finite, an empty loop or one that
  /// leaves the table.
  explicit WaveTable(const std::vector<double>& samples, std::optional<Loop> loop = {});

  /// The signal with what is around it.
  [[nodiscard]] const std::vector<double>& values() const { return m_values; }
  /// The signal; what is around it can be read from here as well.
  [[nodiscard]] const double* signal() const { return m_values.data() + before; }
  /// Where playing ends or jumps back, in samples of the signal: it is made long enough to hold the loop twice, so that
  /// what precedes the loop's first sample is right on every turn.
  [[nodiscard]] std::int64_t end() const { return m_end; }
  /// How far it jumps back; 0 without a loop.
  [[nodiscard]] std::int64_t loop_length() const { return m_loop_length; }

 private:
  std::vector<double> m_values;
  std::int64_t m_end, m_loop_length;
};

}  // namespace ister::core
