#pragma once

/// How matter is spread along the space-time rapidity eta.
namespace ister::solvers {

/// A plateau of this full width, and half-Gaussians of this width beyond it; width 0: constant in eta.
struct EtaProfile {
  double plateau = 0.0, width = 0.0;

  /// 1 on the plateau.
  [[nodiscard]] double at(double eta) const;
  /// int d eta cosh(eta) at(eta); width > 0.
  [[nodiscard]] double energy() const;
};

/// Thickness functions at a transverse place, of the nucleus that moves towards eta > 0 and of the other one [1/fm^2].
struct Thickness {
  double a = 0.0, b = 0.0;
};

/// [T_A f(eta) + T_B f(-eta)] H(eta) with f = (eta_t + eta)/(2 eta_t) between 0 and 1: nucleons emit more towards where
/// they fly. P. Bozek, I. Wyskiel, Phys. Rev. C 81, 054902 (2010), arXiv:1002.4999.
[[nodiscard]] double tilted_density(const Thickness& thickness, const EtaProfile& profile, double eta_t, double eta);

/// tau e [GeV/fm^2] of matter at rest in Milne coordinates that has the energy and longitudinal momentum of both nuclei
/// at each place: its rapidity y and mass M are those of T_A and T_B nucleons per area with the beam's rapidities,
///     M e^(+-y) = m_N (T_A e^(+-y_beam) + T_B e^(-+y_beam)),   tau e = M H(eta - y)/int d eta cosh(eta) H(eta),
/// on a plateau that ends where the faster nucleus is, at most. C. Shen, S. Alzhrani, Phys. Rev. C 102, 014909 (2020),
/// arXiv:2003.05852, without the flow of their sequel.
class CollisionAtRest {
 public:
  /// Rapidities; profile.width > 0.
  CollisionAtRest(const Thickness& thickness, const EtaProfile& profile, double beam_rapidity);

  [[nodiscard]] double at(double eta) const;
  [[nodiscard]] double mass() const { return m_mass; }          ///< [GeV/fm^2]
  [[nodiscard]] double rapidity() const { return m_rapidity; }  ///< 0 where there is nothing

 private:
  double m_mass, m_rapidity;
  EtaProfile m_profile;
};

}  // namespace ister::solvers
