#!/usr/bin/python3
"""What a surface costs and leaves alone in the run that it is found in: its state, its energy, its end.

Environment as in command.py.
"""

import unittest

import h5py
import numpy as np
from test_surface import SPOT, SurfaceFiles


class SurfaceRunTest(SurfaceFiles):
    def states(self, folder):
        """The fields of the last snapshot."""
        path = sorted((self.folder / folder).glob("*_state_*.h5"))[-1]
        with h5py.File(path, "r") as file:
            return {name: values[()].tobytes() for name, values in file["state"].items()}

    def test_leaves_the_flow_alone(self):
        """Steps that begin with the rates which a surface asked for are what they are without, bit for bit."""
        bare = SPOT[:SPOT.index("[surface]")] + "[output]\nevery_steps = 40\n"
        self.write("bare.toml", bare)
        self.write("deck.toml", bare + "[surface]\nenergy_density = 0.25\nstop = false\n")
        for integrator in ("rk4", "ars443"):
            for options in ((), ("numerics.preset=event",), ("output.every_time=0.3",)):
                sets = ["time.end=2.2", f"time.integrator={integrator}", *options]
                self.assert_runs("run", "bare.toml", "--output", "bare", "--overwrite", "--set", *sets)
                self.assert_runs("run", "deck.toml", "--output", "with", "--overwrite", "--set", *sets)
                self.assertEqual(self.states("bare"), self.states("with"))

    def test_an_early_end_leaves_no_trace(self):
        """A run to an early end that goes on is the undisturbed one, though the first surface was complete up to there."""
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--output", "whole", "--set", "time.end=2.4")
        self.assert_runs("run", "deck.toml", "--output", "parts", "--set", "time.end=1.36")
        early, level, _ = self.surface("parts")
        self.assertEqual(early["slabs"]["step"][-1], 19)
        self.assertLess(abs(level["closure"]), 1e-4)
        self.assertNotIn(19, self.surface("whole")[0]["slabs"]["step"])
        self.assert_runs("run", "deck.toml", "--output", "parts", "--restart", "--set", "time.end=2.4")
        self.assert_same("whole", "parts")

    def test_what_is_added_is_booked(self):
        """Filter, sponge and floor, stabilizer and drive change the energy inside; the balance stays what it was."""
        spot = SPOT.replace("energy_density = [0.25, 0.12]", "energy_density = 0.25\nevery_time = 0.08")
        self.write("deck.toml", spot + "[sponge]\nwidth = 6.0\nrate = 1.0\n")
        self.assert_runs("run", "deck.toml", "--output", "sponge", "--set", "time.end=2.0")
        level = self.surface("sponge")[1]
        self.assertGreater(abs(level["booked"]), 1e-3 * level["energy_start"])
        self.assertLess(abs(level["closure"]), 0.15 * abs(level["booked"]) / level["energy_start"])
        self.write("deck.toml", spot + """
[drive]
tones = [{ field = "force", component = "x", mode = [1, 0], omega = 1.0, amplitude = 0.02, phase = 0.3 }]
""")
        for geometry in ("milne", "minkowski"):
            self.assert_runs("run", "deck.toml", "--output", geometry, "--set", f"grid.geometry={geometry}", "time.end=2.0")
            level = self.surface(geometry)[1]
            self.assertLess(abs(level["closure"]), 2e-5)
        self.assertGreater(abs(level["work"]), 2e-4 * level["energy_start"])  # in Minkowski space the drive's alone


if __name__ == "__main__":
    unittest.main()
