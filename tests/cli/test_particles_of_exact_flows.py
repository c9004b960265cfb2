#!/usr/bin/python3
"""`ister analyze particles` on the surfaces of runs whose flow is known: spectra to 1e-6.

Environment as in command.py.
"""

import math
import unittest

import h5py
import numpy as np
import command

HBAR_C = 0.1973269804
SPECIES = {"pi": (0.13957, 1, -1), "K": (0.49368, 1, -1), "p": (0.93827, 2, 1)}  # mass [GeV], degeneracy, statistics
TABLE = "name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q\n" + "".join(
    f"{name},{mass},0,{degeneracy},{statistics},{int(name == 'p')},0,0\n"
    for name, (mass, degeneracy, statistics) in SPECIES.items())
TRANSPORT = """
[transport]
eta_over_s = 0.2
tau_pipi = 0.0
"""

BJORKEN = command.deck_head("bjorken", [8, 8], [2.0, 2.0], start=0.6, end=6.0, step=0.02) + TRANSPORT + """
[initial]
type = "uniform"
temperature = 1.5
[surface]
temperature = 0.15
"""
GUBSER = command.deck_head("gubser", [144, 144], [4.5, 4.5], start=1.0, end=2.0, step=0.03) + TRANSPORT + """
[initial]
type = "gubser"
q = 1.0
temperature_hat = 1.2
blend_radius = 3.0
[surface]
temperature = 0.15786158432
every_time = 0.03
elements = "quadrature"
"""
# dN/(dy d^2pT) [1/GeV^2] per spin state with 14 moments of the isotherm T = 0.8/fm from tau = 1 fm on, by other
# software, where two methods agree to 2e-15.
GUBSER_SPECTRA = {
    0.2: {"pi": 0.835529361690296, "K": 0.0659533447976012, "p": 0.00243963720293864},
    1.0: {"pi": 0.111725860542304, "K": 0.040697214128635, "p": 0.00367324497315901},
    3.0: {"pi": 0.000777974136606283, "K": 0.000566221779920274, "p": 0.000228997099589327},
}


def bjorken_flow(temperature, end, steps=4000):
    """tau and phi = pi/(e + p), pi = -tau^2 pi^{eta eta}, where T = `end`, from a temperature at 0.6 fm without stress.

    In ln T, by Runge and Kutta: dT/T = (phi - 1) dtau/(3 tau), tau_pi = 5 eta/(e + p).
    """
    def rates(log_t, values):
        tau, phi = values
        tau_pi = 5 * 0.2 / math.exp(log_t)
        cooling = (phi - 1) / (3 * tau)
        # delta_pipi = 4/3, and e + p goes as T^4
        change = -phi / tau_pi + 4 / (15 * tau) - 4 / 3 * phi / tau - 4 * phi * cooling
        return np.array([1.0, change]) / cooling

    values, log_t, h = np.array([0.6, 0.0]), math.log(temperature), math.log(end / temperature) / steps
    for _ in range(steps):
        a = rates(log_t, values)
        b = rates(log_t + h / 2, values + h / 2 * a)
        c = rates(log_t + h / 2, values + h / 2 * b)
        d = rates(log_t + h, values + h * c)
        values, log_t = values + h / 6 * (a + 2 * b + 2 * c + d), log_t + h
    return values


def bjorken_spectrum(pt, mass, degeneracy, statistics, temperature, tau, phi):
    """dN/(2 pi pT dpT dy) per area [1/GeV^2/fm^2] with 14 moments, the integral over eta by the trapezoidal rule."""
    step = 0.01
    eta = np.arange(-500, 501) * step
    mt = np.hypot(mass, pt)[:, None]
    energy, along, pt = mt * np.cosh(eta), mt * np.sinh(eta), pt[:, None]
    decay = np.exp(-energy / temperature)
    f = decay / (1 + statistics * decay)
    delta = (1 - statistics * f) * phi * (pt**2 / 2 - along**2) / (2 * temperature**2)
    return degeneracy * tau * step * (energy * f * (1 + delta)).sum(axis=1) / (2 * np.pi * HBAR_C)**3


class ExactFlows(command.CommandTest):
    def spectra(self, surface, *arguments):
        """Transverse momenta, and dN/(2 pi pT dpT dy) by species."""
        self.write("species.csv", TABLE)
        self.assert_runs("analyze", "particles", surface, "-o", "p.h5", "--species", "species.csv", *arguments)
        with h5py.File(self.folder / "p.h5") as file:
            return file["pi/pt"][()], {name: file[f"{name}/dN_2pi_pT_dpT_dy"][()] for name in SPECIES}

    def test_bjorken_flow(self):
        self.write("deck.toml", BJORKEN)
        self.assert_runs("run", "deck.toml")
        pt, found = self.spectra("out/bjorken_surface.h5")
        tau, phi = bjorken_flow(1.5, 0.15 / HBAR_C)
        for name, (mass, degeneracy, statistics) in SPECIES.items():
            exact = 16 * bjorken_spectrum(pt, mass, degeneracy, statistics, 0.15, tau, phi)
            np.testing.assert_allclose(found[name], exact, rtol=1e-6, err_msg=name)

    def test_gubser_flow(self):
        self.write("deck.toml", GUBSER)
        self.assert_runs("run", "deck.toml")
        for pt, exact in GUBSER_SPECTRA.items():
            # Of five momenta the middle one is a quarter of the largest. The surface is round: a few angles do.
            momenta, found = self.spectra("out/gubser_surface.h5", "--pt-max", 4 * pt, "--pt-points", 5, "--angles", 16)
            self.assertAlmostEqual(momenta[2], pt, 12)
            for name, (_, degeneracy, _) in SPECIES.items():
                self.assertLess(abs(found[name][2] / (degeneracy * exact[name]) - 1), 1e-6, f"{name} {pt}")


if __name__ == "__main__":
    unittest.main()
