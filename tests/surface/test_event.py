#!/usr/bin/python3
"""The surface of a run against integrals over the run's own states that never look for a surface: level_integrals.py.

Environment as in tests/cli/command.py.
"""

import sys
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import test_surface  # noqa: E402
from command import deck_head  # noqa: E402
from level_integrals import densities, kernel, level_integrals, step  # noqa: E402
from linear_surface import linear_integrals  # noqa: E402
from test_surface import HBAR_C  # noqa: E402

DECK = deck_head("drop", [72, 68], [7.0, 6.5], start=0.6, end=5.0, step=0.04) + """
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

    def test_exact_levels(self):
        """Matter at rest whose levels shrink in closed form: V = tau_0 A(tau_0) + int A dtau, A the area above one."""
        (a, b, height, start), box, points = (4.0, 3.0, 60.0, 0.6), np.array([14.0, 13.0]), np.array([48, 44])

        def square(x, length):
            return (length / np.pi * np.sin(np.pi * x / length))**2

        def inverse(value, length):
            return length / np.pi * np.arcsin(np.sqrt(value) * np.pi / length)

        x, y = (-0.5 * length + length / n * np.arange(n) for length, n in zip(box, points))
        for step_number in range(70):
            time = start + 0.08 * step_number
            e = height * np.exp(-square(x, box[0]) / a - square(y, box[1])[:, None] / b - time)
            with h5py.File(self.folder / f"state_{step_number:03}.h5", "w") as file:
                file.attrs.update({"points": points, "lower": -0.5 * box, "upper": 0.5 * box, "time": time})
                file["state/energy_density"], file["state/pressure"] = e, e / 3
                for name in ("ux", "uy", "pixx", "pixy", "piyy", "pizz"):
                    file["state/" + name] = np.zeros_like(e)
        node, weight = np.polynomial.legendre.leggauss(100)
        end = np.log(height)

        def area(time):
            most, angle = inverse(a * (end - time), box[0]), 0.25 * np.pi * (node + 1)
            rest = np.maximum(end - time - square(most * np.sin(angle), box[0]) / a, 0)
            return 4 * most * (inverse(b * rest, box[1]) * np.cos(angle) * weight).sum() * 0.25 * np.pi

        times = start + 0.5 * (end - start) * (node + 1)
        volume = start * area(start) + 0.5 * (end - start) * (weight * [area(t) for t in times]).sum()
        found = level_integrals(self.folder.glob("state_*.h5"), 1.0, width=0.2, denser=4)
        print(f"exact levels: volume {found['volume'] / volume - 1:+.1e}, energy {found['energy'] / volume - 1:+.1e}")
        self.assertLess(abs(found["volume"] / volume - 1), 2e-8)
        self.assertLess(abs(found["energy"] / volume - 1), 2e-8)

    def test_smooth_drop(self):
        self.write("deck.toml", DECK)
        self.assert_runs("run", "deck.toml")
        c, level, _ = self.surface(name="drop")
        found = level_integrals((self.folder / "out").glob("*_state_*.h5"), 0.25 / HBAR_C, denser=3)
        of_elements = sums_over(c)
        linear = linear_integrals((self.folder / "out").glob("*_state_*.h5"), c["energy_density"][0], c["pressure"][0],
                                  stride=1, skip=1)
        self.assertGreater(abs(linear["volume"] / found["volume"] - 1), 1e-5)  # what linear geometry misses
        for name in ("volume", "energy", "energy_start"):
            print(f"{name}: {level[name] / found[name] - 1:+.1e}")
            self.assertLess(abs(level[name] / found[name] - 1), 1e-6, name)
        for name, value in of_elements.items():
            print(f"{name} of elements: {value / found[name] - 1:+.1e}")
            self.assertLess(abs(value / found[name] - 1), 1e-6, name)


if __name__ == "__main__":
    unittest.main()
