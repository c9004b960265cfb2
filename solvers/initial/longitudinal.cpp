#include "solvers/initial/longitudinal.hpp"

#include <algorithm>
#include <cmath>

namespace ister::solvers {
namespace {

constexpr double nucleon_mass = 0.938919;  ///< of proton and neutron on average [GeV]

}  // namespace

double EtaProfile::at(double eta) const {
  const double outside = std::fmax(0.0, std::abs(eta) - 0.5 * plateau);
  const double beyond = width > 0 ? outside / width : 0.0;
  return std::exp(-0.5 * beyond * beyond);
}

double EtaProfile::energy() const {
  const double edge = 0.5 * plateau, shift = std::sqrt(0.5) * width;
  const double tails = std::exp(edge) * std::erfc(-shift) + std::exp(-edge) * std::erfc(shift);
  return 2.0 * std::sinh(edge) + std::sqrt(M_PI / 2.0) * width * std::exp(shift * shift) * tails;
}

double tilted_density(const Thickness& thickness, const EtaProfile& profile, double eta_t, double eta) {
  const double lean = std::clamp(eta / eta_t, -1.0, 1.0);
  return 0.5 * (thickness.a * (1.0 + lean) + thickness.b * (1.0 - lean)) * profile.at(eta);
}

CollisionAtRest::CollisionAtRest(const Thickness& thickness, const EtaProfile& profile, double beam_rapidity)
    : m_profile(profile) {
  const double fast = std::exp(beam_rapidity), slow = std::exp(-beam_rapidity);
  const double forward = thickness.a * fast + thickness.b * slow, backward = thickness.b * fast + thickness.a * slow;
  m_mass = nucleon_mass * std::sqrt(forward * backward);
  m_rapidity = m_mass > 0.0 ? 0.5 * (std::log(forward) - std::log(backward)) : 0.0;
  m_profile.plateau = std::min(profile.plateau, 2.0 * std::fmax(0.0, beam_rapidity - std::abs(m_rapidity)));
}

double CollisionAtRest::at(double eta) const {
  return m_mass > 0.0 ? m_mass * m_profile.at(eta - m_rapidity) / m_profile.energy() : 0.0;
}

}  // namespace ister::solvers
