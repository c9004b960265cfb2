#!/usr/bin/python3
"""The surface of a run against integrals over the run's own states that never look for a surface: level_integrals.py.

Environment as in tests/cli/command.py.
"""

import sys
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import test_surface  # noqa: E402
from level_integrals import densities, kernel, level_integrals, step  # noqa: E402
from test_surface import HBAR_C  # noqa: E402

DECK = """
[run]
name = "drop"
output = "out"
[grid]
geometry = "milne"
points = [64, 60]
lower = [-7.0, -6.5]
upper = [7.0, 6.5]
[time]
start = 0.6
end = 5.0
step = 0.04
[transport]
eta_over_s = 0.1
[initial]
type = "hot_spot"
temperature = 0.3
amplitude = 60.0
width = [1.6, 1.3]
[surface]
energy_density = 0.25
every_time = 0.04
elements = "quadrature"
stop = false
[output]
every_steps = 1
fields = ["energy_density", "pressure", "ux", "uy", "pixx", "pixy", "piyy", "pizz"]
[history]
every_steps = 0
"""


def sums_over(c):
    """The same fluxes as sums over elements."""
    fields = [c[name] for name in ("ux", "uy", "pixx", "pixy", "piyy", "pizz", "bulk_pressure")]
    currents = densities(c["x"], c["y"], c["energy_density"], c["pressure"], fields)
    normal = c["tau"] * np.array([c["dS_tau"], c["dS_x"], c["dS_y"]])
    return {name: (current * normal).sum() for name, current in currents.items()}


class EventTest(test_surface.SurfaceFiles):
    def test_kernel(self):
        t = np.linspace(-12, 12, 4001)
        for power, moment in enumerate((1, 0, 0, 0, 0, 0, 0, 0)):
            self.assertLess(abs((t**power * kernel(t)).sum() * (t[1] - t[0]) - moment), 1e-12)
        self.assertLess(np.abs(np.gradient(step(t), t, edge_order=2) - kernel(t)).max(), 1e-4)
        np.testing.assert_allclose(step(np.array([-12.0, 0.0, 12.0])), [0, 0.5, 1], atol=1e-15)

    def test_smooth_drop(self):
        self.write("deck.toml", DECK)
        self.assert_runs("run", "deck.toml")
        c, level, _ = self.surface(name="drop")
        found = level_integrals((self.folder / "out").glob("*_state_*.h5"), 0.25 / HBAR_C, denser=3)
        of_elements = sums_over(c)
        for name in ("volume", "energy", "energy_start"):
            print(f"{name}: {level[name] / found[name] - 1:+.1e}")
            self.assertLess(abs(level[name] / found[name] - 1), 1e-6, name)
        for name, value in of_elements.items():
            print(f"{name} of elements: {value / found[name] - 1:+.1e}")
            self.assertLess(abs(value / found[name] - 1), 1e-6, name)


if __name__ == "__main__":
    unittest.main()
