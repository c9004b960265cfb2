#include "core/kernels/correlation/mode_frames.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace ister::core {

ModeFrames::ModeFrames(std::int64_t frames, std::vector<double> weights) : m_weights(std::move(weights)) {
  if (frames < 1 || m_weights.empty()) throw InputError("a record of modes needs frames and modes");
  for (std::size_t k = 0; k < m_weights.size(); ++k) {
    if (!std::isfinite(m_weights[k]) || m_weights[k] < 0)
      throw InputError("the weight of mode " + std::to_string(k) + " is " + std::to_string(m_weights[k]) +
                       "; weights are 0 or more");
    m_total_weight += m_weights[k];
  }
  if (m_total_weight == 0) throw InputError("all modes of the bin are masked");
  m_present.assign(static_cast<std::size_t>(frames), false);
}

void ModeFrames::expect_at_most(std::int64_t frames) const {
  if (m_frames > frames)
    throw InputError("a record of " + std::to_string(m_frames) + " frames is correlated in room for " +
                     std::to_string(frames));
}

void ModeFrames::refuse_dark(std::int64_t frame) {
  throw InputError("frame " + std::to_string(frame) + " has no intensity in the bin: C2 has no meaning there");
}

void ModeFrames::expect_room() const {
  if (m_frames == static_cast<std::int64_t>(m_present.size()))
    throw InputError("a record of modes for " + std::to_string(m_frames) + " frames is given one more");
}

void ModeFrames::refuse_mode(std::int64_t mode) const {
  throw InputError("mode " + std::to_string(mode) + " of frame " + std::to_string(m_frames) + " is not finite");
}

}  // namespace ister::core
