#!/usr/bin/python3
"""`ister analyze correlate` and `ister analyze g2` against NumPy, and what they say to wrong input.

Environment as in command.py.
"""

import unittest

import h5py
import numpy as np
from command import CommandTest


def lagged(x, y, normalisation, present=None):
    """r[k] of two records by the definition."""
    n = len(x)
    present = np.ones(n, bool) if present is None else present
    if normalisation == "normalised":
        x, y = x - x[present].mean(), y - y[present].mean()
    x, y = np.where(present, x, 0), np.where(present, y, 0)
    frames = present.sum()
    sums = np.array([np.vdot(x[:n - k], y[k:]) for k in range(n)])
    pairs = np.array([(present[:n - k] & present[k:]).sum() for k in range(n)])
    with np.errstate(invalid="ignore", divide="ignore"):
        if normalisation == "raw":
            return sums, pairs
        if normalisation == "unbiased":
            return sums / pairs, pairs
        scale = (n - np.arange(n)) / n / np.sqrt(np.vdot(x, x).real * np.vdot(y, y).real) * frames
        return sums / pairs * scale, pairs


class CorrelateTest(CommandTest):
    def setUp(self):
        super().setUp()
        random = np.random.default_rng(1)
        self.x, self.y = random.normal(1.0, 1.0, (3, 170)), random.normal(-2.0, 1.0, (3, 170))
        self.z = random.normal(size=(60, 2))
        self.present = np.arange(170) % 9 != 4
        with h5py.File(self.folder / "data.h5", "w") as file:
            file["group/x"], file["y"], file["z"], file["mask"] = self.x, self.y, self.z, self.present.astype(int)
            file["constant"], file["short"], file["empty"] = np.full((3, 170), 0.1), self.x[:, :9], np.zeros(0)
            file["cube"] = np.zeros((2, 2, 2))
            file["booleans"], file["holes"] = self.present, np.where(self.present, 1.0, np.nan)
            file["large"] = 1e200 * self.x
            for name, shape in (("trillions", (10**13,)), ("overflow", (2**32, 2**32))):
                file.create_dataset(name, shape, "f8", chunks=tuple(min(n, 1024) for n in shape))
            for bad in ("nan", "gaps"):
                values = self.y.copy()
                values[1, 22 if bad == "nan" else ~self.present] = np.nan
                file[bad] = values

    def correlate(self, *arguments):
        self.assert_runs("analyze", "correlate", "data.h5", *arguments, "-o", "out.h5")
        with h5py.File(self.folder / "out.h5") as file:
            return {name: file[name][()] for name in file} | dict(file.attrs)

    def test_is_the_definition_with_every_engine(self):
        for normalisation in ("raw", "unbiased", "normalised"):
            expected = np.transpose([lagged(x, y, normalisation)[0] for x, y in zip(self.x, self.y)])
            for engine in ("auto", "direct", "fft"):
                found = self.correlate("--x", "/group/x", "--y", "y", "--normalisation", normalisation,
                                       "--engine", engine, "--step", "0.5")
                np.testing.assert_allclose(found["correlation"], expected, atol=1e-12 * abs(expected).max(), rtol=0)
                np.testing.assert_array_equal(found["time"], 0.5 * np.arange(170))
                self.assertEqual(found["normalisation"], normalisation)

    def test_leaves_out_missing_frames(self):
        expected, pairs = lagged(self.x[1], self.y[1], "normalised", self.present)
        found = self.correlate("--x", "group/x", "--y", "gaps", "--mask", "mask", "--normalisation", "normalised")
        np.testing.assert_allclose(found["correlation"][:, 1], expected, atol=1e-12, rtol=0)
        np.testing.assert_array_equal(found["pairs"], pairs)
        same = self.correlate("--x", "group/x", "--y", "gaps", "--mask", "booleans", "--normalisation", "normalised")
        np.testing.assert_allclose(same["correlation"], found["correlation"], atol=1e-14, rtol=0)

    def test_correlates_complex_records(self):
        z = self.z[:, 0] + 1j * self.z[:, 1]
        expected, _ = lagged(z, z, "unbiased")
        found = self.correlate("--x", "z", "--complex", "--normalisation", "unbiased")
        np.testing.assert_allclose(found["correlation"] + 1j * found["correlation_imaginary"], expected, atol=1e-12)

    def test_complex_numbers_of_other_programs(self):
        """h5py's compound of r and i, and MATLAB's of real and imag, give what pairs give."""
        z = np.random.default_rng(2).normal(size=(3, 50, 2)) @ [1, 1j]
        with h5py.File(self.folder / "z.h5", "w") as file:
            file["h5py"], file["single"] = z, z.astype(np.complex64)
            file["pairs"] = np.stack((z.real, z.imag), axis=-1)
            file["matlab"] = np.rec.fromarrays((z.real, z.imag), names="real,imag")
            file["real"], file["table"] = z.real, np.rec.fromarrays((z.real, z.imag), names="a,b")

        def correlation(name, *arguments):
            self.assert_runs("analyze", "correlate", "z.h5", "--x", name, *arguments, "-o", "out.h5")
            with h5py.File(self.folder / "out.h5") as file:
                return file["correlation"][()] + 1j * file["correlation_imaginary"][()]

        expected = correlation("pairs", "--complex")
        for name, tolerance in (("h5py", 0), ("matlab", 0), ("single", 1e-4)):
            np.testing.assert_allclose(correlation(name), expected, atol=tolerance, rtol=tolerance)
        for words, arguments in ((["/h5py", "complex", "real"], ("angles", "z.h5", "--dataset", "h5py", "--range", "0:1")),
                                 (["h5py is complex", "--pearson"], ("correlate", "z.h5", "--x", "h5py", "--pearson")),
                                 (["/h5py", "complex"], ("correlate", "z.h5", "--x", "real", "--y", "h5py")),
                                 (["/table", "/h5py", "/matlab"], ("correlate", "z.h5", "--x", "table"))):
            self.assert_refused(2, words, "analyze", *arguments, "-o", "o.h5", ranks=(1,))

    def test_multi_tau_begins_like_the_whole_and_goes_on_in_powers_of_two(self):
        found = self.correlate("--x", "group/x", "--y", "y", "--multi-tau", "--channels", "8", "--normalisation",
                               "unbiased", "--mask", "mask")
        expected, _ = lagged(self.x[0], self.y[0], "unbiased", self.present)
        np.testing.assert_allclose(found["correlation"][:8, 0], expected[:8], rtol=1e-12)
        np.testing.assert_array_equal(found["lag"][:14], [*range(8), 8, 10, 12, 14, 16, 20])
        self.assertLess(found["lag"].max(), 170)
        many = self.correlate("--x", "group/x", "--multi-tau", "--channels", str(2**31 - 2))  # at once
        np.testing.assert_allclose(many["correlation"], self.correlate("--x", "group/x")["correlation"], rtol=1e-10)

    def test_gives_coefficients_of_rows(self):
        found = self.correlate("--x", "group/x", "--y", "y", "--pearson")
        np.testing.assert_allclose(found["pearson"], np.corrcoef(self.x, self.y)[:3, 3:], atol=1e-14)

    def test_writes_a_table(self):
        self.correlate("--x", "group/x", "--csv", "out.csv")
        table = np.genfromtxt(self.folder / "out.csv", delimiter=",", names=True)
        self.assertEqual(table.dtype.names, ("lag", "time", "pairs", "correlation_0", "correlation_1", "correlation_2"))
        np.testing.assert_allclose(table["correlation_2"], lagged(self.x[2], self.x[2], "raw")[0], atol=1e-10)

    def test_refuses_wrong_input(self):
        for words, arguments in (
                (["record 1 of y", "not finite at index 22", "data.h5"], ["--x", "group/x", "--y", "nan"]),
                (["frame 22 of series 1", "not finite"], ["--x", "nan", "--multi-tau"]),
                (["record 0 of y is constant"], ["--x", "y", "--y", "constant", "--normalisation", "normalised"]),
                (["series 0 is constant"], ["--x", "constant", "--normalisation", "normalised", "--multi-tau"]),
                (["row 0 of x is constant"], ["--x", "constant", "--pearson"]),
                (["3 records of 9 frames", "3 of 170"], ["--x", "y", "--y", "short"]),
                (["empty", "is empty"], ["--x", "empty"]),
                (["cube", "3 indices"], ["--x", "cube"]),
                (["not complex"], ["--x", "y", "--complex"]),
                (["data.h5: the mask short", "170 frames"], ["--x", "y", "--mask", "short"]),
                (["data.h5: the mask holes[4] = nan"], ["--x", "y", "--mask", "holes"]),
                (["data.h5: no dataset", "/w"], ["--x", "y", "--mask", "w"]),
                (["lag 0, row 0", "beyond what a double holds"], ["--x", "large"]),
                (["beyond what a double holds"], ["--x", "large", "--multi-tau"]),
                (["--step", '"nan"', "positive number"], ["--x", "y", "--step", "nan"]),
                (["--step", '"0"', "positive number"], ["--x", "y", "--step", "0"]),
                (["--step", '"1e308"', "up to 1e30"], ["--x", "y", "--step", "1e308"]),
                (["--engine", "fast", "direct"], ["--x", "y", "--engine", "fast"]),
                (["--channels requires --multi-tau"], ["--x", "y", "--channels", "8"]),
                (["--channels", '"nan"', "even number"], ["--x", "y", "--multi-tau", "--channels", "nan"]),
                (["no dataset", "/w", "/group/x"], ["--x", "w"]),
                (["--normalisation", "biased", "unbiased"], ["--x", "y", "--normalisation", "biased"]),
                (["even number of channels", "7"], ["--x", "y", "--multi-tau", "--channels", "7"]),
                (["--pearson", "excludes"], ["--x", "y", "--pearson", "--mask", "mask"])):
            self.assert_refused(2, words, "analyze", "correlate", "data.h5", *arguments, "-o", "out.h5", ranks=(1,))
        for name in ("trillions", "overflow"):
            self.assert_refused(3, ["data.h5", f"'{name}'", "claims"], "analyze", "correlate", "data.h5", "--x", name, "-o",
                                "out.h5", ranks=(1,))
        self.assert_refused(3, ["nothing.h5"], "analyze", "correlate", "nothing.h5", "--x", "y", "-o", "out.h5")
        (self.folder / "cut.h5").write_bytes((self.folder / "data.h5").read_bytes()[:3000])
        self.assert_refused(3, ["cut.h5"], "analyze", "correlate", "cut.h5", "--x", "y", "-o", "out.h5", ranks=(1,))
        self.assertFalse((self.folder / "out.h5").exists())


