#!/usr/bin/python3
"""Outputs are side steps and checkpoints fall on steps: neither changes a run, and no output is lost.

Environment as in command.py.
"""

import unittest

import h5py
import numpy as np
from command import CommandTest, deck_head

DECK = deck_head("flow", [24, 20], [6.0, 6.0], start=0.6, end=1.6) + """
[eos]
type = "constant_cs2"
cs2 = 0.25
[transport]
eta_over_s = 0.16
zeta_over_s = 0.02
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 3.0
width = [1.0, 1.4]
"""
STEPS = (["time.step=0.03"], ["time.cfl=0.2"], ["time.tolerance=1e-6", "time.integrator=dp54"])
STABILIZED = ["time.step=0.03", "stabilizer.threshold=0.002", "stabilizer.cap=0.1", "filter.order=16"]


class OutputTimes(CommandTest):
    def snapshots(self):
        """Their times, the fields of the last one."""
        times = []
        for path in self.outputs("flow_state_*.h5"):
            with h5py.File(path, "r") as file:
                times.append(float(file.attrs["time"]))
                fields = {name: values[()].tobytes() for name, values in file["state"].items()}
        return times, fields

    def run_with(self, *settings):
        """Times of the snapshots, fields of the last one, the history."""
        self.assert_runs("run", self.write("deck.toml", DECK), "--overwrite", "--set", *settings)
        return *self.snapshots(), (self.folder / "out" / "flow_history.csv").read_text(encoding="utf-8")

    def test_leave_the_run_alone_bit_for_bit(self):
        for formulation in ("primitive", "conservative"):
            for step in (*STEPS, *([STABILIZED] if formulation == "primitive" else [])):
                settings = [f"solver.formulation={formulation}", *step]
                _, fields, history = self.run_with(*settings)
                for cadence in ("output.every_time=0.17", "checkpoint.every_time=0.13"):
                    times, same_fields, same_history = self.run_with(*settings, cadence)
                    self.assertEqual(same_history, history, (settings, cadence))
                    self.assertEqual(same_fields, fields, (settings, cadence))
                    if cadence.startswith("output"):
                        np.testing.assert_allclose(times, [*(0.6 + 0.17 * np.arange(6)), 1.6], rtol=0, atol=1e-14)

    def test_closer_than_steps_shorten_these(self):
        for step in STEPS:
            times, _, _ = self.run_with(*step, "output.every_time=0.011", "time.end=0.8")
            np.testing.assert_allclose(times, [*(0.6 + 0.011 * np.arange(19)), 0.8], rtol=0, atol=1e-14)

    def test_of_steps_that_outgrow_them(self):
        times, _, _ = self.run_with(*STEPS[2], "initial.amplitude=0", "output.every_time=0.3", "time.end=6.6")
        np.testing.assert_allclose(times, 0.6 + 0.3 * np.arange(21), rtol=0, atol=1e-14)

    def test_of_a_run_that_goes_on(self):
        # The end of the first part lies between outputs: it stays a snapshot, and the next one is not lost.
        self.run_with("time.step=0.03", "output.every_time=0.17", "time.end=0.93")
        self.assert_runs("run", "deck.toml", "--restart", "--set", "time.step=0.03", "output.every_time=0.17")
        times, _ = self.snapshots()
        np.testing.assert_allclose(times, [0.6, 0.77, 0.93, 0.94, 1.11, 1.28, 1.45, 1.6], rtol=0, atol=1e-14)


if __name__ == "__main__":
    unittest.main()
