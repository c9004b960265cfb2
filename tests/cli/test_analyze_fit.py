#!/usr/bin/python3
"""`ister analyze fit` on a small file in the two-time layout, and what it says to wrong input."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

ISTER = os.environ.get("ISTER", "ister")
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMP_NUM_THREADS": "1", **os.environ}

Q, GAP, DT, FRAMES, SIGMA = 0.005, 2e6, 0.1, 60, 0.002
PHI = np.array([-30.0, 0.0, 45.0, 90.0])
TRUTH = {"D0": 900.0, "alpha": 0.0, "g0": 2e-4, "beta": 0.0, "phi0": 10.0}


def correlations(phi, generator):
    """Constant diffusion and shear, with noise of width SIGMA."""
    t = DT * np.arange(1, FRAMES + 1)
    lag = np.abs(t[:, None] - t[None, :])
    decay = np.exp(-2 * Q**2 * TRUTH["D0"] * lag)
    shear = np.sinc(Q * GAP / (2 * np.pi) * np.cos(np.radians(TRUTH["phi0"] - phi)) * TRUTH["g0"] * lag) ** 2
    return 1.0 + 0.2 * decay * shear + SIGMA * generator.standard_normal((FRAMES, FRAMES))


def write_sample(path):
    """The angles belong to the second of two values of q; those of the first are zeros."""
    generator = np.random.default_rng(7)
    with h5py.File(path, "w") as file:
        file["/xpcs/qmap/dynamic_v_list_dim0"] = [0.003, Q]
        file["/xpcs/qmap/dynamic_v_list_dim1"] = PHI
        bins = [1] + [len(PHI) + k + 1 for k in range(len(PHI))]
        file["/xpcs/twotime/processed_bins"] = np.array(bins, dtype=np.int32)
        for number, bin_number in enumerate(bins, start=1):
            values = correlations(PHI[(bin_number - 1) % len(PHI)], generator) if bin_number > 1 else np.zeros((FRAMES, FRAMES))
            file[f"/xpcs/twotime/correlation_map/c2_{number:05d}"] = np.triu(values)


class Fit(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_fit_"))
        self.addCleanup(shutil.rmtree, self.folder)
        write_sample(self.folder / "sample.h5")

    def run_fit(self, *arguments, q_index=1, sample="sample.h5", dt=DT, gap=GAP):
        command = [ISTER, "analyze", "fit", sample, "--q-index", str(q_index), "--dt", str(dt), "--gap", str(gap),
                   *map(str, arguments), "-o", "fit.h5"]
        return subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, check=False)

    def fitted(self, *arguments, **options):
        done = self.run_fit(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        with h5py.File(self.folder / "fit.h5") as file:
            names = file.attrs["names"]
            names = (names.decode() if isinstance(names, bytes) else names).split()
            result = {name: file[name][()] for name in file}
        result["of"] = dict(zip(names, result["parameters"]))
        result["error"] = dict(zip(names, result["errors"]))
        return result

    def assert_refused(self, code, words, *arguments, **options):
        done = self.run_fit(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(done.stderr.count("ister: "), 1, done.stderr)

    FIXED = ("--fixed", "alpha", "D_offset", "beta", "g_offset")

    def test_finds_what_the_sample_was_made_with(self):
        result = self.fitted("--sigma", SIGMA, *self.FIXED, "--residuals", "--csv", "fit.csv")
        for name in ("D0", "g0", "phi0"):
            self.assertGreater(result["error"][name], 0.0)
            self.assertLess(abs(result["of"][name] - TRUTH[name]), 5 * result["error"][name], name)
            self.assertLess(result["error"][name], 0.05 * abs(TRUTH[name]), name)
        dof = 4 * FRAMES * (FRAMES - 1) // 2 - 3 - 8
        self.assertEqual(result["degrees_of_freedom"], dof)
        self.assertLess(abs(result["chi_squared"] / dof - 1.0), 5 * np.sqrt(2 / dof))
        np.testing.assert_allclose(result["contrast"], 0.2, atol=0.005)
        np.testing.assert_allclose(result["offset"], 1.0, atol=0.005)
        np.testing.assert_allclose(result["phi"], PHI)
        np.testing.assert_allclose(np.sum(result["residuals"] ** 2), result["chi_squared"], rtol=1e-9)
        row = np.genfromtxt(self.folder / "fit.csv", delimiter=",", names=True)
        self.assertEqual(row["D0"], result["of"]["D0"])

    def test_scatter_replaces_an_unknown_sigma(self):
        known = self.fitted("--sigma", SIGMA, *self.FIXED)
        unknown = self.fitted(*self.FIXED)
        self.assertAlmostEqual(known["of"]["D0"] / unknown["of"]["D0"], 1.0, places=6)
        self.assertAlmostEqual(known["error"]["D0"] / unknown["error"]["D0"], 1.0, delta=0.1)

    def test_striding_leaves_the_parameters(self):
        whole = self.fitted("--sigma", SIGMA, *self.FIXED)
        part = self.fitted("--sigma", SIGMA, *self.FIXED, "--stride", 3)
        for name in ("D0", "g0", "phi0"):
            self.assertLess(abs(whole["of"][name] - part["of"][name]), 5 * part["error"][name], name)

    def test_version_1_is_another_definition(self):
        result = self.fitted("--compatibility", "v1", *self.FIXED)
        self.assertEqual(result["degrees_of_freedom"], 4 * (FRAMES * FRAMES - 3))
        self.assertGreater(result["of"]["D0"], 1.5 * TRUTH["D0"])  # it counts D once, where 2 D is right

    def test_options_reach_the_fit(self):
        result = self.fitted("--sigma", *([SIGMA] * 4), *self.FIXED, "phi0", "--start", "phi0=12", "D0=500", "g0=1.8e-4",
                             "--bounds", "g0=:1.9e-4", "--diagonal")
        self.assertEqual(result["of"]["phi0"], 12.0)
        self.assertEqual(result["error"]["phi0"], 0.0)
        self.assertAlmostEqual(result["of"]["g0"], 1.9e-4, places=12)
        self.assertEqual(result["degrees_of_freedom"], 4 * FRAMES * (FRAMES + 1) // 2 - 2 - 8)

    def test_reads_units(self):
        expected = self.fitted("--sigma", SIGMA, *self.FIXED)["of"]
        with h5py.File(self.folder / "sample.h5", "r+") as file:
            for name, factor, units in (("dim0", 10.0, "1/nm"), ("dim1", np.pi / 180, "rad")):
                dataset = file[f"/xpcs/qmap/dynamic_v_list_{name}"]
                dataset[...] = dataset[()] * factor
                dataset.attrs["units"] = units
        found = self.fitted("--sigma", SIGMA, *self.FIXED)["of"]
        for name, value in expected.items():
            self.assertAlmostEqual(found[name], value, delta=1e-9 * max(1.0, abs(value)), msg=name)

    def test_help_names_units(self):
        done = subprocess.run([ISTER, "analyze", "fit", "--help"], env=ENVIRONMENT, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0)
        for word in ("1/Angstrom", "degrees", "seconds", "Angstrom^2/s", "--stride"):
            self.assertIn(word, done.stdout)

    def test_wrong_options_are_refused(self):
        self.assert_refused(2, ["--q-index 5", "1 (q = 0.005"], q_index=5)
        self.assert_refused(2, ["dt", "positive"], dt=-1)
        self.assert_refused(2, ["gap", "positive"], gap=0)
        self.assert_refused(2, ["sigma", "positive"], "--sigma", 0)
        self.assert_refused(2, ["2 values of sigma", "4 angles"], "--sigma", 1, 2)
        self.assert_refused(2, ["D1", "D_offset"], "--start", "D1=3")
        self.assert_refused(2, ["NAME=VALUE"], "--start", "D0")
        self.assert_refused(2, ["many", "not a number"], "--start", "D0=many")
        self.assert_refused(2, ["2", "below 1"], "--bounds", "alpha=2:1")
        self.assert_refused(2, ["within its bounds"], "--start", "alpha=3")
        self.assert_refused(2, ["v2", "v1"], "--compatibility", "v2")
        self.assert_refused(2, ["version 1", "sigma"], "--compatibility", "v1", "--sigma", 1)
        self.assert_refused(2, ["--stride", "at least 1"], "--stride", 0)
        self.assert_refused(2, ["at least 3"], "--stride", 50)
        self.assert_refused(2, ["nothing to fit"], "--fixed", "D0", "alpha", "D_offset", "g0", "beta", "g_offset", "phi0")

    def test_wrong_files_are_refused(self):
        self.assert_refused(3, ["missing.h5"], sample="missing.h5")
        with h5py.File(self.folder / "other.h5", "w") as file:
            file["x"] = [1.0]
        self.assert_refused(2, ["/xpcs/qmap/dynamic_v_list_dim0", "/x"], sample="other.h5")
        name = "/xpcs/twotime/correlation_map/c2_00003"
        cases = {
            "full.h5": (lambda file: file[name].write_direct(np.ones((FRAMES, FRAMES))), 3, ["c2_00003", "upper half"]),
            "few.h5": (lambda file: file.__delitem__(name), 3, ["4 datasets", "5 entries"]),
            "oblong.h5": (lambda file: (file.__delitem__(name), file.__setitem__(name, np.zeros((3, 4)))), 3,
                          ["c2_00003", "3 x 4"]),
            "nan.h5": (lambda file: file[name].__setitem__((2, 9), np.nan), 2, ["angle 1", "(2, 9)", "nan"]),
            "bins.h5": (lambda file: file["/xpcs/twotime/processed_bins"].__setitem__(0, 99), 3, ["99", "1 to 8"]),
        }
        for sample, (change, code, words) in cases.items():
            with self.subTest(sample):
                write_sample(self.folder / sample)
                with h5py.File(self.folder / sample, "r+") as file:
                    change(file)
                self.assert_refused(code, words, sample=sample)
        write_sample(self.folder / "furlongs.h5")
        with h5py.File(self.folder / "furlongs.h5", "r+") as file:
            file["/xpcs/qmap/dynamic_v_list_dim0"].attrs["units"] = "1/furlong"
        self.assert_refused(2, ["dynamic_v_list_dim0", "1/furlong", "1/Angstrom, "], sample="furlongs.h5")
        data = (self.folder / "sample.h5").read_bytes()
        (self.folder / "short.h5").write_bytes(data[: len(data) // 2])
        self.assert_refused(3, ["short.h5"], sample="short.h5")


if __name__ == "__main__":
    unittest.main()
