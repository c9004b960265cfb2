#!/usr/bin/python3
"""What drivers/plot/plot.py makes of the results of every analysis: panels, axes, labels; and what it says to wrong input.

Environment as in command.py.
"""

import contextlib
import os
import subprocess
import sys
import unittest
from pathlib import Path

import h5py
import numpy as np
from test_analyze_fit import DT, GAP, write_sample
from test_analyze_states import StateFiles

PLOT = Path(__file__).resolve().parents[2] / "drivers" / "plot"
sys.path.insert(0, str(PLOT))
from plot import State  # noqa: E402
from plot_analysis import figure_of  # noqa: E402
from plot_drawing import MOST_PANELS, Results  # noqa: E402
from plot_style import plt  # noqa: E402
from ister import Error, FileError, InputError, read_history  # noqa: E402, found by plot_style


class PlotTest(StateFiles):
    def analyze(self, *arguments):
        """The panels of what an analysis writes: visible axes that are no colour bars."""
        self.assert_runs("analyze", *arguments, "-o", "out.h5")
        return self.panels("out.h5")

    def panels(self, name):
        figure = figure_of(Results(self.folder / name))
        self.addCleanup(plt.close, figure)
        figure.canvas.draw()
        panels = [a for a in figure.axes if a.get_visible() and a.get_label() != "<colorbar>"]
        self.assertLessEqual(len(panels), MOST_PANELS)
        return panels

    def write_records(self, **arrays):
        with h5py.File(self.folder / "records.h5", "w") as file:
            for name, values in arrays.items():
                file[name] = values
        return "records.h5"

    def write_series(self, count=12):
        """A wave that passes."""
        x, _ = self.coordinates()
        waves = [3.0 + 0.5 * np.cos(2 * np.pi * (x / 8.0 - 0.07 * i)) + 0.1 * np.cos(np.pi * x) for i in range(count)]
        return [self.write_state(f"s_{i:02}.h5", {"energy_density": wave}, time=1.0 + 0.1 * i)
                for i, wave in enumerate(waves)]

    @staticmethod
    def legend(panel):
        return [text.get_text() for text in panel.get_legend().get_texts()]

    @staticmethod
    def image(panel):
        (image,) = panel.images
        return image


class StatesTest(PlotTest):
    def test_spectra_of_a_series(self):
        names = self.write_series()
        energy, factor, modes = self.analyze("spectrum", *names)
        for panel in (energy, factor, modes):
            self.assertEqual((panel.get_xscale(), panel.get_yscale()), ("log", "log"))
            self.assertIn("$k$ [1/fm]", panel.get_xlabel())
        self.assertEqual(len(energy.lines), 12)  # told apart by a colour bar
        self.assertIsNone(energy.get_legend())
        energy, _, _ = self.analyze("spectrum", *names[:3])
        self.assertEqual(self.legend(energy), ["$t$ = 1 fm", "$t$ = 1.1 fm", "$t$ = 1.2 fm"])

    def test_g2(self):
        f, g2, static, _, *maps = self.analyze("g2", *self.write_series(), "--shells", "1", "2", "--two-time")
        for panel in (f, g2):
            self.assertEqual(panel.get_xlabel(), r"$\tau$ [fm]")
            np.testing.assert_allclose(panel.lines[0].get_xdata(), 0.1 * np.arange(12), atol=1e-12)
            self.assertEqual(len(self.legend(panel)), 2)
        self.assertEqual((static.get_xlabel(), static.get_yscale()), ("$k$ [1/fm]", "log"))
        self.assertEqual(len(maps), 2)
        for panel in maps:
            shown = self.image(panel).get_array()
            np.testing.assert_array_equal(np.ma.getmaskarray(shown), np.tri(12, k=-1, dtype=bool))
            np.testing.assert_allclose(self.image(panel).get_extent(), [-0.05, 1.15, -0.05, 1.15])

    def test_probes(self):
        value, power, amplitude, phase, residual = self.analyze("probes", *self.write_series(), "--probe", "0,0",
                                                                "--probe", "1.5,-2", "--spectrum", "--tone", "4")
        self.assertEqual(self.legend(value), ["at (0, 0) fm", "at (1.5, -2) fm"])
        self.assertEqual((value.get_xlabel(), value.get_ylabel()), ("$t$ [fm]", "energy_density"))
        self.assertEqual(len(value.lines[0].get_xdata()), 12)
        self.assertIn(r"$\omega$ [1/fm]", power.get_xlabel())
        self.assertEqual(power.get_yscale(), "log")
        for panel in (amplitude, phase, residual):
            np.testing.assert_array_equal(panel.lines[1].get_xdata(), [4.0])

    def test_compare(self):
        a, b = self.folder / "a", self.folder / "b"
        for folder, amplitude in ((a, 0.5), (b, 0.6)):
            folder.mkdir()
            for i in range(3):
                self.write_state(folder / f"run_state_{i:08}.h5", {"energy_density": self.wave(amplitude),
                                                                   "ux": self.wave()}, time=float(i))
        self.assert_runs("analyze", "compare", "a", "b", "-o", "out.h5", code=1)
        panels = self.panels("out.h5")
        self.assertEqual([p.get_ylabel() for p in panels], ["$L_1$ norm", "$L_2$ norm", "max norm"])
        for panel in panels:
            self.assertEqual((panel.get_yscale(), panel.get_title()), ("log", "equal: ux"))
            self.assertEqual(self.legend(panel), ["energy_density"])
            np.testing.assert_array_equal(panel.lines[0].get_xdata(), [0, 1, 2])
        (panel,) = self.analyze("compare", "a", "a")
        self.assertEqual(panel.texts[0].get_text(), "all fields are equal")


