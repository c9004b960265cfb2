#!/usr/bin/python3
"""One flow in two geometries: a viscous lump that moves and spreads in a Minkowski box, and the same from tau = T0 on
in Milne coordinates. What leaves through the two surfaces is the same.

The state at tau = T0 is that of the box at t = T0 cosh(eta), z = T0 sinh(eta), by Fourier's interpolation along z
and Lagrange's over snapshots, in the frame of eta. Of the surfaces counts what lies beyond, by a weight that is a
scalar and grows from tau = T0 + 0.05 on. What either makes periodic is cold, and nothing of it gets to where matter is
hot in time.

Environment as in command.py.
"""

import unittest

import h5py
import numpy as np
import command
from surface_file import read_surface, write_surface

FIELDS = ["energy_density", "ux", "uy", "uz", "pixx", "pixy", "pixz", "piyy", "piyz", "pizz"]
AXES = "xyz"
T0 = 2.5
BOX, SLICE = ([24, 24, 28], [4.0, 4.0, 4.5]), ([24, 24, 48], [4.0, 4.0, 2.1])  # points, half the lengths
KNOWN = 0.95  # the largest eta where the slice is the flow; beyond, it is made cold and periodic
METRIC = np.diag([-1.0, 1.0, 1.0, 1.0])[:, :, None]
SCALE = [0, 1, 1, 1, 1, 5]  # of totals: momentum is relative to energy


def deck(name, geometry, grid, end, initial):
    return command.deck_head(name, *grid, geometry=geometry, start=T0, end=end, step=0.06) + f"""
[transport]
eta_over_s = 0.2
[initial]
{initial}
[surface]
temperature = 0.1973269804
elements = "quadrature"
every_time = 0.18
"""


LUMP = deck("lump", "minkowski", BOX, 4.42, """
type = "hot_spot"
temperature = 0.7
amplitude = 8.0
width = [1.0, 1.2, 0.9]
ux = 0.15
uz = 0.2
""") + f"""
stop = false
[output]
every_time = 0.12
fields = {str(FIELDS).replace("'", '"')}
"""
FROM_SLICE = deck("slice", "milne", SLICE, 4.3, 'type = "file"\nfile = "slice.h5"')

KAONS = """name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q
K,0.49368,0,1,-1,0,0,0
"""


def smooth_step(x):
    """From 0 to 1 between 0 and 1, with all derivatives."""
    up, down = (np.where(s > 0, np.exp(-1 / np.maximum(s, 1e-9)), 0) for s in (x, 1 - x))
    return up / (up + down)


def boost(eta):
    """To the frame that moves along z with rapidity eta."""
    matrix = np.zeros((4, 4, *np.shape(eta)))
    matrix[0, 0] = matrix[3, 3] = np.cosh(eta)
    matrix[0, 3] = matrix[3, 0] = -np.sinh(eta)
    matrix[1, 1] = matrix[2, 2] = 1
    return matrix


def turned(matrix, tensor):
    """Its first index by the matrix."""
    return np.array([sum(matrix[i, j] * tensor[j] for j in range(4) if np.any(matrix[i, j])) for i in range(4)])


def velocity_and_stress(fields, eta):
    """u^m and pi^mn from the space components of a frame, in one that moves with rapidity eta."""
    u = np.array([fields["u" + a] for a in AXES])
    u = np.array([np.sqrt(1 + (u**2).sum(axis=0)), *u])
    pi = np.zeros((4, *u.shape))
    pi[1:, 1:] = [[fields["pi" + "".join(sorted((a, b)))] for b in AXES] for a in AXES]
    pi[0, 1:] = pi[1:, 0] = (pi[1:, 1:] * u[1:]).sum(axis=1) / u[0]
    pi[0, 0] = (pi[0, 1:] * u[1:]).sum(axis=0) / u[0]
    turn = boost(eta)
    return turned(turn, u), turned(turn, turned(turn, pi).swapaxes(0, 1))


