#!/usr/bin/python3
"""Collisions from the thickness functions of both nuclei: a tilt, and matter with all of their energy and momentum.

Environment as in command.py.
"""

import re
import unittest

import h5py
import numpy as np
from command import CommandTest, deck_head

HBARC = 0.1973269804
NUCLEON = 0.938919  # GeV
N_X, N_Y, STEP = 25, 21, 0.5
ETA = -5.0 + 0.25 * np.arange(40)
TAU, BEAM = 0.8, 4.2
DECK = deck_head("s", [24, 20, 40], [6.0, 5.0, 5.0], start=0.8, end=0.801, step=0.001) + """
[numerics]
preset = "none"
[initial]
type = "thickness"
file = "a.dat"
file_b = "b.dat"
grid_spacing = 0.5
scale = 2.0
floor = 0.0
eta_plateau = 2.0
eta_width = 0.7
"""
TILTED = DECK + "eta_tilt = 2.0\n"
AT_REST = DECK + f"beam_rapidity = {BEAM}\n"


class ThicknessTest(CommandTest):
    def setUp(self):
        super().setUp()
        x, y = STEP * (np.arange(N_X) - 12), STEP * (np.arange(N_Y) - 10)
        self.a = 1.5 * np.exp(-(x[None, :] - 0.8)**2 / 3 - (y[:, None] + 0.5)**2 / 2) + 1e-3
        self.b = 1.1 * np.exp(-(x[None, :] + 1.1)**2 / 2 - y[:, None]**2 / 2.6) + 1e-3
        np.savetxt(self.folder / "a.dat", self.a, header="event 0")
        np.savetxt(self.folder / "b.dat", self.b, header="event 0")

    def energy(self, deck, *settings):
        """e [GeV/fm^3], [eta][y][x] on the points of the maps, which are those of the grid; and what was said."""
        self.write("deck.toml", deck)
        out = self.assert_runs("run", "deck.toml", "--overwrite", *(("--set", *settings) if settings else ()))
        with h5py.File(self.outputs("s_state_*.h5")[0], "r") as file:
            return HBARC * file["state/energy_density"][()], out

    @staticmethod
    def profile(eta):
        return np.exp(-0.5 * (np.maximum(0, np.abs(eta) - 1.0) / 0.7)**2)

    def test_tilt(self):
        e, _ = self.energy(TILTED)
        a, b = self.a[:-1, :-1], self.b[:-1, :-1]  # the last row and column of the maps are the seam of the grid
        f = np.clip(0.5 * (1 + ETA / 2.0), 0, 1)[:, None, None]
        expected = 2.0 * (a * f + b * (1 - f)) * self.profile(ETA)[:, None, None]
        np.testing.assert_allclose(e, expected, rtol=1e-11, atol=1e-12 * e.max())
        # Towards eta > 0 it leans to the side of A, by so much.
        x = -6 + STEP * np.arange(24)
        mean = (e * x).sum((1, 2)) / e.sum((1, 2))
        at = {eta: mean[np.abs(ETA - eta).argmin()] for eta in (-2.0, 0.0, 2.0)}
        self.assertAlmostEqual(at[2.0], (a * x).sum() / a.sum(), 9)
        self.assertAlmostEqual(at[-2.0], (b * x).sum() / b.sum(), 9)
        self.assertAlmostEqual(at[0.0], ((a + b) * x).sum() / (a + b).sum(), 9)
        self.assertGreater(at[2.0], at[0.0])
        # In x and y alone: at eta = 0.
        flat, _ = self.energy(TILTED, "grid.points=[24,20]", "grid.lower=[-6,-5]", "grid.upper=[6,5]")
        np.testing.assert_allclose(flat, a + b, rtol=1e-11)

    def test_equal_nuclei_have_the_profile_of_a_map(self):
        plain = DECK.replace('"thickness"', '"trento"').replace('file_b = "b.dat"\n', "")
        expected, _ = self.energy(plain)
        for deck in (TILTED, AT_REST):
            e, _ = self.energy(deck, 'initial.file_b="a.dat"')
            np.testing.assert_allclose(e / e[20, 9, 13], expected / expected[20, 9, 13], rtol=1e-12,
                                       atol=1e-14)
        e, _ = self.energy(TILTED, 'initial.file_b="a.dat"')
        np.testing.assert_allclose(e, expected, rtol=1e-12, atol=1e-14 * e.max())

    def test_mirrors(self):
        for deck in (TILTED, AT_REST):
            e, _ = self.energy(deck)
            mirrored, _ = self.energy(deck, 'initial.file="b.dat"', 'initial.file_b="a.dat"')
            np.testing.assert_allclose(e[1:], mirrored[:0:-1], rtol=1e-11, atol=1e-13 * e.max())
            turned, _ = self.energy(deck, "initial.transpose=true", "grid.points=[20,24,40]", "grid.lower=[-5,-6,-5]",
                                    "grid.upper=[5,6,5]")
            np.testing.assert_allclose(turned, e.transpose(0, 2, 1), rtol=1e-11, atol=1e-13 * e.max())

    def test_energy_and_momentum(self):
        e, out = self.energy(AT_REST, "grid.points=[24,20,128]", "grid.lower=[-6,-5,-7]", "grid.upper=[6,5,7]",
                             "initial.scale=1", "initial.floor=1e-12", "run.keep_going=true")
        eta = -7 + 14 / 128 * np.arange(128)[:, None, None]
        a, b = self.a[:-1, :-1], self.b[:-1, :-1]
        for weight, brought in ((np.cosh(eta), np.cosh(BEAM) * (a + b)), (np.sinh(eta), np.sinh(BEAM) * (a - b))):
            np.testing.assert_allclose((TAU * 14 / 128 * e * weight).sum(0), NUCLEON * brought, rtol=2e-3,
                                       atol=1e-3 * NUCLEON * np.cosh(BEAM) * (a + b).max())
        said = [float(number) for number in re.findall(r"(-?[\d.]+) GeV", out.partition("both nuclei")[2])[:4]]
        area = STEP**2 * NUCLEON
        for i, brought in enumerate((area * np.cosh(BEAM) * (self.a + self.b).sum(),
                                     area * np.sinh(BEAM) * (self.a - self.b).sum())):
            self.assertAlmostEqual(said[i] / brought, 1, 5)
            self.assertLess(abs(said[2 + i] - brought), 2e-3 * abs(said[0]))
        # The middle of the matter at a place is its rapidity.
        place = (8, 15)
        middle = (e * eta).sum(0)[place] / e.sum(0)[place]
        ta, tb = a[place], b[place]
        self.assertLess(abs(middle - np.arctanh((ta - tb) / (ta + tb) * np.tanh(BEAM))), 1e-3)

    def test_ranks(self):
        e, _ = self.energy(AT_REST)
        self.assert_runs("run", "deck.toml", "--output", "three", ranks=(3,))
        with h5py.File(self.folder / "three/s_state_00000000.h5", "r") as file:
            np.testing.assert_allclose(HBARC * file["state/energy_density"][()], e, rtol=1e-13)

    def test_refuses(self):
        self.write("tilted.toml", TILTED)
        self.write("rest.toml", AT_REST)
        self.write("neither.toml", DECK)
        self.write("single.toml", TILTED.replace('"thickness"', '"trento"'))
        self.write("both.toml", TILTED + "beam_rapidity = 4.0\n")
        np.savetxt(self.folder / "small.dat", self.b[:-1])
        np.savetxt(self.folder / "short.dat", [[1.0, 2.0], [3.0, -4.0]])
        (self.folder / "deep.dat").write_text("# grid-step = 0.5\n# grid-nsteps = 2\n# grid-max = 0.25\n"
                                              "# grid-nsteps-eta = 2\n# grid-max-eta = 1\n" + "1 " * 8 + "\n")
        for case, (code, words, deck, *settings) in enumerate((
                (2, ["initial.file_b", "small.dat", "25 x 20", "25 x 21"], "tilted", 'initial.file_b="small.dat"'),
                (2, ["short.dat", "-4"], "tilted", 'initial.file_b="short.dat"'),
                (3, ["nix.dat"], "tilted", 'initial.file_b="nix.dat"'),
                (2, ["deep.dat", "rapidity"], "tilted", 'initial.file_b="deep.dat"'),
                (2, ["eta_tilt", "beam_rapidity"], "both"),
                (2, ["eta_tilt", "beam_rapidity"], "neither"),
                (2, ["initial.eta_width", "beam_rapidity"], "rest", "initial.eta_width=0"),
                (2, ["initial.quantity", "beam_rapidity"], "rest", 'initial.quantity="entropy_density"'),
                (2, ["milne"], "tilted", 'grid.geometry="minkowski"'),
                (2, ["initial.file_b", "thickness"], "single"))):
            self.assert_refused(code, words, "run", f"{deck}.toml", *(("--set", *settings) if settings else ()),
                                ranks=self.ranks_of(case))


if __name__ == "__main__":
    unittest.main()
