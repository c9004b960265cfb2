#pragma once
#include <cmath>

#include "physics/freeze_out_element.hpp"
#include "physics/units.hpp"

/// Elements of surfaces for tests of spectra.
namespace ister::tests {

using physics::DeltaF;
using physics::FreezeOutElement;

constexpr double pi = 3.14159265358979323846;
constexpr double gev = physics::units::gev_to_inverse_fm(1.0);

inline double relative(double a, double b) { return std::abs(a / b - 1.0); }

struct Kind {
  double mass;  // GeV
  int statistics;
};
constexpr Kind kinds[] = {{0.13957, -1}, {0.13957, 0}, {0.49368, -1}, {0.93827, 1}, {0.93827, 0}};

constexpr double temperature = 0.15 * gev, enthalpy = 3.0;

/// What each correction does at some strength, in the fluid of temperature and enthalpy.
inline const DeltaF no_change, fourteen_moments{0.5 / (enthalpy * temperature * temperature), 0, 0, 0},
    chapman_enskog{0, 0.5 / (0.8 * enthalpy * temperature), 0, 0}, bulk{0, 0, -0.11, 0.23},
    everything{0.1, 0.7, 0.06, -0.1};

/// Shear stress of two parameters, orthogonal to u and traceless, as w times longitudinal and anisotropic parts.
inline void set_stress(FreezeOutElement& e, double w, double along, double across) {
  const double ux = e.ux, uy = e.uy, ut2 = 1.0 + ux * ux + uy * uy;
  // A^{ij} = D (1, -1) D^T without its trace among D, with D the projector
  const double xx = 1.0 + ux * ux, xy = ux * uy, yy = 1.0 + uy * uy;
  const double axx = xx * xx - xy * xy, axy = xx * xy - xy * yy, ayy = xy * xy - yy * yy;
  // trace with the metric: A^{xx} + A^{yy} - A^{tt}
  const double tx = (axx * ux + axy * uy), ty = (axy * ux + ayy * uy), tt = (tx * ux + ty * uy) / ut2;
  const double trace = axx + ayy - tt;
  e.pixx = w * (-0.5 * along * xx + across * (axx - 0.5 * trace * xx));
  e.pixy = w * (-0.5 * along * xy + across * (axy - 0.5 * trace * xy));
  e.piyy = w * (-0.5 * along * yy + across * (ayy - 0.5 * trace * yy));
  e.pizz = w * along;
}

/// Boost-invariant, at tau = 4.1.
inline FreezeOutElement element(double ux, double uy, double dS_tau, double dS_x, double dS_y, double along = 0.0,
                                double across = 0.0, const DeltaF& delta = no_change) {
  constexpr double tau = 4.1;
  FreezeOutElement e{0, tau * dS_tau, tau * dS_x, tau * dS_y, 0, ux, uy, 0, temperature, 0, 0, 0, 0, 0, 0, delta};
  set_stress(e, enthalpy, along, across);
  return e;
}

}  // namespace ister::tests
