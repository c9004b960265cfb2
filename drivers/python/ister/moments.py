"""Moments of an event in the transverse plane: eccentricities, anisotropies and mean flow.

Integrals are sums over the points with e >= energy_cut [GeV/fm^3], in three dimensions over the plane nearest to
`rapidity` (z in Minkowski space). A complex moment m stands for |m| and the angle arg(m)/n.
"""

from typing import NamedTuple

import numpy as np

from .errors import InputError


class Plane(NamedTuple):
    """Coordinates and fields of the points that count, each as one row."""

    x: np.ndarray
    y: np.ndarray
    of: callable  # a field (z, y, x) -> its values at these points


def plane_of(state, energy_cut, rapidity):
    if state.dimensions < 2:
        raise InputError(f"{state.path}: moments need a transverse plane, the grid has one direction")
    cut = ()
    if state.dimensions == 3:
        cut = (int(np.argmin(np.abs(state.coordinates[state.axes[2]] - rapidity))),)
    hot = state["energy_density"][cut] >= energy_cut
    if not hot.any():
        raise InputError(f"{state.path}: nowhere is the energy density above energy_cut = {energy_cut} GeV/fm^3")
    x, y = np.meshgrid(state.coordinates["x"], state.coordinates["y"])
    return Plane(x[hot], y[hot], lambda field: field[cut][hot])


def eccentricity(state, n, weight="energy_density", energy_cut=0.0, rapidity=0.0):
    """eps_n exp(i n psi_n) = -{r^m exp(i n phi)}/{r^m} about the centre of the weight, m = n, but 3 for n = 1.

    {.} integrates over the plane with a field as weight. Teaney and Yan, Phys. Rev. C 83 (2011) 064904.
    """
    plane = plane_of(state, energy_cut, rapidity)
    w = plane.of(state[weight])
    z = plane.x + 1j * plane.y
    z = z - np.sum(w * z) / np.sum(w)
    r = np.abs(z)
    m = 3 if n == 1 else n
    return -np.sum(w * r ** (m - n) * z**n) / np.sum(w * r**m)


def enthalpy(state):
    """e + p + Pi and p + Pi."""
    p = state.pressure() + state.part("bulk_pressure")
    return state["energy_density"] + p, p


def momentum_anisotropy(state, energy_cut=0.0, rapidity=0.0):
    """int(T^xx - T^yy + 2 i T^xy)/int(T^xx + T^yy), stresses included; its real part is `eps_p` of the history.

    Kolb, Sollfrank and Heinz, Phys. Rev. C 62 (2000) 054909.
    """
    plane = plane_of(state, energy_cut, rapidity)
    w, p = enthalpy(state)
    ux, uy = state.part("ux"), state.part("uy")
    xx, yy, xy = (np.sum(plane.of(t)) for t in (w * ux * ux + p + state.part("pixx"),
                                                w * uy * uy + p + state.part("piyy"),
                                                w * ux * uy + state.part("pixy")))
    return complex(xx - yy, 2 * xy) / (xx + yy)


def mean_radial_flow(state, energy_cut=0.0, rapidity=0.0):
    """(x u^x + y u^y)/(r u^0), averaged with weight e u^0 [c]."""
    plane = plane_of(state, energy_cut, rapidity)
    u0, u = (plane.of(state.four_velocity()[0]), [plane.of(state.part(i)) for i in ("ux", "uy")])
    e, r = plane.of(state["energy_density"]), np.hypot(plane.x, plane.y)
    outward = np.divide(plane.x * u[0] + plane.y * u[1], r, out=np.zeros_like(r), where=r > 0)
    return float(np.sum(e * outward) / np.sum(e * u0))


def flow_vector(state, n, energy_cut=0.0, rapidity=0.0):
    """int |T^0i| exp(i n phi)/int |T^0i|: phi is the direction of the transverse momentum density (T^0x, T^0y).

    T^0i = (e + p + Pi) u^0 u^i + pi^0i with pi^0i = u_j pi^ij/u^0.
    """
    plane = plane_of(state, energy_cut, rapidity)
    w, _ = enthalpy(state)
    u0, u = state.four_velocity()
    pi = [[state.part(f"pi{ij}") for ij in row.split()] for row in ("xx xy xz", "xy yy yz")]
    density = [w * u0 * u[i] + sum(u[j] * pi[i][j] for j in range(3)) / u0 for i in range(2)]
    momentum = plane.of(density[0]) + 1j * plane.of(density[1])
    size = np.abs(momentum)
    if not np.sum(size) > 0:
        raise InputError(f"{state.path}: nothing flows; the flow vector has no direction")
    return complex(np.sum(size * np.exp(1j * n * np.angle(momentum))) / np.sum(size))