class TwoGeometries(command.CommandTest):
    def test_what_leaves_is_the_same(self):
        self.write("lump.toml", LUMP)
        self.write("slice.toml", FROM_SLICE)
        self.assert_runs("run", "lump.toml")
        self.write_slice()
        self.assert_runs("run", "slice.toml")
        flat, curved = self.totals("lump"), self.totals("slice")
        np.testing.assert_allclose(curved / flat[SCALE], flat / flat[SCALE], rtol=0, atol=1e-5)
        self.write("species.csv", KAONS)
        self.assert_runs("analyze", "particles", "lump.h5", "slice.h5", "-o", "particles.h5", "--species",
                         "species.csv", "--rapidity", -0.4, 0.7, "--pt-max", 3, "--pt-points", 4, "--angles", 16)
        with h5py.File(self.folder / "particles.h5") as file:
            flat, curved = file["K/flow_pt_re"][()] + 1j * file["K/flow_pt_im"][()]
        # E dN/d^3p [rapidity][harmonic][pT], relative to its mean over angles
        self.assertLess(np.max(np.abs(curved - flat) / flat[:, :1].real), 3e-5)

    def write_slice(self):
        times, states = [], []
        for path in self.outputs("lump_state_*.h5"):
            with h5py.File(path) as file:
                times.append(file.attrs["time"])
                states.append([file["state/" + name][()] for name in FIELDS])
        times, states = np.array(times), np.array(states)
        points, half = SLICE
        eta = half[2] * (2 * np.arange(points[2]) / points[2] - 1)
        beyond = smooth_step((np.abs(eta) - KNOWN) / (half[2] - KNOWN))
        at = eta * (1 - beyond)
        fields = dict(zip(FIELDS, np.stack([self.interpolated(times, states, e) for e in at], axis=1)))
        u, pi = velocity_and_stress(fields, at[:, None, None])
        with h5py.File(self.folder / "slice.h5", "w") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": T0, "geometry": "milne",
                               "units": "natural", "points": np.array(points), "lower": -np.array(half),
                               "upper": np.array(half)})
            file["state/energy_density"] = fields["energy_density"] * (1 - 0.9 * beyond[:, None, None])
            for i, a in enumerate(AXES, 1):
                file["state/u" + a] = u[i]
                for j, b in enumerate(AXES[i - 1:], i):
                    if i + j < 6:  # the last one follows
                        file[f"state/pi{a}{b}"] = pi[i, j]

    @staticmethod
    def interpolated(times, states, eta, order=8):
        """The fields of the box at an eta of the slice, [field][y][x]."""
        t, z = T0 * np.cosh(eta), T0 * np.sinh(eta)
        first = int(np.clip(np.searchsorted(times, t) - order // 2, 0, len(times) - order))
        near = times[first:first + order]
        in_time = [np.prod([(t - b) / (a - b) for b in near if b != a]) for a in near]
        (_, _, n), (_, _, half) = BOX
        x = np.pi / 2 * (z / half + 1 - 2 * np.arange(n) / n)
        x[np.abs(np.sin(x)) < 1e-12] = 1e-9
        along = np.sin(n * x) / (n * np.tan(x))
        return np.einsum("s,z,sfzyx->fyx", in_time, along, states[first:first + order])

    def totals(self, name):
        """int u.dsigma, P^m = int T^mn dsigma_n and int x.T.dsigma with the weight, in Cartesian components; the
        surface, so weighted, becomes a file."""
        c, *attributes = read_surface(self.folder / f"out/{name}_surface.h5")
        milne = "tau" in c
        time, depth = ("tau", "eta") if milne else ("t", "z")
        weight = smooth_step(((c["tau"] if milne else np.sqrt(c["t"]**2 - c["z"]**2)) - T0 - 0.05) / 0.7)
        c = {key: values[weight > 0] for key, values in c.items()}
        for m in (time, "x", "y", depth):
            c["dS_" + m] *= weight[weight > 0]
        write_surface(self.folder / f"{name}.h5", c, *attributes)
        eta, metric = (c["eta"], c["tau"]) if milne else (0.0, 1.0)
        x = turned(boost(-eta), np.array([c[time], c["x"], c["y"], 0 * eta if milne else c["z"]]))
        u, pi = velocity_and_stress(c, -eta)
        dsigma = np.array([metric * c["dS_" + time], metric * c["dS_x"], metric * c["dS_y"], c["dS_" + depth]])
        dsigma = turned(boost(eta), dsigma)  # covariant
        p = c["pressure"]
        flux = np.einsum("mnk,nk->mk", (c["energy_density"] + p) * u[:, None] * u + p * METRIC + pi, dsigma)
        return np.array([(u * dsigma).sum(), *flux.sum(axis=1), (x * flux).sum() - 2 * (x[0] * flux[0]).sum()])


if __name__ == "__main__":
    unittest.main()