class RecordsTest(PlotTest):
    def setUp(self):
        super().setUp()
        self.random = np.random.default_rng(1)

    def test_correlations_of_rows(self):
        self.write_records(x=self.random.normal(size=(3, 501)))
        correlation, pairs = self.analyze("correlate", "records.h5", "--x", "x", "--normalisation", "normalised")
        self.assertEqual(self.legend(correlation), ["row 0", "row 1", "row 2"])
        self.assertEqual(correlation.get_xlabel(), "lag [frames]")
        self.assertEqual(correlation.get_ylabel(), "correlation coefficient")
        np.testing.assert_array_equal(correlation.lines[2].get_xdata(), np.arange(501))
        np.testing.assert_array_equal(pairs.lines[0].get_ydata(), 501 - np.arange(501))

    def test_lags_that_grow_by_powers_of_two(self):
        self.write_records(x=self.random.normal(size=1000))
        correlation, _ = self.analyze("correlate", "records.h5", "--x", "x", "--multi-tau", "--step", "0.01")
        self.assertEqual((correlation.get_xscale(), correlation.get_xlabel()), ("symlog", "lag [units of --step]"))

    def test_complex_correlations_and_coefficients(self):
        self.write_records(z=self.random.normal(size=(50, 2)), x=self.random.normal(size=(3, 50)))
        self.assertEqual(len(self.analyze("correlate", "records.h5", "--x", "z", "--complex")), 3)
        (panel,) = self.analyze("correlate", "records.h5", "--x", "x", "--pearson")
        self.assertEqual(self.image(panel).get_array().shape, (3, 3))
        self.assertEqual(self.image(panel).get_clim(), (-1, 1))
        self.assertEqual(panel.get_ylabel(), "row of x")

    def test_angles(self):
        self.write_records(a=self.random.uniform(-180, 180, 500))
        histogram, places = self.analyze("angles", "records.h5", "--dataset", "a", "--range", "170:-170")
        self.assertEqual((histogram.get_xlabel(), places.get_xlabel()), ("angle [degrees]", "index in the data"))
        angles = places.lines[0].get_ydata()
        self.assertTrue(np.all(np.abs(angles) >= 170))

    def test_volterra(self):
        for method, kernel in (("multisine", {"h": self.random.normal(size=(2, 8))}),
                               ("second-order", {"h": self.random.normal(size=(1, 8)), "h2": np.eye(8)})):
            with self.subTest(method=method):
                self.assert_runs("analyze", "volterra", "excite", "--method", method, "--orders", "2", "--taps", "8",
                                 "-o", "x.h5")
                first, *_ = self.panels("x.h5")
                self.assertEqual((first.get_xlabel(), first.get_ylabel()), ("sample", "$x$"))
                self.write_records(**kernel)
                self.assert_runs("analyze", "volterra", "apply", "x.h5", "--kernel", "records.h5", "-o", "y.h5")
                self.assertEqual(self.panels("y.h5")[0].get_ylabel(), "$y$")
                panels = self.analyze("volterra", "identify", "y.h5", "--excitation", "x.h5", "--method", method)
                self.assertEqual((panels[0].get_xlabel(), panels[0].get_ylabel()), ("tap [samples]", "$h_1$"))
                self.assertEqual(panels[-1].get_ylabel(), "certificate")
                self.assertEqual(sum(len(p.images) for p in panels), 2 if "h2" in kernel else 0)

    def test_fit(self):
        write_sample(self.folder / "sample.h5")
        table, contrast, offset, chi_squared, errors, spread, *maps = self.analyze(
            "fit", "sample.h5", "--q-index", "1", "--dt", DT, "--gap", GAP, "--sigma", "0.002", "--fixed", "alpha",
            "D_offset", "beta", "g_offset", "--residuals")
        cells = {key: cell.get_text().get_text() for key, cell in table.tables[0].get_celld().items()}
        rows = {cells[row, 0]: [cells[row, c] for c in (1, 2)] for row in range(1, 8)}
        self.assertEqual(rows["alpha"], ["0", "fixed"])
        self.assertAlmostEqual(float(rows["phi0"][0]), 10.0, delta=1.0)
        self.assertGreater(float(rows["D0"][1]), 0)
        for panel in (contrast, offset, chi_squared):
            self.assertEqual(panel.get_xlabel(), r"$\phi$ [degrees]")
            np.testing.assert_array_equal(panel.lines[0].get_xdata(), [-30, 0, 45, 90])
        self.assertEqual([t.get_text() for t in errors.get_xticklabels()], ["D0", "g0", "phi0"])
        self.assertEqual(len(maps), 4)
        self.assertIn("sigma", spread.get_xlabel())


