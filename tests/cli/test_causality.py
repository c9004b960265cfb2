#!/usr/bin/python3
"""Causality is judged where the matter is that counts: refused at the start (2), an end later (4), a warning else.

Environment as in command.py. The fluids have no shear stress and constant zeta/s and tau_Pi, or a peak of zeta/s:
acausal where zeta/s > (1 - cs2) T tau_Pi. Far from equilibrium: the column acausal_fraction of the history.
"""

import csv

import re
import unittest

import h5py
import numpy as np
from command import CommandTest, deck_head
from test_analyze_states import StateFiles

DECK = """
[run]
name = "signal"
output = "out"
[grid]
geometry = "{geometry}"
points = [16, 12]
lower = [-4.0, -3.0]
upper = [4.0, 3.0]
[time]
start = 1.0
end = {end}
step = 0.05
[eos]
type = "constant_cs2"
cs2 = {cs2}
[transport]
eta_over_s = 0
zeta_over_s = {zeta}
tau_bulk = {tau_bulk}
[checkpoint]
every_steps = 2
keep = 3
[initial]
{initial}
"""
PEAK = '{ model = "peak", value = 0.9, peak_temperature_mev = 250, width_mev = 30 }'  # 222 to 272 MeV
SPOT = 'type = "hot_spot"\namplitude = {}\nwidth = [1.0, 0.8]\ncenter = [1.0, -0.5]\ntemperature = {}'


def mev(temperature):
    return temperature / 197.3269804


class CausalityTest(CommandTest):
    def deck_of(self, initial, geometry="minkowski", end=1.2, cs2=0.2, zeta=0.4, tau_bulk=0.5):
        return self.write("signal.toml", DECK.format(geometry=geometry, end=end, cs2=cs2, zeta=zeta,
                                                     tau_bulk=tau_bulk, initial=initial))

    def test_fluids_that_never_get_there_run(self):
        # Acausal below 197 MeV, which no matter reaches.
        deck = self.deck_of(f'type = "uniform"\ntemperature = {mev(210)}')
        self.assert_runs("run", deck, "--overwrite", ranks=(1, 3))

    def test_a_hot_core(self):
        # Acausal from 222 to 272 MeV; the point nearest to the middle of the spot is the hottest.
        deck = self.deck_of(SPOT.format(6.0, mev(180)), cs2=0.15, zeta=PEAK)
        words = ["initial state", "causal", "point (10, 5) at (1, -0.5)", "GeV/fm^3", "MeV", "bulk", "transport.tau_bulk"]
        self.assert_refused(2, words, "run", deck)
        self.assert_refused(2, words, "check", deck, ranks=(1,))
        self.assertEqual(self.outputs("*_state_*"), [])
        self.assert_runs("run", deck, "--set", "transport.tau_bulk=0.8")

    def test_a_ring_between_a_causal_core_and_a_causal_vacuum(self):
        deck = self.deck_of(SPOT.format(60.0, mev(180)), cs2=0.15, zeta=PEAK)
        code, out, err = self.run_ister("check", deck)
        self.assertEqual(code, 2, out + err)
        temperature = float(re.search(r"T = ([0-9.]+) MeV", err)[1])
        self.assertTrue(222 < temperature < 272, err)

    def test_matter_that_cools_into_it(self):
        deck = self.deck_of(f'type = "uniform"\ntemperature = {mev(215)}', geometry="milne", end=3.0)
        warning = self.assert_runs("check", deck)
        self.assertRegex(warning, r"warning: .*acausal at T = [0-9.]+ to 197")
        words = ["at time 1.", "causal", "T = 19", "transport.tau_bulk"]
        self.assert_refused(4, words, "run", deck, "--overwrite")
        kept = self.outputs("*_checkpoint_*")
        self.assertTrue(kept)
        for path in kept:
            self.assert_runs("info", path)
        self.assert_refused(4, words, "run", deck, "--restart", ranks=(1,))
        end = float(h5py.File(kept[-1], "r").attrs["time"])
        self.assert_runs("run", deck, "--restart", kept[-1], "--set", f"time.end={end + 0.01}")

    def test_matter_that_heats_into_it(self):
        # A compression: the flow runs together in the middle of the box.
        wave = f'type = "standing_wave"\ntemperature = {mev(215)}\nmode = [1, 0]\namplitude = 0\nflow_amplitude = [{{}}, 0, 0]'
        deck = self.deck_of(wave.format(0.5), cs2=0.15, zeta=PEAK, end=7.0)
        self.assertIn("warning", self.assert_runs("check", deck))
        self.assert_refused(4, ["at time", "causal", "T = 2"], "run", deck, "--overwrite")
        self.assertTrue(self.outputs("*_checkpoint_*"))
        deck = self.deck_of(wave.format(0.02), cs2=0.15, zeta=PEAK, end=2.0)
        self.assert_runs("run", deck, "--overwrite")

    def test_a_dilute_rim_does_not_count(self):
        # Acausal below 150 MeV, where e = 0.53 GeV/fm^3.
        spot = SPOT.format(200.0, mev(110))
        deck = self.deck_of(spot, zeta=0.3045)
        counts = ("--set", "units.system=gev-fm", "--set", "initial.temperature=0.11", "--overwrite")
        self.assert_refused(2, ["verdict_cut"], "run", deck, *counts, "--set", "history.verdict_cut=0.05", ranks=(1,))
        output = self.assert_runs("run", deck, *counts, "--set", "history.verdict_cut=0.6", ranks=(1, 3))
        self.assertRegex(output, r"warning: .*acausal.*does not count")

    def test_the_cut_follows_the_units(self):
        uniform = f'type = "uniform"\ntemperature = {mev(160)}'  # e = 0.59 GeV/fm^3
        deck = self.deck_of(uniform)
        energy = float(np.pi**2 / 30 * 42.25 * mev(160)**6)  # 1/fm^4
        for factor, code in ((0.99, 2), (1.01, 0)):
            got, out, err = self.run_ister("check", deck, "--set", f"history.verdict_cut={factor * energy}")
            self.assertEqual(got, code, out + err)
            got, out, err = self.run_ister(
                "check", deck, "--set", "units.system=gev-fm", "--set", "initial.temperature=0.16",
                "--set", f"history.verdict_cut={factor * energy * 0.1973269804}")
            self.assertEqual(got, code, out + err)