class G2Test(CommandTest):
    LENGTH = np.array([4.0, 3.0])  # x, y

    def setUp(self):
        super().setUp()
        random = np.random.default_rng(2)
        self.fields = {name: 1.0 + random.normal(size=(9, 10, 12)) for name in ("energy_density", "ux", "uy")}
        self.names = [self.write_state(frame) for frame in range(9)]

    def write_state(self, frame, name=None, time=None, points=(12, 10)):
        name = name or f"state_{frame}.h5"
        with h5py.File(self.folder / name, "w") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": 0.3 + 0.1 * frame if time is None else time,
                               "step": frame, "geometry": "minkowski", "units": "natural",
                               "points": np.array(points), "lower": [0.0, 0.0], "upper": self.LENGTH})
            for field, values in self.fields.items():
                file[f"state/{field}"] = values[frame]
        return name

    def modes(self, fields, shell):
        """Modes of a shell, (frame, mode), by NumPy."""
        k = [2 * np.pi * np.fft.fftfreq(n, length / n) for n, length in zip((10, 12), self.LENGTH[::-1])]
        size = np.hypot(k[0][:, None], k[1][None, :])
        self.dk = 2 * np.pi / self.LENGTH.min()
        inside = np.floor(size / self.dk + 0.5) == shell
        return np.concatenate([(np.fft.fft2(self.fields[f]) / 120)[:, inside] for f in fields], axis=1)

    def g2(self, names, *arguments):
        self.assert_runs("analyze", "g2", *names, *arguments, "-o", "out.h5")
        with h5py.File(self.folder / "out.h5") as file:
            found = {name: file[name][()] for name in file if name != "xpcs"}
            if "xpcs" in file:
                np.testing.assert_array_equal(file["xpcs/qmap/dynamic_v_list_dim0"], file["k"])
                np.testing.assert_array_equal(file["xpcs/qmap/dynamic_v_list_dim1"], [0])
                bins = file["xpcs/twotime/processed_bins"][()].astype(int)
                upper = [file[f"xpcs/twotime/correlation_map/c2_{b:05}"][()] for b in bins]
                found["two_time"] = np.array([h + h.T - np.diag(np.diag(h)) for h in upper])
            return found

    def test_is_the_definition(self):
        found = self.g2(self.names, "--field", "ux", "uy", "--shells", "0", "3", "--two-time", "--beta", "0.2")
        for shell in range(4):
            a = self.modes(("ux", "uy"), shell)
            f = np.array([(a[:9 - lag].conj() * a[lag:]).mean().real for lag in range(9)])
            np.testing.assert_allclose(found["F"][:, shell], f, atol=1e-13)
            np.testing.assert_allclose(found["f"][:, shell], f / f[0], atol=1e-13)
            np.testing.assert_allclose(found["g2"][:, shell], 1 + 0.2 * (f / f[0])**2, atol=1e-13)
            intensity = abs(a)**2
            mean = intensity.mean(axis=1)
            c2 = intensity @ intensity.T / a.shape[1] / np.outer(mean, mean)
            np.testing.assert_allclose(found["two_time"][shell], c2, rtol=1e-12)
            self.assertAlmostEqual(found["k"][shell], shell * self.dk)
            self.assertEqual(2 * found["modes"][shell], a.shape[1])
        np.testing.assert_allclose(found["tau"], 0.1 * np.arange(9), atol=1e-14)

    def test_the_folder_of_a_run(self):
        """Its states in the order of their steps; what ends it between two frames is left out."""
        expected = self.g2(self.names, "--shells", "1", "2")
        (self.folder / "run").mkdir()
        for step, name in enumerate(self.names):
            (self.folder / name).rename(self.folder / "run" / f"r_state_{3 * step:08d}.h5")
        found = self.g2(["run"], "--shells", "1", "2")
        np.testing.assert_array_equal(found["F"], expected["F"])
        self.write_state(8, "run/r_state_00000099.h5", time=1.337)
        self.assertIn("off the beat", self.assert_runs("analyze", "g2", "run", "--shells", "1", "2", "-o", "out.h5"))
        np.testing.assert_array_equal(self.g2(["run"], "--shells", "1", "2")["F"], expected["F"])
        self.assert_refused(2, ["run", "a folder among other"], "analyze", "g2", "run", "run/r_state_00000000.h5", "-o",
                            "out.h5", ranks=(1,))
        (self.folder / "empty").mkdir()
        self.assert_refused(3, ["empty", "no state files"], "analyze", "g2", "empty", "-o", "out.h5", ranks=(1,))

    def test_missing_states_are_gaps(self):
        found = self.g2([n for n in self.names if n != "state_4.h5"], "--shells", "1", "1", "--two-time", "--csv",
                        "out.csv")
        a = self.modes(("energy_density",), 1)
        a[4] = np.nan
        f = [np.nanmean((a[:9 - lag].conj() * a[lag:]).real) for lag in range(9)]
        np.testing.assert_allclose(found["F"][:, 0], f, atol=1e-13)
        self.assertTrue(np.isnan(found["two_time"][0, 4]).all() and np.isnan(found["two_time"][0, :, 4]).all())
        self.assertEqual(np.isnan(found["two_time"]).sum(), 17)
        table = np.genfromtxt(self.folder / "out.csv", delimiter=",", names=True)
        self.assertEqual(table.dtype.names, ("tau", "F", "f", "g2"))

    def test_what_it_writes_of_a_series_with_a_gap_can_be_fitted(self):
        self.assert_runs("analyze", "g2", *[n for n in self.names if n != "state_4.h5"], "--shells", "1", "2", "--two-time",
                         "-o", "out.h5")
        out = self.assert_runs("analyze", "fit", "out.h5", "--q-index", "1", "--dt", "0.1", "--gap", "1", "--start", "D0=1e-12",
                               "--fixed", "D0", "alpha", "D_offset", "g0", "beta", "g_offset", "phi0", "-o", "fit.h5")
        self.assertIn("left out: 4", out)
        with h5py.File(self.folder / "fit.h5") as file:
            self.assertEqual(list(file["frames"]), [0, 1, 2, 3, 5, 6, 7, 8])

    def test_refuses_wrong_input(self):
        self.write_state(8, "late.h5", time=1.137)
        self.write_state(8, "same.h5", time=1.0)
        with h5py.File(self.folder / "other.h5", "w") as file:
            file["x"] = 1.0
        fields = self.fields
        self.fields = {"energy_density": np.zeros((9, 10, 12))}
        dark = [self.write_state(frame, f"dark_{frame}.h5") for frame in range(2)]
        self.fields = {"energy_density": fields["energy_density"][:, :8]}
        self.write_state(8, "small.h5", points=(12, 8))
        self.fields = {"energy_density": np.full((9, 10, 12), np.nan)}
        self.write_state(8, "nan.h5")
        for code, words, arguments in (
                (2, ["two state files"], self.names[:1]),
                (2, ["late.h5", "1.137", "leave it out"], [*self.names[:8], "late.h5"]),
                (2, ["same.h5", "not later"], [*self.names[:8], "same.h5"]),
                (2, ["small.h5", "grid"], [*self.names[:8], "small.h5"]),
                (2, ["nan.h5", "not finite"], [*self.names[:8], "nan.h5"]),
                (2, ["energy", "ux, uy"], [*self.names, "--field", "energy"]),
                (2, ["--beta", '"nan"', "0 to 1e30"], [*self.names, "--beta", "nan"]),
                (2, ["--beta", '"-1"'], [*self.names, "--beta", "-1"]),
                (2, ["--shells", '"-1"', "whole number"], [*self.names, "--shells", "-1", "2"]),
                (3, ["nowhere"], [*self.names, "--csv", "nowhere/x.csv"]),
                (2, ["--shells 3 2"], [*self.names, "--shells", "3", "2"]),
                (2, ["shells 0 to 7"], [*self.names, "--shells", "1", "40"]),
                (2, ["shell 1", "zero at all times"], dark),
                (3, ["other.h5"], [self.names[0], "other.h5"]),
                (3, ["nothing.h5"], [self.names[0], "nothing.h5"])):
            self.assert_refused(code, words, "analyze", "g2", *arguments, "-o", "out.h5", ranks=(1,))
        self.assertFalse((self.folder / "out.h5").exists())


if __name__ == "__main__":
    unittest.main()
