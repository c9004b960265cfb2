#!/usr/bin/python3
"""`ister analyze fit` on the layouts of two-time files that beamlines write: which bins, units, times, frames and
angles they hold, and what of them is fitted. Data without noise, so that the truth comes back to many digits.

Environment as in command.py.
"""

import re
import unittest

import h5py
import numpy as np
from command import CommandTest

GAP, FRAMES, STEP = 2e6, 36, 0.1
Q = np.array([0.004, 0.005, 0.0065])
PHI = np.array([-80.0, -35.0, 5.0, 40.0, 75.0, 110.0])
TRUTH = {"D0": 900.0, "alpha": -0.3, "g0": 2e-3, "phi0": 10.0}
NAMES = "D0 alpha D_offset g0 beta g_offset phi0".split()
FREE = ("--start", "D0=800", "alpha=-0.2", "g0=1.8e-3", "phi0=14", "--fixed", "D_offset", "beta", "g_offset")


def map_of(q, phi, frames=FRAMES, step=STEP):
    """C2 of a power law of the diffusion and of constant shear, at t = (n + 1) step."""
    t = step * np.arange(1, frames + 1)
    s = TRUTH["D0"] * t ** (1 + TRUTH["alpha"]) / (1 + TRUTH["alpha"])
    lag_s, lag_t = np.abs(s[:, None] - s), np.abs(t[:, None] - t)
    shear = np.sinc(q * GAP / (2 * np.pi) * np.cos(np.radians(TRUTH["phi0"] - phi)) * TRUTH["g0"] * lag_t)
    return 1.01 + 0.2 * np.exp(-2 * q**2 * lag_s) * shear**2


