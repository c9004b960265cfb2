#!/usr/bin/python3
"""Surfaces of whole runs: an event in three dimensions, up to six ranks, a disk that fills up.

Environment as in command.py.
"""

import os
import subprocess
import unittest

import numpy as np
import test_surface
from command import deck_head
from test_surface import SPOT, volume_and_energy

EVENT = deck_head("spot", [24, 22, 24], [5.0, 4.5, 3.2], start=0.6, end=8.0, step=0.08) + """
[eos]
type = "hotqcd"
[transport]
eta_over_s = 0.16
[initial]
type = "trento"
file = "event.dat"
grid_spacing = 0.25
scale = 5.0
eta_plateau = 0.8
eta_width = 0.55
[surface]
temperature = 0.15
every_time = 0.16
"""


class SurfaceRunsTest(test_surface.SurfaceFiles):
    def test_event_in_three_dimensions(self):
        """From a map with a plateau along eta to freeze-out: what was inside has left, as much forwards as backwards."""
        x = 0.25 * (np.arange(57) - 28)
        np.savetxt(self.folder / "event.dat", np.exp(-x[None, :]**2 / 2.6 - x[:, None]**2 / 1.9))
        self.write("deck.toml", EVENT)
        out = self.assert_runs("run", "deck.toml", ranks=(2,))
        self.assertIn("nothing is above the lowest surface", out)
        c, level, _ = self.surface()
        self.assertEqual(level["complete"], 1)
        # The solver's own error on so coarse a grid, of which the filter's part (1.3e-4, booked) is taken off.
        self.assertLess(abs(level["closure"]), 2e-4)
        self.assertLess(np.abs([c[name].sum() for name in ("dS_x", "dS_y", "dS_eta")]).max(), 1e-11 * len(c["x"]))
        volume, _ = volume_and_energy(c)
        self.assertLess(abs(volume / level["volume"] - 1), 5e-3)  # one element a cell
        area = np.abs(c["dS_tau"]).sum()
        for name in ("uz", "dS_eta", "eta"):  # diagonals of cells know forwards from backwards
            self.assertLess(abs((c[name] * c["dS_tau"]).sum()), 1e-5 * area, name)
        self.assertGreater(np.abs(c["uz"]).max(), 0.1)

    def test_sums_on_up_to_six_ranks(self):
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--output", "on_1")
        columns, level, _ = self.surface("on_1")
        for ranks in (4, 6):
            self.assert_runs("run", "deck.toml", "--output", f"on_{ranks}", ranks=(ranks,))
            others, other, _ = self.surface(f"on_{ranks}")
            for name in ("volume", "energy", "energy_start"):
                self.assertLess(abs(other[name] / level[name] - 1), 1e-12)
            for name in set(columns) - {"slabs"}:
                scale = np.abs(columns[name]).sum()
                self.assertLessEqual(abs(others[name].sum() - columns[name].sum()), 1e-11 * scale, name)

    @unittest.skipUnless(hasattr(os, "geteuid") and os.geteuid() == 0, "mounting needs root")
    def test_a_full_disk(self):
        """The surface that was there stays, whole; with more room the run goes on to what it would have found."""
        self.write("deck.toml", SPOT)
        more = ("--set", "surface.elements=quadrature", "time.end=3.0", "checkpoint.keep=1")
        self.assert_runs("run", "deck.toml", "--output", "whole", *more)
        path, place = self.folder / "full/spot_surface.h5", self.folder / "full"
        room = sum(p.stat().st_size for p in (self.folder / "whole").iterdir()) + (300 << 10)
        place.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", place], capture_output=True).returncode:
            self.skipTest("cannot mount a tmpfs here")
        try:
            self.assert_refused(3, ["spot_surface.h5"], "run", "deck.toml", "--output", "full", *more, ranks=(1,))
            self.assert_runs("info", path)
            whole, kept = self.surface("whole")[0], self.surface("full")[0]
            self.assertGreater(len(kept["x"]), 0.2 * len(whole["x"]))
            self.assertLess(len(kept["x"]), len(whole["x"]))
            for name in set(kept) - {"slabs"}:
                self.assertEqual(kept[name].tobytes(), whole[name][:len(kept[name])].tobytes(), name)
            subprocess.run(["mount", "-o", f"remount,size={4 * room}", place], check=True)
            self.assert_runs("run", "deck.toml", "--output", "full", "--restart", *more)
            self.assert_same("whole", "full")
        finally:
            subprocess.run(["umount", "-l", place], check=False)


if __name__ == "__main__":
    unittest.main()
