#!/usr/bin/python3
"""`ister analyze surface`: the formats of other codes, read as these do.

Environment as in command.py.
"""

import unittest

import numpy as np
import test_surface
from test_surface import HBAR_C, SPOT, volume_and_energy


def cartesian_energy(fist):
    """int T^{tm} dsigma_m [GeV] of elements as FIST has them."""
    dsigma, u, e, p = fist[:, 4:8], fist[:, 8:12], fist[:, 16], fist[:, 28] + fist[:, 29]
    pi_t = fist[:, [18, 19, 21, 24]]
    return ((e + p) * u[:, 0] * (u * dsigma).sum(axis=1) - p * dsigma[:, 0] + (pi_t * dsigma).sum(axis=1)).sum()


class AnalyzeSurfaceTest(test_surface.SurfaceFiles):
    def convert(self, form, *arguments):
        self.assert_runs("analyze", "surface", "out/spot_surface.h5", "--to", form, "-o", form, *arguments)
        return self.folder / form

    def test_formats(self):
        """Each format holds the elements: volume and energy as the reader of that format would sum them."""
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--set", "transport.zeta_over_s=0.05", "transport.tau_bulk=1.0",
                         "surface.energy_density=0.2")
        c = self.surface()[0]
        table = np.genfromtxt(self.convert("csv"), delimiter=",", names=True)
        for name in table.dtype.names:
            np.testing.assert_array_equal(table[name], c[name])
        u0 = np.sqrt(1 + c["ux"]**2 + c["uy"]**2)
        volume = (c["tau"] * (u0 * c["dS_tau"] + c["ux"] * c["dS_x"] + c["uy"] * c["dS_y"])).sum()
        # MUSIC: dS without tau, u contravariant.
        binary = np.fromfile(self.convert("music"), dtype="<f4").reshape(-1, 34).astype(float)
        text = np.loadtxt(self.convert("music-text"))
        self.assertEqual(text.shape, (len(c["x"]), 29))
        np.testing.assert_allclose(binary[:, :29], text, rtol=1e-6, atol=1e-9)
        self.assertLess(abs((text[:, 0] * (text[:, 8:11] * text[:, 4:7]).sum(axis=1)).sum() / volume - 1), 1e-9)
        np.testing.assert_allclose(text[:, 17], (c["energy_density"] + c["pressure"]) / c["temperature"], rtol=1e-9)
        pi = dict(zip("tt tx ty te xx xy xe yy ye ee".split(), text[:, 18:28].T))
        largest = np.abs(text[:, 18:28]).max()
        self.assertLess(np.abs(pi["tt"] - pi["xx"] - pi["yy"] - pi["ee"]).max(), 1e-8 * largest)
        for m, (t, x, y) in {"t": ("tt", "tx", "ty"), "x": ("tx", "xx", "xy"), "y": ("ty", "xy", "yy")}.items():
            self.assertLess(np.abs(pi[t] * u0 - pi[x] * c["ux"] - pi[y] * c["uy"]).max(), 1e-8 * largest, m)
        np.testing.assert_allclose(text[:, 28], c["bulk_pressure"], rtol=1e-9)
        self.assertEqual(self.convert("is3d").read_bytes(), (self.folder / "music-text").read_bytes())
        self.assertEqual(self.convert("iss").read_bytes(), (self.folder / "music").read_bytes())
        told = {}  # as iSS does: an empty line repeats the key before it, without a value
        for line in (self.folder / "music_input").read_text().split("\n"):
            key, _, value = line.partition(" ") if line else (key, "", "")
            told[key] = value
        self.assertEqual((told["EOS_to_use"], told["freeze_surface_in_binary"]), ("9", "1"))
        # vHLLE: Cartesian, d sigma covariant with tau, GeV, in slices of eta.
        v = np.loadtxt(self.convert("vhlle", "--eta-slices", -1.5, 2.5, 8))
        self.assertEqual(v.shape, (8 * len(c["x"]), 27))
        self.assertEqual(sorted(set(v[:, 3])), [-1.25 + 0.5 * i for i in range(8)])
        u, dsigma = v[:, 8:12], v[:, 4:8]
        np.testing.assert_allclose(u[:, 0]**2 - (u[:, 1:]**2).sum(axis=1), 1, rtol=1e-9)
        self.assertLess(abs((u * dsigma).sum() / (4 * volume) - 1), 1e-9)
        np.testing.assert_allclose(v[:len(c["x"]), 12], c["temperature"] * HBAR_C, rtol=1e-12)
        tt, tx, xx, ty, xy, yy, tz, xz, yz, zz = v[:, 16:26].T
        self.assertLess(np.abs(tt - xx - yy - zz).max(), 1e-8 * np.abs(tt).max())
        self.assertLess(np.abs(tz * u[:, 0] - xz * u[:, 1] - yz * u[:, 2] - zz * u[:, 3]).max(), 1e-8 * np.abs(tt).max())
        self.assert_refused(2, ["--level 1", "1 surfaces"], "analyze", "surface", "out/spot_surface.h5", "--level", 1,
                            "-o", "x")
        self.assert_refused(3, ["history.csv"], "analyze", "surface", "out/spot_history.csv", "-o", "x")

    def test_formats_of_double_precision(self):
        """FIST and frzout: volume and energy in their units, from what they read alone."""
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--set", "transport.zeta_over_s=0.05", "transport.tau_bulk=1.0",
                         "surface.energy_density=0.2")
        c = self.surface()[0]
        volume, energy = volume_and_energy(c)
        fist = np.fromfile(self.convert("fist", "--eta-slices", -1.5, 2.5, 8)).reshape(-1, 30)
        self.assertEqual(sorted(set(fist[:, 3])), [-1.25 + 0.5 * i for i in range(8)])
        self.assertLess(abs((fist[:, 8:12] * fist[:, 4:8]).sum() / (4 * volume) - 1), 1e-13)
        # Boosted along eta: E of a slice is cosh(eta) that at eta = 0, which has no momentum there.
        along_eta = 0.5 * np.cosh(-1.25 + 0.5 * np.arange(8)).sum()
        self.assertLess(abs(cartesian_energy(fist) / (along_eta * energy) - 1), 1e-13)
        for column, name in ((12, "temperature"), (16, "energy_density"), (28, "bulk_pressure"), (29, "pressure")):
            np.testing.assert_allclose(fist[:len(c["x"]), column], c[name] * HBAR_C, rtol=1e-13)
        told = dict(line.split() for line in (self.folder / "fist_input").read_text().splitlines())
        self.assertEqual((told["hypersurface_filetype"], told["hypersurface_file"]), ("1", "fist"))
        self.assertEqual(told["rescaleTmu"], "1")  # no hadron gas, this fluid
        self.assertAlmostEqual(float(told["edens"]), 0.2, delta=1e-11)  # FIST wants it within 1e-3 of each element
        flat = np.fromfile(self.convert("frzout")).reshape(-1, 16)
        v, gamma = flat[:, 6:8], 1 / np.sqrt(1 - (flat[:, 6:8]**2).sum(axis=1))
        self.assertLess(abs((flat[:, 0] * gamma * (flat[:, 3] + (v * flat[:, 4:6]).sum(axis=1))).sum() / volume - 1),
                        1e-13)
        tt, tx, ty, xx, xy, yy, zz = flat[:, 8:15].T
        for found, name in ((xx, "pixx"), (xy, "pixy"), (yy, "piyy"), (zz, "pizz"), (flat[:, 15], "bulk_pressure")):
            np.testing.assert_allclose(found, c[name] * HBAR_C, rtol=1e-13)
        self.assertLess(np.abs(tt - xx - yy - zz).max(), 1e-13 * np.abs(tt).max())
        self.assertLess(np.abs(tx - xx * v[:, 0] - xy * v[:, 1]).max() + np.abs(ty - xy * v[:, 0] - yy * v[:, 1]).max(),
                        1e-13 * np.abs(tt).max())
        for form, words in (("frzout", "rapidity"), ("csv", "in x and y")):
            self.assert_refused(2, ["--eta-slices", words], "analyze", "surface", "out/spot_surface.h5", "--to", form,
                                "--eta-slices", -1, 1, 4, "-o", "x", ranks=(1,))
        self.assert_refused(2, ["blanks"], "analyze", "surface", "out/spot_surface.h5", "--to", "fist", "-o", "a b",
                            ranks=(1,))

    def test_formats_in_three_dimensions(self):
        """A drop that spreads along eta as well: Cartesian volume and energy of each format."""
        self.write("deck.toml", SPOT.replace("[40, 36]", "[20, 18, 16]").replace("-6.5]", "-6.5, -4.0]")
                   .replace("6.5]", "6.5, 4.0]").replace("1.3]", "1.3, 0.8]"))
        self.assert_runs("run", "deck.toml", "--set", "time.end=0.8", "surface.energy_density=0.3")
        c = self.surface()[0]
        self.assertGreater(np.abs(c["dS_eta"] * c["uz"]).max(), 0)
        volume, energy = volume_and_energy(c)
        fist = np.fromfile(self.convert("fist")).reshape(-1, 30)
        self.assertLess(abs((fist[:, 8:12] * fist[:, 4:8]).sum() / volume - 1), 1e-13)
        self.assertLess(abs(cartesian_energy(fist) / energy - 1), 1e-13)
        f = np.fromfile(self.convert("frzout")).reshape(-1, 22)
        np.testing.assert_allclose(f[:, 0]**2 - f[:, 3]**2, c["tau"]**2, rtol=1e-12)
        np.testing.assert_allclose(np.arctanh(f[:, 3] / f[:, 0]), c["eta"], atol=1e-12)
        np.testing.assert_allclose(f[:, 4:8], fist[:, 4:8], rtol=1e-12)
        np.testing.assert_allclose(f[:, 8:11], fist[:, 9:12] / fist[:, 8:9], rtol=1e-12, atol=1e-15)
        by_columns = dict(zip("tt tx xx ty xy yy tz xz yz zz".split(), fist[:, 18:28].T))
        for name, found in zip("tt tx ty tz xx xy xz yy yz zz".split(), f[:, 11:21].T):
            np.testing.assert_allclose(found, by_columns[name], atol=1e-15)
        np.testing.assert_allclose(np.loadtxt(self.convert("vhlle"))[:, :16], fist[:, :16], rtol=1e-13, atol=1e-15)


if __name__ == "__main__":
    unittest.main()
