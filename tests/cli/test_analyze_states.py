#!/usr/bin/python3
"""`ister analyze` on state files: spectra of known waves, comparisons of runs, and what is wrong with other input.

Environment as in test_errors.py.
"""

import csv
import unittest

import h5py
import numpy as np
from test_errors import CommandTest


class StateFiles(CommandTest):
    POINTS, LOWER, UPPER = (16, 12), (-4.0, -3.0), (4.0, 3.0)

    def write_state(self, name, fields, time=1.0):
        """A state file as another program would write it, fields indexed (y, x)."""
        with h5py.File(self.folder / name, "w") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": time, "step": 0, "geometry": "minkowski",
                               "units": "natural", "points": np.array(self.POINTS), "lower": np.array(self.LOWER),
                               "upper": np.array(self.UPPER)})
            for field, values in fields.items():
                file[f"state/{field}"] = values
        return name

    def coordinates(self):
        x = [low + (high - low) / n * np.arange(n) for n, low, high in zip(self.POINTS, self.LOWER, self.UPPER)]
        return np.meshgrid(*x)

    def wave(self, amplitude=0.5, periods=2):
        x, _ = self.coordinates()
        return 3.0 + amplitude * np.cos(2 * np.pi * periods * x / 8.0)


class SpectrumTest(StateFiles):
    def test_of_a_wave(self):
        self.write_state("state.h5", {"energy_density": self.wave()})
        self.assert_runs("analyze", "spectrum", "state.h5", "-o", "out.h5", "--csv", "out.csv", ranks=(1, 3))
        with h5py.File(self.folder / "out.h5") as file:
            k, energy, factor, modes = (file[n][()] for n in ("k", "energy", "structure_factor", "modes"))
        shell = int(np.argmin(abs(k - 2 * np.pi * 2 / 8.0)))
        expected = np.zeros_like(energy)
        expected[0], expected[shell] = 9.0 / 2, 0.5 ** 2 / 4
        np.testing.assert_allclose(energy, expected, atol=1e-14)
        volume, mean = 8.0 * 6.0, 2 * 0.25 ** 2 / modes[shell]
        self.assertAlmostEqual(factor[shell], volume * mean, delta=1e-12)
        with open(self.folder / "out.csv") as file:
            rows = list(csv.DictReader(file))
        np.testing.assert_array_equal([float(r["energy"]) for r in rows], energy)

    def test_of_a_series_of_vectors(self):
        x, y = self.coordinates()
        for i, name in enumerate(("a.h5", "b.h5")):
            u = (i + 1) * np.array([np.sin(2 * np.pi * y / 6.0), np.cos(2 * np.pi * x / 8.0)])
            self.write_state(name, {"energy_density": np.ones_like(x), "ux": u[0], "uy": u[1]}, time=1.0 + i)
        self.assert_runs("analyze", "spectrum", "a.h5", "b.h5", "--field", "ux", "--field", "uy", "-o", "out.h5")
        with h5py.File(self.folder / "out.h5") as file:
            np.testing.assert_array_equal(file["time"][()], [1.0, 2.0])
            np.testing.assert_allclose(file["energy"][()].sum(axis=1), [0.5, 2.0], atol=1e-13)  # Parseval

    def test_edges_of_shells(self):
        """On this box many wavevectors lie on edges; whole numbers say in which shell, for g2 as well."""
        self.POINTS, self.LOWER, self.UPPER = (24, 20, 18), (0.0, 0.0, 0.0), (6.0, 5.0, 4.5)
        noise = np.random.default_rng(3).normal(size=(18, 20, 24))
        for time, name in enumerate(("a.h5", "b.h5")):
            self.write_state(name, {"energy_density": noise}, time=float(time))
        x, y, z = np.meshgrid(np.arange(-12, 12), np.arange(-10, 10), np.arange(-9, 9))
        twentieths = 225 * x**2 + 324 * y**2 + 400 * z**2  # (20 |k|/dk)^2
        edges = 100 * (2 * np.arange(1, 20) - 1)**2
        expected = np.bincount(np.searchsorted(edges, twentieths.ravel(), side="right"))
        self.assert_runs("analyze", "spectrum", "a.h5", "-o", "spectrum.h5")
        self.assert_runs("analyze", "g2", "a.h5", "b.h5", "--shells", "0", "12", "-o", "g2.h5")
        for name, shells in (("spectrum.h5", len(expected)), ("g2.h5", 13)):
            with h5py.File(self.folder / name) as file:
                np.testing.assert_array_equal(file["modes"][()], expected[:shells])

    def test_wrong_input(self):
        self.write_state("state.h5", {"energy_density": self.wave()})
        self.assert_refused(2, ['no field "heat"', "energy_density"], "analyze", "spectrum", "state.h5", "--field",
                            "heat", "-o", "out.h5")
        self.assert_refused(3, ["nix.h5"], "analyze", "spectrum", "nix.h5", "-o", "out.h5")
        self.assert_refused(2, ["--output"], "analyze", "spectrum", "state.h5", ranks=(1,))
        self.assert_refused(2, ["spectrm", "nearest is spectrum"], "analyze", "spectrm", ranks=(1,))
        whole = (self.folder / "state.h5").read_bytes()
        (self.folder / "half.h5").write_bytes(whole[:len(whole) // 2])
        self.assert_refused(3, ["half.h5"], "analyze", "spectrum", "half.h5", "-o", "out.h5")
        self.assert_refused(3, ["/nix/"], "analyze", "spectrum", "state.h5", "-o", "/proc/nix/out.h5", ranks=(1,))


class CompareTest(StateFiles):
    def test_states(self):
        self.write_state("a.h5", {"energy_density": self.wave()})
        self.write_state("b.h5", {"energy_density": self.wave() + 3.5e-6})
        self.assertIn("equal within", self.assert_runs("analyze", "compare", "a.h5", "a.h5"))
        printed = self.assert_runs("analyze", "compare", "a.h5", "b.h5", "-o", "norms.h5", code=1, ranks=(1, 3))
        self.assertIn("not equal", printed)
        self.assert_runs("analyze", "compare", "a.h5", "b.h5", "--tolerance", "1.1e-6")
        with h5py.File(self.folder / "norms.h5") as file:
            for norm in ("l1", "l2", "max"):
                self.assertAlmostEqual(file[f"energy_density_{norm}"][0], 3.5e-6 / 3.5000035, delta=1e-14)

    def test_runs(self):
        self.assert_runs("run", self.deck(), "--output", "one", ranks=(1,))
        self.assert_runs("run", "deck.toml", "--output", "three", ranks=(3,))
        self.assert_runs("run", "deck.toml", "--output", "other", "--set", "transport.eta_over_s=0.2", ranks=(1,))
        self.assertIn("equal within", self.assert_runs("analyze", "compare", "three", "one"))
        self.assertIn("not equal", self.assert_runs("analyze", "compare", "other", "one", code=1))

    def test_wrong_input(self):
        self.write_state("a.h5", {"energy_density": self.wave()})
        self.POINTS = (16, 13)
        self.write_state("b.h5", {"energy_density": self.wave()})
        self.assert_refused(2, ["not on the same grid"], "analyze", "compare", "a.h5", "b.h5")
        self.POINTS = (16, 12)
        for name, key, value in (("gev.h5", "units", "gev-fm"), ("milne.h5", "geometry", "milne")):
            self.write_state(name, {"energy_density": self.wave()})
            with h5py.File(self.folder / name, "r+") as file:
                file.attrs[key] = value
        self.assert_refused(2, ["gev.h5", '"gev-fm"', '"natural"'], "analyze", "compare", "a.h5", "gev.h5")
        self.assert_refused(2, ["gev.h5", '"gev-fm"', '"natural"'], "analyze", "spectrum", "gev.h5", "-o", "out.h5")
        self.assert_refused(2, ["milne.h5", "geometry"], "analyze", "compare", "a.h5", "milne.h5")
        self.assert_refused(2, ["holds no state files"], "analyze", "compare", ".", "a.h5")
        (self.folder / "broken.h5").write_text("no HDF5")
        self.assert_refused(3, ["broken.h5", "not an HDF5 file"], "analyze", "compare", "broken.h5", "a.h5")


if __name__ == "__main__":
    unittest.main(verbosity=2)