class FilesTest(PlotTest):
    def draw(self, *arguments):
        return subprocess.run([sys.executable, PLOT / "plot.py", *arguments], cwd=self.folder, capture_output=True,
                              text=True, timeout=90, check=False)

    def assert_pictures(self, expected, *arguments):
        done = self.draw(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(done.stdout.split()), sorted(expected))
        for name in expected:
            self.assertGreater((self.folder / name).stat().st_size, 5000)

    def assert_not_drawn(self, code, words, name):
        done = self.draw(name)
        self.assertEqual(done.returncode, code, done.stderr)
        for word in (name, *words):
            self.assertIn(word, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_run_and_state(self):
        self.assert_runs("run", self.deck())
        self.assert_pictures(["out/plots/small_series.png", "out/plots/small_history.png",
                              "out/plots/small_state_00000000.png", "out/plots/small_state_00000004.png"], "out")
        self.assert_pictures(["out/small_state_00000004.png"], "out/small_state_00000004.h5")

    def test_arrays_of_anything(self):
        self.write_records(time=np.arange(40.0), field=np.ones((40, 6, 5)), two=np.ones((2, 40)),
                           half=np.triu(np.ones((7, 7))))
        field, half, two = self.panels("records.h5")
        self.assertEqual(self.image(field).get_array().shape, (6, 5))
        self.assertEqual(np.ma.count(self.image(half).get_array()), 28)
        self.assertEqual((len(two.lines), two.get_xlabel()), (2, "$t$ [fm]"))
        self.assert_pictures(["records.png"], "records.h5")
        self.write_records(**{f"array_{i}": np.ones(5) for i in range(30)})
        self.assertEqual(len(self.panels("records.h5")), MOST_PANELS)

    def test_what_cannot_be_drawn(self):
        self.assert_not_drawn(3, ["no such file or folder"], "nix.h5")
        self.write("text.h5", "hello")
        self.assert_not_drawn(3, ["cannot be read as HDF5"], "text.h5")
        self.write_records(a=3.0)
        self.assert_not_drawn(2, ["holds no arrays to draw"], "records.h5")
        with h5py.File(self.folder / "huge.h5", "w") as file:
            file.create_dataset("a", shape=(10**13,), dtype="f8", chunks=(1024,))
        self.assert_not_drawn(2, ["a of shape (10000000000000,) is too large to draw"], "huge.h5")
        with h5py.File(self.folder / "wrong.h5", "w") as file:
            file.attrs["analysis"] = "g2"
            file["f"], file["tau"] = np.ones((3, 2)), np.ones(7)
        self.assert_not_drawn(2, ['its arrays are not those of "g2"'], "wrong.h5")
    def test_links_are_not_written_through(self):
        self.write("victim", "precious")
        self.write_records(a=np.arange(30.0))
        (self.folder / "records.png").symlink_to("victim")
        (self.folder / ".records.png.part").symlink_to("victim")
        self.assert_pictures(["records.png"], "records.h5")
        self.assertEqual((self.folder / "victim").read_text(encoding="utf-8"), "precious")
        (self.folder / "out").mkdir()
        (self.folder / "out/small_history.csv").write_text("step,time,energy\n0,1,2\n1,2,2\n", encoding="utf-8")
        (self.folder / "elsewhere").mkdir()
        (self.folder / "out/plots").symlink_to("../elsewhere")
        self.assert_not_drawn(3, ["symbolic link"], "out")
        self.assertEqual(list((self.folder / "elsewhere").iterdir()), [])

    def assert_refused_as(self, kind, words, read, name):
        with self.assertRaises(Error) as refusal:
            read(self.folder / name)
        self.assertIs(type(refusal.exception), kind, refusal.exception)
        for word in (name, *words):
            self.assertIn(word, str(refusal.exception))

    def test_damaged_histories(self):
        history = self.folder / "history.csv"
        for content in (b"", b"step,time\n", b"step,time\n0,1\n1,2,3\n", b"step,time\n0,one\n", b"no,columns\n1,2\n",
                        b"step,time\n0,\0\n", b"step,time\n0,\xff\xfe\n"):
            history.write_bytes(content)
            self.assert_refused_as(InputError, [], read_history, "history.csv")
        history.unlink()
        os.mkfifo(history)
        self.assert_refused_as(FileError, ["not a plain file"], read_history, "history.csv")

    def test_damaged_states(self):
        wave, x = self.wave(), np.arange(16.0)
        for values in (wave.T, x, np.full(wave.shape, b"x")):
            self.write_state("state.h5", {"energy_density": values})
            self.assert_refused_as(FileError, ["/state/energy_density"], State, "state.h5")
        self.write_state("state.h5", {"energy_density": np.where(wave > 3, np.nan, wave)})
        self.assert_refused_as(InputError, ["not finite"], State, "state.h5")
        for name, value in (("points", np.array([16])), ("upper", np.array([np.nan, 3.0])), ("time", "soon"),
                            ("points", "many"), ("step", np.arange(3))):
            self.write_state("state.h5", {"energy_density": wave})
            with h5py.File(self.folder / "state.h5", "a") as file:
                file.attrs[name] = value
            self.assert_refused_as(FileError, [], State, "state.h5")
        self.write_state("state.h5", {"energy_density": wave})
        whole, random = (self.folder / "state.h5").read_bytes(), np.random.default_rng(5)
        for _ in range(15):
            damaged = bytearray(whole)
            for place in random.integers(8, min(len(whole), 4000), 12):
                damaged[place] = random.integers(256)
            (self.folder / "state.h5").write_bytes(damaged)
            with contextlib.suppress(Error):
                State(self.folder / "state.h5")

    def test_texts_that_are_no_formulas(self):
        self.write_records(a=np.arange(30.0))
        with h5py.File(self.folder / "records.h5", "a") as file:
            file["a"].attrs["units"] = "$\\nonsense{$ \x1b[31m"
            file.attrs["analysis"] = "{a.__class__} $\\x"
        self.panels("records.h5")


if __name__ == "__main__":
    unittest.main()
