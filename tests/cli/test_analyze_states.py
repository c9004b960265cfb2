#!/usr/bin/python3
"""`ister analyze` on state files: spectra of known waves, comparisons of runs, and what is wrong with other input.

Environment as in command.py.
"""

import csv
import os
import unittest

import h5py
import numpy as np
from command import CommandTest


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
            energy = file["energy"][()]
        self.assert_runs("analyze", "spectrum", "a.h5", "b.h5", "--field", "ux", "uy", "-o", "out.h5", "--csv",
                         "out.csv")
        table = np.genfromtxt(self.folder / "out.csv", delimiter=",", names=True)
        np.testing.assert_array_equal([table["energy_0"], table["energy_1"]], energy)

    def test_of_the_folder_of_a_run(self):
        (self.folder / "run").mkdir()
        for step in (2, 0, 10):
            self.write_state(f"run/a_state_{step:08d}.h5", {"energy_density": self.wave(0.1 * step)}, time=float(step))
        self.assert_runs("analyze", "spectrum", "run", "-o", "out.h5")
        with h5py.File(self.folder / "out.h5") as file:
            np.testing.assert_array_equal(file["time"], [0, 2, 10])
            self.assertTrue(np.all(np.diff(file["energy"][()].sum(axis=1)) > 0))
        self.write_state("run/b_state_00000000.h5", {"energy_density": self.wave()})
        self.assert_refused(2, ["run", "several runs", "a, b"], "analyze", "spectrum", "run", "-o", "out.h5", ranks=(1,))

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


class BadStatesTest(StateFiles):
    """State files that are wrong in themselves: every analysis says in what."""

    ANALYSES = (("spectrum", "bad.h5"), ("probes", "bad.h5"), ("g2", "good.h5", "bad.h5"),
                ("compare", "bad.h5", "good.h5"))

    def assert_all_refuse(self, code, words):
        for name, *files in self.ANALYSES:
            self.assert_refused(code, ["bad.h5", *words], "analyze", name, *files, "-o", "out.h5", ranks=(1,))

    def test_attributes(self):
        self.write_state("good.h5", {"energy_density": self.wave()})
        for key, value, words in (
                ("upper", [-4.0, 3.0], ["lower[0] = -4, upper[0] = -4"]), ("upper", [4.0, -8.0], ["upper[1] = -8"]),
                ("lower", [np.nan, -3.0], ["lower[0] = nan"]), ("upper", [np.inf, 3.0], ["upper[0] = inf"]),
                ("points", [0, 12], ["points[0] = 0", "whole number"]), ("points", [16, -4], ["points[1] = -4"]),
                ("points", [2**31 + 5, 12], ["points[0] = 2147483653"]),
                ("points", [2**40, 12], ["points[0] = 1099511627776"]),
                ("points", [16.5, 12], ["points[0] = 16.5"]), ("points", [16], ["points = [16]", "lower = [-4, -3]"]),
                ("time", np.nan, ["time = nan", "finite"]), ("time", np.inf, ["time = inf"])):
            with self.subTest(key=key, value=value):
                self.write_state("bad.h5", {"energy_density": self.wave()}, time=2.0)
                with h5py.File(self.folder / "bad.h5", "r+") as file:
                    file.attrs[key] = value
                self.assert_all_refuse(3, words)

    def test_fields(self):
        self.write_state("good.h5", {"energy_density": self.wave()})
        for value in (np.nan, np.inf):
            values = self.wave()
            values[3, 7] = value
            self.write_state("bad.h5", {"energy_density": values}, time=2.0)
            self.assert_all_refuse(2, [f"energy_density[3][7] = {value}", "not finite"])
        self.write_state("bad.h5", {"energy_density": self.wave()[:, :8]}, time=2.0)
        self.assert_all_refuse(2, ["energy_density", "8 x 12", "the grid 16 x 12"])

    def test_other_files(self):
        self.write_state("good.h5", {"energy_density": self.wave()})
        with h5py.File(self.folder / "bad.h5", "w") as file:
            file["x"] = np.ones(3)
        self.assert_all_refuse(3, ['not a file of format "ister-state"'])


