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

    def test_finds_the_truth_from_no_start(self):
        """Without noise, several truths, nothing fixed: the lowest minimum and not the first."""
        q, gap, phi = 0.01, 2e4, [0.0, 30.0, 60.0, 90.0, 120.0]
        truths = [(120.0, -0.3, 5.0, 0.02, 0.2, 0.003, 12.0), (150.0, -1.0, 20.0, 0.02, -0.5, 0.003, -40.0)]
        t = DT * np.arange(1, 121)
        for truth in truths:
            with self.subTest(truth=truth):
                d0, alpha, d_offset, g0, beta, g_offset, phi0 = truth
                s = (d0 * np.log(t) if alpha == -1 else d0 * t ** (alpha + 1) / (alpha + 1)) + d_offset * t
                g = g0 * t ** (beta + 1) / (beta + 1) + g_offset * t
                with h5py.File(self.folder / "exact.h5", "w") as file:
                    file["/xpcs/qmap/dynamic_v_list_dim0"], file["/xpcs/qmap/dynamic_v_list_dim1"] = [q], phi
                    file["/xpcs/twotime/processed_bins"] = np.arange(1, len(phi) + 1)
                    for k, angle in enumerate(phi):
                        shear = q * gap / (2 * np.pi) * np.cos(np.radians(phi0 - angle)) * (g[:, None] - g)
                        values = 1 + 0.15 * np.exp(-2 * q**2 * np.abs(s[:, None] - s)) * np.sinc(shear) ** 2
                        file[f"/xpcs/twotime/correlation_map/c2_{k + 1:05d}"] = np.triu(values)
                result = self.fitted("--sigma", 0.01, sample="exact.h5", q_index=0, gap=gap)
                np.testing.assert_allclose(result["parameters"], truth, rtol=1e-6)
                self.assertLess(result["chi_squared"], 1e-15)

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

    def test_all_fixed_gives_chi_squared_of_the_model(self):
        names = ("D0", "alpha", "D_offset", "g0", "beta", "g_offset", "phi0")
        start = [f"{name}={value}" for name, value in TRUTH.items()]
        result = self.fitted("--sigma", SIGMA, "--start", *start, "--fixed", *names)
        for name in names:
            self.assertEqual(result["of"][name], TRUTH.get(name, 0.0))
            self.assertEqual(result["error"][name], 0.0)
        dof = 4 * FRAMES * (FRAMES - 1) // 2 - 8
        self.assertEqual(result["degrees_of_freedom"], dof)
        self.assertLess(abs(result["chi_squared"] / dof - 1.0), 5 * np.sqrt(2 / dof))

    def test_what_is_not_determined_has_no_error(self):
        done = self.run_fit("--sigma", SIGMA, "--start", "g0=0", "--fixed", "g0", "beta", "g_offset", "D_offset", "alpha")
        self.assertEqual(done.returncode, 0, done.stderr)  # no shear: any phi0 will do
        self.assertIn("(not determined)", done.stdout)
        self.assertIn("do not tell all free parameters apart", done.stderr)
        done = self.run_fit("--sigma", SIGMA, "--bounds", "D0=0:600", "--fixed", "alpha", "D_offset", "beta", "g_offset")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("(at its bound)", done.stdout)
        self.assertIn("D0 is at its bound 600", done.stderr)
        with h5py.File(self.folder / "fit.h5") as file:
            self.assertTrue(np.isinf(file["errors"][0]))
            self.assertTrue(np.all(np.isfinite(file["errors"][1:])))

    def test_wrong_options_are_refused(self):
        self.assert_refused(2, ["--q-index 5", "1 (q = 0.005"], q_index=5)
        for wrong in (-1, 0, "nan", 1e300, 1e-300):
            self.assert_refused(2, ["--dt", "has to be within"], dt=wrong)
            self.assert_refused(2, ["--gap", "has to be within"], gap=wrong)
        self.assert_refused(2, ["--sigma", "0 has to be a positive number"], "--sigma", 0)
        self.assert_refused(2, ["--sigma", "1e-300 has to be a positive number"], "--sigma", 1e-300)
        self.assert_refused(2, ["2 values of sigma", "4 angles"], "--sigma", 1, 2)
        self.assert_refused(2, ["D1", "D_offset"], "--start", "D1=3")
        self.assert_refused(2, ["NAME=VALUE"], "--start", "D0")
        self.assert_refused(2, ["many", "not a number"], "--start", "D0=many")
        self.assert_refused(2, ["--start D0", "nan", "not a number"], "--start", "D0=nan")
        self.assert_refused(2, ["--start", "D0", "twice"], "--start", "D0=1", "D0=2")
        self.assert_refused(2, ["2", "below 1"], "--bounds", "alpha=2:1")
        self.assert_refused(2, ["--bounds", "alpha", "twice"], "--bounds", "alpha=0:1", "alpha=-1:1")
        self.assert_refused(2, ["--start alpha", "within its bounds"], "--start", "alpha=3")
        self.assert_refused(2, ["v2", "v1"], "--compatibility", "v2")
        self.assert_refused(2, ["--sigma", "v1"], "--compatibility", "v1", "--sigma", 1)
        self.assert_refused(2, ["--diagonal", "v1"], "--compatibility", "v1", "--diagonal")
        self.assert_refused(2, ["--stride", "at least 1"], "--stride", 0)
        self.assert_refused(2, ["sample.h5", "--stride 50", "at least 3"], "--stride", 50)

    def test_fits_that_fail_write_nothing(self):
        self.assert_refused(4, ["sample.h5", "the same for all pairs", "--start"], "--sigma", SIGMA, "--start", "D0=1e300",
                            *self.FIXED)
        self.assert_refused(4, ["sample.h5", "has not converged", "--bounds"], "--sigma", SIGMA, dt=1e15)
        self.assertFalse((self.folder / "fit.h5").exists())

    def test_wrong_files_are_refused(self):
        self.assert_refused(3, ["missing.h5"], sample="missing.h5")
        with h5py.File(self.folder / "other.h5", "w") as file:
            file["x"] = [1.0]
        self.assert_refused(2, ["/xpcs/qmap/dynamic_v_list_dim0", "/x"], sample="other.h5")
        name = "/xpcs/twotime/correlation_map/c2_00003"
        cases = {
            "full.h5": (lambda file: file[name].write_direct(np.arange(FRAMES**2.0).reshape(FRAMES, FRAMES)), 3,
                        ["c2_00003", "not symmetric"]),
            "few.h5": (lambda file: file.__delitem__(name), 3, ["4 datasets", "5 entries"]),
            "oblong.h5": (lambda file: (file.__delitem__(name), file.__setitem__(name, np.zeros((3, 4)))), 3,
                          ["c2_00003", "3 x 4"]),
            "nan.h5": (lambda file: file[name].__setitem__((2, 9), np.nan), 2, ["nan.h5", "c2_00003", "(2, 9)", "nan"]),
            "huge.h5": (lambda file: file[name].__setitem__((2, 9), 1e200), 2, ["c2_00003", "(2, 9)", "no correlation"]),
            "flat.h5": (lambda file: file[name].__setitem__(np.triu(np.ones((FRAMES, FRAMES), bool)), 1.5), 2,
                        ["c2_00003", "1.5 at all pairs", "nothing to fit"]),
            "bins.h5": (lambda file: file["/xpcs/twotime/processed_bins"].__setitem__(0, 99), 3, ["99", "1 to 8"]),
            "twice.h5": (lambda file: file["/xpcs/twotime/processed_bins"].__setitem__(1, 6), 3, ["processed_bins", "6 twice"]),
            "q.h5": (lambda file: file["/xpcs/qmap/dynamic_v_list_dim0"].__setitem__(1, -1), 2, ["dim0[1]", "-1", "within"]),
            "phi.h5": (lambda file: file["/xpcs/qmap/dynamic_v_list_dim1"].__setitem__(1, np.inf), 2, ["dim1", "inf"]),
            "units.h5": (lambda file: file["/xpcs/qmap/dynamic_v_list_dim0"].attrs.__setitem__("units", 3), 2,
                         ["units", "dim0", "not a text"]),
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