STRESSED = deck_head("stressed", [16, 12], [4.0, 3.0], geometry="minkowski", start=1.0, end=1.01, step=0.01) + """
[transport]
eta_over_s = 0.16
[initial]
type = "file"
file = "stressed.h5"
"""
CUT = 0.1 / 0.1973269804  # 1/fm^4


def causal_on_axes(pressures):
    """(4c) to (4f) of arXiv:2005.11632 for conformal matter without bulk pressure, eta/tau_pi = w/5, w = 1."""
    eta, tau, delta = 0.2, 10 / 7, 4 / 3
    inertia = 1 + pressures
    along = eta + tau * pressures / 2 + (2 * eta + (6 * delta - tau) * pressures) / 6 + inertia / 3
    held = [along >= 0, inertia - along >= 0]
    for a in range(3):
        for d in range(3):
            if a != d:
                across = eta + tau * (pressures[a] + pressures[d]) / 4
                held += [[across >= 0], [inertia[a] - across >= 0]]
    return all(np.all(h) for h in held)


class FarFromEquilibriumTest(StateFiles):
    """A state with flow, stresses of all sizes and a dilute part; the fraction follows from the eigenvalues of pi."""

    def setUp(self):
        super().setUp()
        self.write("deck.toml", STRESSED)
        random = np.random.default_rng(3)
        shape = self.POINTS[::-1]
        x, _ = self.coordinates()
        self.energy = np.where(x < -2, 0.5, 1.0) * np.exp(random.uniform(-0.6, 1.0, shape))
        self.u = random.uniform(-1, 1, (3, *shape))
        boost = [np.eye(3) + np.outer(u, u) / (1 + np.sqrt(1 + u @ u)) for u in self.u.reshape(3, -1).T]
        rest = random.normal(size=(len(boost), 3, 3))
        rest = rest + rest.transpose(0, 2, 1)
        rest -= np.trace(rest, axis1=1, axis2=2)[:, None, None] / 3 * np.eye(3)
        rest *= random.uniform(0, 0.8, len(boost))[:, None, None] / np.sqrt((rest**2).sum((1, 2)))[:, None, None]
        self.causal = np.array([causal_on_axes(np.linalg.eigvalsh(r)) for r in rest]).reshape(shape)
        pi = [4 / 3 * e * b @ r @ b for e, b, r in zip(self.energy.ravel(), boost, rest)]
        pi = np.array(pi).reshape(*shape, 3, 3)
        fields = {"energy_density": self.energy, **{f"u{a}": self.u[i] for i, a in enumerate("xyz")}}
        for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
            fields["pi" + "xyz"[i] + "xyz"[j]] = pi[..., i, j]
        self.write_state("stressed.h5", fields)

    def first_row(self):
        with open(self.folder / "out/stressed_history.csv", encoding="ascii") as file:
            return next(csv.DictReader(file))

    def expected(self, cut):
        weight = np.where(self.energy > cut, self.energy * np.sqrt(1 + (self.u**2).sum(0)), 0)
        return weight[~self.causal].sum() / weight.sum()

    def run_far(self, *options, ranks=(1,)):
        """Nobody asks what becomes of it."""
        for count in ranks:
            self.run_ister("run", "deck.toml", "--overwrite", *options, ranks=count)

    def test_fraction(self):
        self.assertTrue(0.2 < self.expected(CUT) < 0.8)
        for count in (1, 3):
            self.run_far(ranks=(count,))
            row = self.first_row()
            self.assertEqual(list(row)[-1], "acausal_fraction")
            self.assertAlmostEqual(float(row["acausal_fraction"]), self.expected(CUT), delta=1e-12)
        self.run_far("--set", "history.verdict_cut=1.3")
        self.assertAlmostEqual(float(self.first_row()["acausal_fraction"]), self.expected(1.3), delta=1e-12)

    def test_without_the_column(self):
        self.run_far("--set", "transport.vorticity=true")
        self.assertNotIn("acausal_fraction", self.first_row())

    def test_state(self):
        text = self.assert_runs("modes", "deck.toml", "--state", "stressed.h5", ranks=(1, 3))
        found = re.search(r", ([0-9.]+) % is acausal in 15 directions, ([0-9.]+) % along the principal axes", text)
        symbol, axes = map(float, found.groups())
        self.assertAlmostEqual(axes, 100 * self.expected(CUT), delta=0.006)
        self.assertTrue(axes <= symbol < axes + 10, text)
        self.assertRegex(text, r"fastest front in the frame of the fluid: .* at point \([0-9]+, [0-9]+\)")


if __name__ == "__main__":
    unittest.main(verbosity=2)