class OutputTest(StateFiles):
    """Where results are written: plain files only, never over the input, all of them or none."""

    def setUp(self):
        super().setUp()
        self.write_state("a.h5", {"energy_density": self.wave()})
        (self.folder / "folder").mkdir()
        os.mkfifo(self.folder / "pipe")
        (self.folder / "link").symlink_to("pipe")

    def test_only_plain_files_are_replaced(self):
        for target, words in (("pipe", ["pipe: will not be replaced", "device, pipe"]), ("folder", ["it is a folder"]),
                              ("link", ["link: will not be replaced", "symbolic link"]),
                              ("nowhere/x", ["nowhere/x", "there is no folder nowhere"]),
                              ("", ['""', "name of a file"]),
                              ("a.h5/x", ["there is no folder a.h5"]), ("x" * 300, ["x: ", "too long"])):
            for arguments in (("-o", target), ("-o", "o.h5", "--csv", target)):
                self.assert_refused(3, words, "analyze", "spectrum", "a.h5", *arguments, ranks=(1,))
            if target:
                self.assert_refused(3, words, "bench", "--filter", "machine", "--output", target, ranks=(1,))
        self.assertTrue((self.folder / "pipe").is_fifo())
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["a.h5", "folder", "link", "pipe"])

    def test_input_and_output_are_different_files(self):
        whole = (self.folder / "a.h5").read_bytes()
        for target in ("a.h5", "./folder/../a.h5", self.folder / "a.h5"):
            self.assert_refused(2, [str(target), "written over the input"], "analyze", "spectrum", "a.h5", "-o", target,
                                ranks=(1,))
            self.assert_refused(2, ["over the input"], "analyze", "compare", "a.h5", "a.h5", "--csv", target,
                                ranks=(1,))
        self.assertEqual((self.folder / "a.h5").read_bytes(), whole)
        self.assert_refused(2, ["o.h5", "same file"], "analyze", "spectrum", "a.h5", "-o", "o.h5", "--csv", "./o.h5")
        self.assertFalse((self.folder / "o.h5").exists())

    def test_all_or_nothing(self):
        self.write_state("b.h5", {"energy_density": self.wave()}, time=2.0)
        self.assert_runs("analyze", "probes", "a.h5", "b.h5", "-o", "o.h5", "--csv", "o.csv")
        for name in ("o.h5", "o.csv"):
            (self.folder / name).unlink()
        self.assert_refused(2, ["--csv"], "analyze", "probes", "a.h5", "b.h5", "--tone", "1", "-o", "o.h5", "--csv",
                            "o.csv")
        self.assertEqual(list(self.folder.glob("*o.*")), [])


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
        self.assert_refused(2, ["gev.h5", '"gev-fm"', '"natural"'], "analyze", "spectrum", "gev.h5", "-o", "out.h5",
                            ranks=(1,))
        self.assert_refused(2, ["milne.h5", "geometry"], "analyze", "compare", "a.h5", "milne.h5", ranks=(1,))
        self.assert_refused(2, ["two folders are expected", "a.h5"], "analyze", "compare", ".", "a.h5", ranks=(1,))
        (self.folder / "empty").mkdir()
        self.assert_refused(3, ["empty", "no state files"], "analyze", "compare", "empty", "empty")
        (self.folder / "broken.h5").write_text("no HDF5")
        self.assert_refused(3, ["broken.h5", "not an HDF5 file"], "analyze", "compare", "broken.h5", "a.h5")

    def test_what_one_side_lacks_is_a_difference(self):
        self.write_state("a.h5", {"energy_density": self.wave(), "ux": 0 * self.wave()})
        self.write_state("b.h5", {"energy_density": self.wave()})
        for pair in (("a.h5", "b.h5"), ("b.h5", "a.h5")):
            printed = self.assert_runs("analyze", "compare", *pair, "-o", "o.h5", "--csv", "o.csv", code=1)
            self.assertIn("b.h5 lacks fields of a.h5: ux", printed)
            self.assertIn("not equal", printed)

    def test_states_without_a_partner_are_a_difference(self):
        for run, times in (("one", (1.0, 2.0)), ("two", (1.0, 2.0, 3.0, 3.5))):
            (self.folder / run).mkdir()
            for step, time in enumerate(times):
                self.write_state(f"{run}/r_state_{step:08d}.h5", {"energy_density": self.wave()}, time=time)
        for pair in (("one", "two"), ("two", "one")):
            printed = self.assert_runs("analyze", "compare", *pair, "-o", "o.h5", code=1, ranks=(1, 3))
            self.assertIn("2 states of two have none at the same time in one: at 3, 3.5", printed)
            self.assertIn("not equal", printed)
        with h5py.File(self.folder / "o.h5") as file:
            np.testing.assert_array_equal(file["time"], [1.0, 2.0])

    def test_paths_that_lead_nowhere(self):
        self.write_state("a.h5", {"energy_density": self.wave()})
        (self.folder / "loop").symlink_to("loop")
        for path, words in (("loop", ["loop", "symbolic links"]), ("x" * 300, ["xxx", "name too long"])):
            self.assert_refused(3, words, "analyze", "compare", path, "a.h5", ranks=(1,))
            self.assert_refused(3, words, "analyze", "compare", ".", path)
            self.assert_refused(3, words, "analyze", "probes", path, "-o", "o.h5", ranks=(1,))

    def test_tolerance(self):
        self.write_state("a.h5", {"energy_density": self.wave()})
        for value in ("nan", "-1", "inf", "much"):
            self.assert_refused(2, ["--tolerance", f'"{value}"', "0 to 1e30"], "analyze", "compare", "a.h5", "a.h5",
                                "--tolerance", value, ranks=(1,))


if __name__ == "__main__":
    unittest.main(verbosity=2)
