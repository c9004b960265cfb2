#!/usr/bin/python3
"""`ister analyze surface`: the formats of other codes, read as these do.

Environment as in command.py.
"""

import unittest

import numpy as np
import test_surface
from test_surface import HBAR_C, SPOT


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
        self.assertIn("EOS_to_use 9", (self.folder / "music_input").read_text())
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


if __name__ == "__main__":
    unittest.main()
