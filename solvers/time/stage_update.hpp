#pragma once
#include <cstdint>

#include "core/base/tensor.hpp"
#include "core/parallel/stream.hpp"
#include "core/spectral/gradient_sweep.hpp"

namespace ister::solvers {

/// Which of the rates of an implicit-explicit method a component relaxes with; none where negative.
struct RelaxationGroups {
  static constexpr int capacity = 24;  ///< components
  std::int8_t of[capacity] = {};
};

/// What a Runge-Kutta stage does with the time derivative k of the state y, right where it is computed:
/// for every target  (source + weight k + relaxed_weight r y) / (1 + divisor r).
/// r is the relaxation rate of the components that an implicit-explicit method treats implicitly; zero elsewhere.
struct StageUpdate {
  static constexpr int capacity = 8;
  struct Target {
    double* data = nullptr;          ///< register written
    const double* source = nullptr;  ///< register it builds on; may be the target itself; null is zero
    double weight = 0.0;
    double relaxed_weight = 0.0;
    double divisor = 0.0;
  };

  Target targets[capacity];
  int count = 0;
  int components = 0;
  std::int64_t component_stride = 0;
  bool streams = false;  ///< registers are too large for the caches

  const double* state = nullptr;       ///< y
  const double* relaxation = nullptr;  ///< r of every group, null unless implicit-explicit
  RelaxationGroups groups;

  /// Stores the derivative itself, of as many components as `rates` has.
  static StageUpdate store(const core::FieldBundle& state, core::FieldBundle& rates) {
    StageUpdate update;
    update.targets[update.count++] = {rates.data(), nullptr, 1.0};
    update.components = rates.components();
    update.component_stride = rates.layout().component;
    update.state = state.data();
    return update;
  }

  /// Asks memory for what apply will read of a component, if there is one of that number.
  ISTER_INLINE void prefetch(int component, std::int64_t offset, std::int64_t points) const {
    for (int t = 0; t < count && component < components; ++t)
      if (targets[t].source != nullptr)
        core::prefetch(targets[t].source + component * component_stride + offset, points);
  }

  ISTER_INLINE void apply(std::int64_t offset, std::int64_t points, const core::OutputRow& k) const {
    for (int c = 0; c < components; ++c) {
      const double* rate = k.data + c * k.stride;
      const std::int64_t start = c * component_stride + offset;
      const bool relaxes = relaxation != nullptr && groups.of[c] >= 0;
      for (int t = 0; t < count; ++t) {
        if (relaxes)
          add_relaxing(targets[t], rate, start, offset + groups.of[c] * component_stride, points);
        else if (core::on_host && streams && targets[t].data != targets[t].source && targets[t].data != state)
          stream(targets[t], rate, start, points);
        else
          add(targets[t], rate, start, points, targets[t].data + start);
      }
    }
  }

 private:
  ISTER_INLINE static void add(const Target& target, const double* rate, std::int64_t start, std::int64_t points,
                               double* out) {
    if (target.source == nullptr) {
#pragma omp simd
      for (std::int64_t i = 0; i < points; ++i) out[i] = target.weight * rate[i];
    } else {
      const double* in = target.source + start;
#pragma omp simd
      for (std::int64_t i = 0; i < points; ++i) out[i] = in[i] + target.weight * rate[i];
    }
  }

  /// For a register whose old values are not in the caches, nor needed.
  ISTER_INLINE static void stream(const Target& target, const double* rate, std::int64_t start, std::int64_t points) {
    constexpr std::int64_t block = 64;
    alignas(64) double result[block];
    for (std::int64_t first = 0; first < points; first += block) {
      const std::int64_t n = points - first < block ? points - first : block;
      add(target, rate + first, start + first, n, result);
      core::stream_copy(result, n, target.data + start + first);
    }
  }

  ISTER_INLINE void add_relaxing(const Target& target, const double* rate, std::int64_t start, std::int64_t rate_start,
                                 std::int64_t points) const {
    double* out = target.data + start;
    const double* in = target.source + start;
    const double* y = state + start;
    const double* r = relaxation + rate_start;
#pragma omp simd
    for (std::int64_t i = 0; i < points; ++i)
      out[i] = (in[i] + target.weight * rate[i] + target.relaxed_weight * r[i] * y[i]) / (1.0 + target.divisor * r[i]);
  }
};

}  // namespace ister::solvers