def write_nexus(path, bins, half=np.triu, step=STEP, dim0=Q, dim1=PHI, frame_time=STEP, compression=None):
    """A map for each place in the grid Q x PHI, numbered over these places alone, in the order of the file."""
    with h5py.File(path, "w") as file:
        file["/xpcs/qmap/dynamic_v_list_dim0"], file["/xpcs/qmap/dynamic_v_list_dim1"] = dim0, dim1
        file["/xpcs/twotime/processed_bins"] = np.arange(1, len(bins) + 1, dtype=np.int64)
        if len(bins) < Q.size * PHI.size:
            file["/xpcs/qmap/dynamic_index_mapping"] = np.array(bins, dtype=np.int64)
        if frame_time is not None:
            file["/entry/instrument/detector_1/frame_time"] = frame_time
        for number, place in enumerate(bins, start=1):
            q, phi = Q[place // PHI.size], PHI[place % PHI.size]
            file.create_dataset(f"/xpcs/twotime/correlation_map/c2_{number:05d}", data=half(map_of(q, phi, step=step)),
                                compression=compression)


def write_older(path, q, phi, bins=None, listed=(), names="g2_{:05d}", half=np.triu):
    """Maps in the layout before NeXus; `bins`: (q, phi) of each."""
    with h5py.File(path, "w") as file:
        file["/xpcs/dqlist"], file["/xpcs/dphilist"] = np.atleast_2d(q), np.atleast_2d(phi)
        file["/measurement/instrument/detector/exposure_period"] = np.array([[STEP / 6]])
        file["/xpcs/stride_frames"], file["/xpcs/avg_frames"] = np.array([[2]]), np.array([[3]])
        if len(listed) > 0:
            file["/xpcs/qphi_bin_to_process"] = np.array(listed, dtype=np.uint64)[:, None]
        for number, (one_q, one_phi) in enumerate(bins, start=1):
            file["/exchange/C2T_all/" + names.format(number)] = half(map_of(one_q, one_phi))


class TwoTimeFile(CommandTest):
    ALL = list(range(Q.size * PHI.size))

    def fit(self, name, *arguments, q_index=1, free=FREE):
        code, self.out, self.err = self.run_ister("analyze", "fit", name, "--q-index", q_index, "--gap", GAP, *free,
                                                  "--jackknife", 0, *arguments, "-o", "fit.h5")
        self.assertEqual(code, 0, self.out + self.err)
        with h5py.File(self.folder / "fit.h5") as file:
            return {name: file[name][()] for name in file} | dict(file.attrs)

    def assert_truth(self, name, *arguments, angles=PHI, **options):
        found = self.fit(name, *arguments, **options)
        np.testing.assert_allclose(np.sort(found["phi"]), np.sort(angles), atol=1e-9)
        for parameter, value in TRUTH.items():
            self.assertAlmostEqual(found["parameters"][NAMES.index(parameter)] / value, 1.0, places=4, msg=parameter)
        np.testing.assert_allclose(found["contrast"], 0.2, rtol=1e-4)
        return found

    def refuse(self, code, words, name, *arguments, q_index=1):
        self.assert_refused(code, words, "analyze", "fit", name, "--q-index", q_index, "--gap", GAP, *FREE, *arguments,
                            "-o", "fit.h5", ranks=(1,))

    def test_bins_without_pixels_are_counted_out(self):
        bins = [b for b in self.ALL if b not in (0, 3, 4, 7, 13)]
        write_nexus(self.folder / "gaps.h5", bins)
        self.assert_truth("gaps.h5", angles=np.delete(PHI, 1))
        self.assert_truth("gaps.h5", angles=PHI[[1, 2, 5]], q_index=0)
        for change, code, words in (
                (lambda f: f["/xpcs/qmap/dynamic_index_mapping"].__setitem__(2, 18), 3, ["dynamic_index_mapping", "0 to 17"]),
                (lambda f: f["/xpcs/qmap/dynamic_index_mapping"].__setitem__(2, 1), 3, ["dynamic_index_mapping", "1 twice"]),
                (lambda f: f["/xpcs/twotime/processed_bins"].__setitem__(0, 14), 3, ["processed_bins", "14", "1 to 13"])):
            write_nexus(self.folder / "wrong.h5", bins)
            with h5py.File(self.folder / "wrong.h5", "r+") as file:
                change(file)
            self.refuse(code, ["wrong.h5", *words], "wrong.h5")

    def test_the_names_of_the_maps_say_what_is_q(self):
        write_nexus(self.folder / "named.h5", self.ALL)
        with h5py.File(self.folder / "named.h5", "r+") as file:
            file["/xpcs/qmap/map_names"] = ["q", "phi"]
        self.assert_truth("named.h5")
        turned = [q * PHI.size + p for p in range(PHI.size) for q in range(Q.size)]
        write_nexus(self.folder / "turned.h5", turned, dim0=PHI, dim1=Q)
        with h5py.File(self.folder / "turned.h5", "r+") as file:
            file["/xpcs/qmap/map_names"] = np.array([b"phi", b"q"])
        self.assert_truth("turned.h5")
        for names in (["x", "y"], ["qx", "qy"], ["q"], ["q", "q"], ["qr", "phi"]):
            with h5py.File(self.folder / "named.h5", "r+") as file:
                del file["/xpcs/qmap/map_names"]
                file["/xpcs/qmap/map_names"] = names
            self.refuse(2, ["named.h5", "map_names", ", ".join(names), "q and phi"], "named.h5")

    def test_units_are_read_however_they_are_written(self):
        cases = [("Å⁻¹", 1, "deg", 1), ("A^-1", 1, "rad", np.pi / 180), ("nm^-1", 10, "radian", np.pi / 180),
                 ("1/A", 1, "degree", 1), ("nm-1", 10, "°", 1), ("inverse nanometers", 10, "radians", np.pi / 180),
                 ("1/um", 1e4, "mrad", np.pi / 0.18), ("angstrom^{-1}", 1, "Degrees", 1)]
        for number, (of_q, q_factor, of_phi, phi_factor) in enumerate(cases):
            with self.subTest(of_q=of_q, of_phi=of_phi):
                write_nexus(self.folder / "units.h5", self.ALL, dim0=Q * q_factor, dim1=PHI * phi_factor)
                with h5py.File(self.folder / "units.h5", "r+") as file:
                    if number % 2 == 0:
                        file["/xpcs/qmap/map_units"] = [of_q, of_phi]
                    else:
                        file["/xpcs/qmap/dynamic_v_list_dim0"].attrs["unit"] = of_q
                        file["/xpcs/qmap/dynamic_v_list_dim1"].attrs["units"] = of_phi
                self.assert_truth("units.h5")
        with h5py.File(self.folder / "units.h5", "r+") as file:
            file["/xpcs/qmap/map_units"] = ["nm^-1", "deg"]
        self.refuse(2, ["units.h5", "dynamic_v_list_dim0", "angstrom^{-1}", "nm^-1"], "units.h5")
        for of_q, of_phi, word in (("nm", "deg", "dim0"), ("1/nm", "grad", "dim1"), ("pixel", "deg", "dim0")):
            with h5py.File(self.folder / "units.h5", "r+") as file:
                del file["/xpcs/qmap/map_units"]
                file["/xpcs/qmap/map_units"] = [of_q, of_phi]
                for name in ("dim0", "dim1"):
                    for key in list(file["/xpcs/qmap/dynamic_v_list_" + name].attrs):
                        del file["/xpcs/qmap/dynamic_v_list_" + name].attrs[key]
            self.refuse(2, ["units.h5", word, of_q if word == "dim0" else of_phi], "units.h5")

    def test_times_come_from_the_file(self):
        write_nexus(self.folder / "times.h5", self.ALL, frame_time=STEP / 10)
        with h5py.File(self.folder / "times.h5", "r+") as file:
            file["/xpcs/twotime/config/stride_frame"], file["/xpcs/twotime/config/avg_frame"] = 5, 2
        found = self.assert_truth("times.h5")
        self.assertAlmostEqual(found["dt"], STEP, places=12)
        self.assert_truth("times.h5", "--dt", STEP)
        self.assertEqual(self.err, "")
        found = self.fit("times.h5", "--dt", 2 * STEP)
        self.assertEqual(found["dt"], 2 * STEP)
        for text in (self.err, found["warnings"]):
            for word in ("--dt 0.2", "0.1 s apart", "frame_time 0.01", "stride_frame 5", "avg_frame 2"):
                self.assertIn(word, text)
        with h5py.File(self.folder / "times.h5", "r+") as file:
            file["/entry/instrument/detector_1/frame_time"][...] = 10.0
            file["/entry/instrument/detector_1/frame_time"].attrs["units"] = "ms"
        self.assert_truth("times.h5")
        with h5py.File(self.folder / "times.h5", "r+") as file:
            file["/entry/instrument/detector_1/frame_time"][...] = 0.0
        self.refuse(2, ["times.h5", "frame_time"], "times.h5")
        write_nexus(self.folder / "timeless.h5", self.ALL, frame_time=None)
        self.refuse(2, ["timeless.h5", "frame_time", "--dt"], "timeless.h5")
        self.assert_truth("timeless.h5", "--dt", STEP)

    def test_the_older_layout_lists_bins(self):
        """The mean q of the pixels differs a little between the bins of a ring."""
        q = np.repeat(Q, PHI.size)
        phi = np.tile(PHI, Q.size)
        write_older(self.folder / "old.h5", q * (1 + 0.002 * np.cos(phi)) / (1 + 0.002 * np.mean(np.cos(PHI))), phi,
                    bins=list(zip(q, phi)))
        self.assertAlmostEqual(self.assert_truth("old.h5")["q"], Q[1], places=12)
        some = [9, 7, 12, 8]
        write_older(self.folder / "some.h5", q, phi, bins=[(q[b - 1], phi[b - 1]) for b in some], listed=some)
        self.assert_truth("some.h5", q_index=0, angles=[phi[b - 1] for b in some])
        empty = np.where(np.isin(np.arange(18), [2, 8]), np.nan, q)
        write_older(self.folder / "empty.h5", empty, phi, bins=[(q[b], phi[b]) for b in (0, 1, 3, 4, 5)],
                    listed=[1, 2, 3, 4, 5])  # numbers that leave out what has no pixels
        self.assert_truth("empty.h5", q_index=0, angles=np.delete(PHI, 2))
        write_older(self.folder / "either.h5", empty, phi, bins=[(q[3], phi[3])], listed=[4])
        self.refuse(2, ["either.h5", "without pixels"], "either.h5", q_index=0)
        write_older(self.folder / "grid.h5", Q, PHI, bins=list(zip(q, phi)), names="{:d}")
        self.assert_truth("grid.h5")
        with h5py.File(self.folder / "grid.h5", "r+") as file:
            for name in ("dqlist", "dphilist"):
                file.move(f"/xpcs/{name}", f"/xpcs/{name.replace('list', 'val')}")
        self.assert_truth("grid.h5", q_index=2)
        write_older(self.folder / "many.h5", Q[:1], PHI, bins=list(zip(q, phi)))
        self.refuse(3, ["many.h5", "g2_00007", "bin 7", "1 values of q"], "many.h5")

    def test_either_half_or_both_are_filled(self):
        for half in (np.triu, np.tril, np.asarray, lambda c: np.asarray(c, dtype=np.float32)):
            write_nexus(self.folder / "half.h5", self.ALL, half=half)
            self.assert_truth("half.h5")
        with h5py.File(self.folder / "half.h5", "r+") as file:
            file["/xpcs/twotime/correlation_map/c2_00008"][20, 4] += 0.01
        self.refuse(3, ["half.h5", "c2_00008", "symmetric", "(4, 20)"], "half.h5")

    def test_compressed_files_are_read(self):
        """LZF is what h5py compresses fast with, and no filter of HDF5's own."""
        for compression in ("lzf", "gzip"):
            write_nexus(self.folder / "small.h5", self.ALL, compression=compression)
            self.assert_truth("small.h5")
        with h5py.File(self.folder / "small.h5", "r+") as file:
            name = "/xpcs/twotime/correlation_map/c2_00009"
            del file[name]
            chunks = file.create_dataset(name, (FRAMES, FRAMES), chunks=(FRAMES, FRAMES), compression="lzf")
            chunks.id.write_direct_chunk((0, 0), b"\xff" * 1000)
        self.refuse(3, ["small.h5", "c2_00009"], "small.h5")

    def test_lost_frames_are_left_out(self):
        """At one angle, or at all of them; the others keep their times."""
        for value, where in ((np.nan, [7]), (0.0, range(7, 13)), (np.nan, range(7, 13))):
            write_nexus(self.folder / "lost.h5", self.ALL)
            with h5py.File(self.folder / "lost.h5", "r+") as file:
                for number in where:
                    data = file[f"/xpcs/twotime/correlation_map/c2_{number:05d}"]
                    for frame in (5, 20):
                        data[frame, frame:], data[:frame + 1, frame] = value, value
            found = self.assert_truth("lost.h5")
            self.assertEqual(list(found["frames"]), [n for n in range(FRAMES) if n not in (5, 20)])
            for text in (self.err, found["warnings"]):
                self.assertRegex(text, r"2 of 36 frames have no correlations.*: 5, 20")
            points = PHI.size * 34 * 33 // 2
            self.assertEqual(found["degrees_of_freedom"], points - 4 - 2 * PHI.size)
        write_nexus(self.folder / "nothing.h5", self.ALL, half=np.zeros_like)
        self.refuse(2, ["nothing.h5", "c2_00007", "36", "at least 3"], "nothing.h5")

    def test_frames_are_chosen(self):
        write_nexus(self.folder / "frames.h5", self.ALL)
        with h5py.File(self.folder / "frames.h5", "r+") as file:
            file["mask"], file["short"] = np.arange(FRAMES) % 4 != 1, np.ones(5)
            for number in range(7, 13):  # what is left out may be anything
                data = file[f"/xpcs/twotime/correlation_map/c2_{number:05d}"]
                data[2, 9], data[9, 9:] = np.nan, 1e300
        for arguments, frames in (
                (["--frames", "10:30"], range(10, 30)), (["--frames", ":9", "20:"], [*range(9), *range(20, FRAMES)]),
                (["--exclude", "9"], np.delete(np.arange(FRAMES), 9)),
                (["--frames", "3:33", "--stride", 3, "--exclude", "9", "18:25"], [3, 6, 12, 15, 27, 30]),
                (["--mask", "/mask", "--exclude", "0:3"], [n for n in range(3, FRAMES) if n % 4 != 1])):
            found = self.assert_truth("frames.h5", *arguments)
            self.assertEqual(list(found["frames"]), list(frames))
        self.refuse(2, ["frames.h5", "c2_00007", "(2, 9)", "--exclude"], "frames.h5")
        for arguments, words in ((["--frames", "30:40"], ["--frames", "30:40", "0 to 35"]),
                                 (["--frames", "9:4"], ["--frames", "9:4"]), (["--exclude", "-1"], ["--exclude"]),
                                 (["--exclude", "3.5"], ["--exclude", "3.5"]), (["--exclude", "a:b"], ["--exclude", "a:b"]),
                                 (["--mask", "/short"], ["--mask /short", "5 numbers", "36 frames"]),
                                 (["--mask", "/none"], ["/none"]), (["--frames", "3:5"], ["at least 3"])):
            self.refuse(2, words, "frames.h5", *arguments)

    def test_angles_are_chosen(self):
        write_nexus(self.folder / "angles.h5", self.ALL)
        with h5py.File(self.folder / "angles.h5", "r+") as file:
            file["sigma"] = np.linspace(1e-4, 2e-4, PHI.size)
        self.assert_truth("angles.h5", "--angles", "-40:50", angles=PHI[1:4])
        self.assert_truth("angles.h5", "--angles", "100:-75", "30:41", angles=PHI[[0, 3, 5]])
        found = self.assert_truth("angles.h5", "--angles", "-40:50", "--sigma", "/sigma", angles=PHI[1:4])
        self.assertTrue(np.all(np.isfinite(found["errors"])))
        self.assert_runs("analyze", "angles", "angles.h5", "--dataset", "/xpcs/qmap/dynamic_v_list_dim1", "--range",
                         "30:120", "-o", "chosen.h5")
        self.assert_truth("angles.h5", "--angles", "chosen.h5", angles=PHI[3:])
        write_nexus(self.folder / "five.h5", [b for b in self.ALL if b % 6 != 5 and b < 10], dim1=PHI[:5])
        self.refuse(2, ["chosen.h5", "6", "5", "dim1"], "five.h5", "--angles", "chosen.h5", q_index=0)
        self.refuse(2, ["angles.h5", "--angles 42:60", "-80", "110"], "angles.h5", "--angles", "42:60")
        self.refuse(2, ["--angles", "5:6:7"], "angles.h5", "--angles", "5:6:7")
        self.refuse(3, ["missing.h5"], "angles.h5", "--angles", "missing.h5")

    def test_chi_squared_far_from_the_degrees_of_freedom_is_said(self):
        noise = np.random.default_rng(3)
        write_nexus(self.folder / "noisy.h5", self.ALL,
                    half=lambda c: np.triu(c + 0.01 * noise.standard_normal(c.shape)))
        for sigma, verdict, word in ((0.01, "good", None), (0.005, "bad", "too small"), (0.02, "bad", "larger"),
                                     (None, "none", None)):
            found = self.fit("noisy.h5", *(["--sigma", sigma] if sigma else []))
            self.assertEqual(found["verdict_chi_squared"], verdict)
            ratio = found["chi_squared"] / found["degrees_of_freedom"]
            self.assertAlmostEqual(found["reduced_chi_squared"], ratio, places=9)
            self.assertAlmostEqual(ratio * (sigma or 1.0) ** 2, 1e-4, delta=1e-5)
            for text in (self.err, found["warnings"]):
                self.assertRegex(text, f"per degree of freedom.*{word}" if word else "^$")

    def test_errors_of_few_speckles_are_those_of_the_jackknife(self):
        """Fields of 80 speckles that diffuse: what is fitted is 6 times farther off than independent entries say."""
        random, frames, kept = np.random.default_rng(8), 150, np.exp(-1 / 6)
        field = np.empty((frames, 2, 2, 80))
        field[0] = random.standard_normal(field[0].shape)
        for t in range(1, frames):
            field[t] = kept * field[t - 1] + np.sqrt(1 - kept**2) * random.standard_normal(field[t].shape)
        intensity = np.sum(field**2, axis=1)
        intensity /= intensity.mean(axis=-1, keepdims=True)
        with h5py.File(self.folder / "speckles.h5", "w") as file:
            file["/xpcs/qmap/dynamic_v_list_dim0"], file["/xpcs/qmap/dynamic_v_list_dim1"] = [0.005], [0.0, 90.0]
            file["/xpcs/twotime/processed_bins"], file["/entry/instrument/detector_1/frame_time"] = [1, 2], STEP
            for a in range(2):
                file[f"/xpcs/twotime/correlation_map/c2_{a + 1:05d}"] = np.triu(intensity[:, a] @ intensity[:, a].T / 80)
        arguments = ["analyze", "fit", "speckles.h5", "--q-index", 0, "--gap", GAP, "--fixed", *NAMES[1:], "-o", "fit.h5"]
        out = self.assert_runs(*arguments, "--csv", "fit.csv")
        with h5py.File(self.folder / "fit.h5") as file:
            errors, jackknife, blocks = file["errors"][0], file["errors_jackknife"][0], file.attrs["jackknife_blocks"]
            estimates = file["jackknife_estimates"][:, 0]
            self.assertEqual(file["covariance_jackknife"].shape, (7, 7))
            truth = 1 / 6 / 0.005**2 / STEP
            self.assertLess(abs(file["parameters"][0] - truth), 3 * jackknife)
        self.assertGreater(jackknife, 3 * errors)
        self.assertEqual(estimates.size, blocks)
        self.assertTrue(5 <= blocks <= 20)
        np.testing.assert_allclose(jackknife**2, (1 - 1 / blocks) * np.sum((estimates - estimates.mean()) ** 2))
        row = np.genfromtxt(self.folder / "fit.csv", delimiter=",", names=True)
        self.assertEqual(row["D0_error_jackknife"], jackknife)
        self.assertIn(f"jackknife over {blocks} blocks", out)
        self.assert_runs(*arguments, "--jackknife", 40)
        with h5py.File(self.folder / "fit.h5") as file:
            self.assertEqual(file.attrs["jackknife_blocks"], 40)
            self.assertIn("too small", file.attrs["warnings"])
        self.assert_runs(*arguments, "--jackknife", 0)
        with h5py.File(self.folder / "fit.h5") as file:
            self.assertNotIn("errors_jackknife", file)

    def test_the_example_of_the_help_runs(self):
        code, out, err = self.run_ister("analyze", "fit", "--help")
        self.assertEqual(code, 0, err)
        example = re.search(r"Example: ister (.*\.h5)", out).group(1).split()
        write_nexus(self.folder / example[2], self.ALL)
        self.assert_runs(*example)


if __name__ == "__main__":
    unittest.main()
