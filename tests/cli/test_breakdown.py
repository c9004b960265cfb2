#!/usr/bin/python3
"""A breakdown is told from the last finite state: the place where it began, its fields, the limit, what to do.

Environment as in command.py. The planted states have one bad point, (9, 5), in matter at rest.
"""

import unittest

import h5py
import numpy as np
from command import CommandTest

POINTS, LOWER, UPPER = (16, 12), (-4.0, -3.0), (4.0, 3.0)
DECK = f"""
[run]
name = "planted"
output = "out"
keep_going = true            # verdicts would end these runs a step or two earlier
[grid]
points = {list(POINTS)}
lower = {list(LOWER)}
upper = {list(UPPER)}
[time]
end = 2.0
step = 0.05
[initial]
type = "file"
file = "start.h5"
[solver]
"""


class BreakdownTest(CommandTest):
    def plant(self, formulation, energy_density=10.0, **fields):
        """A state with these values at one point."""
        values = {"energy_density": np.full(POINTS[::-1], 10.0)}
        values["energy_density"][5, 9] = energy_density
        for name, value in fields.items():
            values[name] = np.zeros(POINTS[::-1])
            values[name][5, 9] = value
        with h5py.File(self.folder / "start.h5", "w") as file:
            file.attrs.update(format="ister-state", version=1, time=0.0, geometry="minkowski", units="natural",
                              points=POINTS, lower=LOWER, upper=UPPER)
            for name, value in values.items():
                file["state/" + name] = value
        return self.write("deck.toml", DECK + f'formulation = "{formulation}"\n')

    def test_by_flow(self):
        deck = self.plant("conservative", ux=30.0)
        self.assert_refused(4, ["broke down at time 0.05", "step 1", "points are not finite, in energy_density ux",
                                "state at time 0 fm, at point (9, 5) at (0.5, -0.5)", "e = 1.97 GeV/fm^3",
                                "T = 182 MeV", "u = (30, 0, 0)", "|u| = 30 is beyond its limit of 10",
                                "initial.floor"], "run", deck, "--overwrite")

    def test_by_an_empty_point(self):
        deck = self.plant("conservative", energy_density=1e-25)
        self.assert_refused(4, ["broke down", "at point (9, 5)", "ln(e_max/e) = 59.9 is beyond",
                                "initial.floor"], "run", deck, "--overwrite")

    def test_by_shear_stress(self):
        for case, formulation in enumerate(("primitive", "conservative")):
            deck = self.plant(formulation, pixx=-300.0)
            self.assert_refused(4, ["broke down", "it began from the state at time", "at point (9, 5)",
                                    "sqrt(pi:pi)/(e+p) = ", "is beyond its limit of 1", "eta_over_s"],
                                "run", deck, "--overwrite", ranks=self.ranks_of(case))

    def test_by_steps_that_are_too_long(self):
        deck = self.deck()
        self.assert_refused(4, ["broke down", "is longer than", "it began from the state at time"], "run", deck,
                            "--overwrite", "--set", "run.keep_going=true", "time.step=2", "time.end=60",
                            "transport.eta_over_s=2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
