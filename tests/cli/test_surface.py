#!/usr/bin/python3
"""The freeze-out surface of a run: exact flows, balance, ranks, a kill and a restart, what is refused.

Environment as in command.py.
"""

import csv
import re
import shutil
import unittest

import h5py
import numpy as np
import command

HBAR_C = 0.1973269804
T_F = 0.8 * HBAR_C  # GeV
# Viscous Gubser flow (Marrochio et al., Phys. Rev. C 91 (2015) 014903), That(0) = 1.2, eta/s = 0.2; the isotherm
# tau = That(rho)/T_f between T = 0.8/fm and tau = 1 fm, by quadrature over 2 pi and per unit eta, 1e-12.
VOLUME, ENERGY, START = 28.4440458109076, 294.621726376202, 311.062724680669

DECK = command.deck_head("flow", [128, 128], [8.0, 8.0], start=1.0, end=3.0, step=0.02) + """
[transport]
eta_over_s = 0.2
tau_pipi = 0.0
[initial]
type = "gubser"
q = 1.0
temperature_hat = 1.2
blend_radius = 5.0
[surface]
temperature = 0.15786158432
every_time = 0.08
"""
SPOT = command.deck_head("spot", [40, 36], [7.0, 6.5], start=0.6, end=6.0, step=0.04) + """
[transport]
eta_over_s = 0.1
[initial]
type = "hot_spot"
temperature = 0.3
amplitude = 40.0
width = [1.6, 1.3]
[surface]
energy_density = [0.25, 0.12]
[checkpoint]
every_steps = 7
keep = 1000
"""


def volume_and_energy(c):
    """int u.dsigma and int T^{tm} dsigma_m [GeV] of a surface's columns in Milne coordinates, t that of the lab."""
    u = np.array([np.sqrt(1 + c["ux"]**2 + c["uy"]**2 + c["uz"]**2), c["ux"], c["uy"], c["uz"]])
    space = np.array([[c["pi" + "".join(sorted((i, j)))] for j in "xyz"] for i in "xyz"])
    mixed = (space * u[1:]).sum(axis=1) / u[0]
    pi = np.zeros((4, 4, u.shape[1]))
    pi[1:, 1:], pi[0, 1:], pi[1:, 0], pi[0, 0] = space, mixed, mixed, np.trace(space)
    p = c["pressure"] + c["bulk_pressure"]
    T = (c["energy_density"] + p) * u[:, None] * u + p * np.diag([-1, 1, 1, 1])[:, :, None] + pi
    dsigma = np.array([c["tau"] * c["dS_tau"], c["tau"] * c["dS_x"], c["tau"] * c["dS_y"], c["dS_eta"]])
    flux = (T * dsigma).sum(axis=1)
    return (u * dsigma).sum(), HBAR_C * (np.cosh(c["eta"]) * flux[0] + np.sinh(c["eta"]) * flux[3]).sum()


class SurfaceFiles(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.keep_plans_here()

    def surface(self, folder="out", name="spot", group="surface"):
        """Columns, the index and the attributes."""
        with h5py.File(self.folder / folder / f"{name}_surface.h5", "r") as file:
            columns = {key: values[()] for key, values in file[group].items()}
            return columns, dict(file[group].attrs), dict(file.attrs)

    def history(self, folder="out", name="spot"):
        with open(self.folder / folder / f"{name}_history.csv", encoding="utf-8") as file:
            return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]

    def assert_same(self, one, other):
        """Both surfaces of SPOT in two folders, bit for bit."""
        for group in ("surface", "surface_1"):
            (columns, level, root), (others, other_level, other_root) = (
                self.surface(folder, group=group) for folder in (one, other))
            self.assertEqual(set(columns), set(others))
            for name in columns:
                self.assertEqual(columns[name].tobytes(), others[name].tobytes(), name)
            self.assertEqual(level, other_level)
            for name, value in root.items():
                if name not in ("input", "build"):
                    np.testing.assert_array_equal(value, other_root[name])


class SurfaceTest(SurfaceFiles):
    def test_gubser_flow(self):
        """The isotherm of an exact flow, to the accuracy of a coarse grid; then it ends."""
        self.write("deck.toml", DECK)
        out = self.assert_runs("run", "deck.toml")
        columns, level, root = self.surface(name="flow")
        self.assertEqual(root["format"], "ister-surface")
        self.assertEqual(root["geometry"], "milne")
        self.assertLess(abs(level["volume"] / VOLUME - 1), 3e-6)
        self.assertLess(abs(level["energy"] / ENERGY - 1), 5e-6)
        self.assertLess(abs(level["energy_start"] / START - 1), 2e-6)
        self.assertLess(abs(level["closure"]), 5e-6)
        self.assertEqual(level["complete"], 1)
        self.assertIn("nothing is above the lowest surface", out)
        self.assertLess(self.history(name="flow")[-1]["time"], 1.6)  # exact: 1.5
        # One element a cell: normals add up exactly, currents to a few 1e-4.
        self.assertLess(abs(volume_and_energy(columns)[0] / VOLUME - 1), 1e-3)
        self.assertEqual(len(columns["tau"]), self.history(name="flow")[-1]["surface_elements"])
        self.assertTrue(np.all(columns["eta"] == 0) and np.all(columns["dS_eta"] == 0))
        np.testing.assert_allclose(columns["temperature"], 0.8, rtol=1e-9)
        np.testing.assert_allclose(columns["entropy_density"] * 0.8, columns["energy_density"] * 4 / 3, rtol=1e-9)
        # The edge at the start, closed: sum of dS_tau is the area inside.
        area = np.pi * 1.80473089810325**2
        self.assertLess(abs(columns["dS_tau"].sum() / area - 1), 1e-5)

    def test_elements_of_each_kind_add_up(self):
        self.write("deck.toml", SPOT)
        for kind in ("cell", "simplex", "quadrature"):
            self.assert_runs("run", "deck.toml", "--output", kind, "--set", f"surface.elements={kind}")
        cell, simplex, points = (self.surface(kind)[0] for kind in ("cell", "simplex", "quadrature"))
        self.assertEqual(self.surface("simplex")[1]["elements"], "simplex")
        self.assertEqual(6 * len(simplex["x"]), len(points["x"]))
        for name in ("dS_tau", "dS_x", "dS_y"):
            scale = np.abs(points[name]).sum()
            for other in (cell, simplex):
                self.assertLess(abs(other[name].sum() - points[name].sum()), 1e-12 * scale)
        # The points of the quadrature hold what the run has summed up.
        volume, _ = volume_and_energy(points)
        self.assertLess(abs(volume / self.surface("quadrature")[1]["volume"] - 1), 1e-12)

    def test_balance_ranks_and_levels(self):
        """What was inside has passed the surface, on any number of ranks, in either formulation and 1, 2, 3-D."""
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--output", "one")
        first = {group: self.surface("one", group=group) for group in ("surface", "surface_1")}
        for _, level, _ in first.values():
            self.assertEqual(level["complete"], 1)
            self.assertLess(abs(level["closure"]), 1e-4)
        self.assertLess(max(abs(row["surface_closure"]) for row in self.history("one")), 1e-4)
        for ranks in (2, 3):
            self.assert_runs("run", "deck.toml", "--output", f"on_{ranks}", ranks=(ranks,))
            for group, (columns, level, _) in first.items():
                others, other, _ = self.surface(f"on_{ranks}", group=group)
                for name in ("volume", "energy", "energy_start"):
                    self.assertLess(abs(other[name] / level[name] - 1), 1e-12)
                self.assertLess(abs(other["closure"] - level["closure"]), 1e-12)
                self.assertLess(abs(len(others["x"]) - len(columns["x"])), 5)
                for name in ("dS_tau", "dS_x", "dS_y", "energy_density", "pixx"):
                    scale = np.abs(columns[name]).sum()
                    self.assertLess(abs(others[name].sum() - columns[name].sum()), 1e-11 * scale)
        self.assert_runs("run", "deck.toml", "--output", "flux", "--set", "solver.formulation=conservative")
        level = self.surface("flux")[1]
        self.assertLess(abs(level["closure"]), 1e-4)
        self.assertLess(abs(level["volume"] / first["surface"][1]["volume"] - 1), 1e-4)

    def test_restart_is_bitwise(self):
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--output", "whole")
        # From a checkpoint within a piece, in the folder of the run.
        shutil.copytree(self.folder / "whole", self.folder / "again")
        steps = sorted((self.folder / "again").glob("*_checkpoint_*.h5"))
        self.assert_runs("run", "deck.toml", "--output", "again", "--restart", steps[len(steps) // 2])
        self.assert_same("whole", "again")
        # Killed, and on from the newest.
        self.assertTrue(self.kill_when(lambda: len(list((self.folder / "killed").glob("*_checkpoint_*.h5"))) >= 4,
                                       "run", "deck.toml", "--output", "killed"))
        self.assert_runs("run", "deck.toml", "--output", "killed", "--restart")
        self.assert_same("whole", "killed")
        self.assertIn("nothing is above the lowest surface",
                      self.assert_runs("run", "deck.toml", "--output", "killed", "--restart"))
        # The file is not what the checkpoint counts on.
        self.damage(self.folder / "again/spot_surface.h5")
        self.assert_refused(3, ["spot_surface.h5", "crc64"], "info", "again/spot_surface.h5")
        self.assert_refused(3, ["spot_surface.h5", "crc64"], "run", "deck.toml", "--output", "again", "--restart",
                            steps[len(steps) // 2])

    def write_state(self, points, lower, upper):
        """A drop at tau = 1, in 3-D the same at every eta."""
        x, y = (lower[d] + (upper[d] - lower[d]) / points[d] * np.arange(points[d]) for d in (0, 1))
        e = 0.5 + 40 * np.exp(-x[None, :]**2 / 4.5 - y[:, None]**2 / 3.2)
        if len(points) == 3:
            e = np.repeat(e[None], points[2], axis=0)
        with h5py.File(self.folder / f"drop_{len(points)}.h5", "w") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": 1.0, "geometry": "milne", "units": "natural",
                               "points": np.array(points), "lower": np.array(lower), "upper": np.array(upper)})
            file["state/energy_density"] = e

    def test_boost_invariant_in_three_dimensions(self):
        """A surface in (tau, x, y, eta) is the one in (tau, x, y) times the length in eta, and eta is no seam."""
        found = []
        for points, lower, upper in (([36, 32], [-6.0, -6.0], [6.0, 6.0]),
                                     ([36, 32, 8], [-6.0, -6.0, -1.0], [6.0, 6.0, 1.0])):
            self.write_state(points, lower, upper)
            n = len(points)
            self.write("deck.toml", command.deck_head("spot", points, upper, start=1.0, end=1.8, step=0.04) + f"""
[transport]
eta_over_s = 0.1
[initial]
type = "file"
file = "drop_{n}.h5"
[surface]
energy_density = 1.5
every_time = 0.12
""")
            out = self.assert_runs("run", "deck.toml", "--output", f"out_{n}")
            self.assertNotIn("cells at the rim", out)
            found.append(self.surface(f"out_{n}"))
        (flat, level, _), (deep, deep_level, _) = found
        for name in ("volume", "energy", "energy_start"):
            self.assertLess(abs(deep_level[name] / (2 * level[name]) - 1), 1e-6, name)
        self.assertLess(abs(deep_level["closure"] - level["closure"]), 1e-6)
        for name in ("dS_tau", "dS_x", "dS_y"):
            self.assertLess(abs(deep[name].sum() - 2 * flat[name].sum()), 1e-5 * np.abs(deep[name]).sum())
        self.assertLess(np.abs(deep["dS_eta"]).max(), 1e-12)

    def test_bjorken_flow_about_another_origin(self):
        """An exact flow with gradients and velocity along eta: T = T_f (sigma_f/sigma)^(1/3), sigma the proper time since
        t = -t0. Through the surface go, by rapidity eta' about that origin, volume sigma_f deta' and momentum
        e sigma_f (cosh, sinh) eta' deta'. Weighted, so that where the data are made periodic does not matter."""
        t0, sigma_f, T_f, n, half = 0.5, 1.6, 0.15 / HBAR_C, 64, 4.0

        def step(s):
            up, down = (np.where(v > 0, np.exp(-1 / np.maximum(v, 1e-9)), 0) for v in (s, 1 - s))
            return up / (up + down)

        def weight(eta):
            return np.maximum(1 - (eta / 0.7)**2, 0)**6

        eta = -half + 2 * half / n * np.arange(n)
        eta *= 1 - step((np.abs(eta) - 2.4) / 1.6)  # periodic
        tau = 1.0
        sigma = np.sqrt(tau**2 + 2 * tau * t0 * np.cosh(eta) + t0**2)
        e_f = 42.25 * np.pi**2 / 30 * T_f**4
        box = {"points": np.array([8, 8, n]), "lower": np.array([0.0, 0.0, -half]), "upper": np.array([4.0, 4.0, half])}
        with h5py.File(self.folder / "shifted.h5", "w") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": tau, "geometry": "milne", "units": "natural",
                               **box})
            for name, values in (("energy_density", e_f * (sigma_f / sigma)**(4 / 3)), ("uz", -t0 * np.sinh(eta) / sigma)):
                file[f"state/{name}"] = np.broadcast_to(values[:, None, None], (n, 8, 8))
        head = command.deck_head("spot", [8, 8, n], [4.0, 4.0, half], [0.0, 0.0, -half], start=1.0, end=1.12, step=0.02)
        self.write("deck.toml", head + """
[transport]
eta_over_s = 0.0
[initial]
type = "file"
file = "shifted.h5"
[surface]
temperature = 0.15
elements = "quadrature"
every_time = 0.06
stop = false
""")
        self.assert_runs("run", "deck.toml")
        c, level, _ = self.surface()
        eta, dS_tau, dS_eta, uz = c["eta"], c["tau"] * c["dS_tau"], c["dS_eta"], c["uz"]
        u0 = np.sqrt(1 + uz**2)
        w, p = c["energy_density"] + c["pressure"], c["pressure"]
        energy, momentum = (w * u0**2 - p) * dS_tau + w * u0 * uz * dS_eta, w * u0 * uz * dS_tau + (w * uz**2 + p) * dS_eta
        found = [(weight(eta) * f).sum() / 16 for f in (
            u0 * dS_tau + uz * dS_eta, np.cosh(eta) * energy + np.sinh(eta) * momentum,
            (np.sinh(eta) * energy + np.cosh(eta) * momentum) * np.sinh(eta))]
        at = np.linspace(-0.7, 0.7, 200001)
        tau = -t0 * np.cosh(at) + np.sqrt(sigma_f**2 + t0**2 * np.sinh(at)**2)
        primed = np.arctanh(tau * np.sinh(at) / (tau * np.cosh(at) + t0))
        for value, density in zip(found, (1, e_f * np.cosh(primed), e_f * np.sinh(primed) * np.sinh(at))):
            exact = np.trapezoid(weight(at) * sigma_f * density, primed) if hasattr(np, "trapezoid") else np.trapz(
                weight(at) * sigma_f * density, primed)
            self.assertLess(abs(value / exact - 1), 3e-6)

    def test_one_direction(self):
        """1-D in Milne and in Minkowski coordinates: what goes in comes out."""
        for geometry, columns in (("milne", ["tau", "eta"]), ("minkowski", ["t", "z"])):
            self.write("deck.toml", SPOT.replace("[40, 36]", "[160]").replace(", -6.5]", "]").replace(", 6.5]", "]")
                       .replace("[1.6, 1.3]", "[1.3]").replace('"milne"', f'"{geometry}"'))
            self.assert_runs("run", "deck.toml", "--output", geometry, ranks=(2,))
            found, level, _ = self.surface(geometry)
            self.assertTrue({*columns, "dS_" + columns[0]} <= set(found))
            self.assertLess(abs(level["closure"]), 1e-4)
            self.assertEqual(level["complete"], 1)

    def test_an_end_before_freeze_out(self):
        self.write("deck.toml", SPOT)
        out = self.assert_runs("run", "deck.toml", "--set", "time.end=1.0")
        self.assertIn("not complete", out)
        level = self.surface()[1]
        self.assertEqual(level["complete"], 0)
        self.assertGreater(level["energy_inside"], 0.5 * level["energy_start"])
        self.assertLess(abs(level["closure"]), 1e-4)
        self.assertIn("energy_inside", self.assert_runs("info", "out/spot_surface.h5"))

    def test_corona(self):
        """With what is below the level at the start, all of the energy is there."""
        self.write("deck.toml", SPOT)
        self.assert_runs("run", "deck.toml", "--set", "time.end=0.8", "surface.corona=true")
        columns, level, _ = self.surface()
        first = columns["slabs"][0]
        self.assertEqual((first["step"], first["offset"], first["count"]), (0, 0, level["corona_elements"]))
        corona = {name: values[:first["count"]] for name, values in columns.items()}
        self.assertTrue(np.all(corona["tau"] == 0.6) and np.all(corona["dS_tau"] > 0) and np.all(corona["dS_x"] == 0))
        self.assertLess(abs(0.6 * corona["dS_tau"].sum() / level["corona_volume"] - 1), 1e-12)
        energy = 0.6 * (corona["dS_tau"] * corona["energy_density"]).sum()
        self.assertLess(abs(energy / level["corona_energy"] - 1), 1e-12)
        start = self.history()[0]["energy"]
        self.assertLess(abs((level["energy_start"] + level["corona_energy"]) / start - 1), 2e-3)  # one point a cell

    def test_energy_and_entropy_of_hadrons(self):
        """Those of the fluid where it is a gas of the same hadrons; else as this gas has them at that temperature."""
        self.write("deck.toml", SPOT.replace("energy_density = [0.25, 0.12]", "temperature = 0.15"))
        columns, told = {}, {}
        for eos in ("hotqcd_hrg", "hotqcd"):
            self.assert_runs("run", "deck.toml", "--output", eos, "--set", f"eos.type={eos}", "time.end=2.0",
                             "initial.amplitude=400")
            columns[eos] = c = self.surface(eos)[0]
            out = self.assert_runs("analyze", "surface", f"{eos}/spot_surface.h5", "-o", f"{eos}.csv")
            told[eos] = np.array(re.search(r"energy ([-+].*) %, entropy ([-+].*) %", out).groups(), float) / 100
        self.assertLess(np.abs(told["hotqcd_hrg"]).max(), 1e-6)
        gas = {key: columns["hotqcd_hrg"][key][0] for key in ("energy_density", "pressure", "entropy_density")}
        u0 = np.sqrt(1 + c["ux"]**2 + c["uy"]**2)
        volume = c["tau"] * (u0 * c["dS_tau"] + c["ux"] * c["dS_x"] + c["uy"] * c["dS_y"])
        energy = [((m["energy_density"] + m["pressure"]) * u0 * volume - m["pressure"] * c["tau"] * c["dS_tau"]).sum()
                  for m in (gas, c)]
        self.assertLess(energy[0] / energy[1], 0.95)
        np.testing.assert_allclose(told["hotqcd"], [energy[0] / energy[1] - 1,
                                                    gas["entropy_density"] / c["entropy_density"][0] - 1], rtol=1e-5)

    def test_refuses(self):
        self.write("deck.toml", SPOT)
        self.assert_refused(2, ["surface.energy_density", "no matter"], "run", "deck.toml", "--set",
                            "surface.energy_density=900.0")
        self.assert_refused(2, ["surface.temperature", "> 0"], "run", "deck.toml", "--set",
                            "surface.temperature=-1.0")
        self.assert_refused(2, ["surface.elements", "quadrature"], "run", "deck.toml", "--set", "surface.elements=all")
        self.assert_refused(2, ["surface.every_time", "auto"], "run", "deck.toml", "--set", 'surface.every_time="now"')
        self.write("both.toml", SPOT.replace("[surface]", "[surface]\ntemperature = 0.1"))
        self.assert_refused(2, ["surface.temperature", "surface.energy_density"], "run", "both.toml")
        self.assert_runs("check", "deck.toml", "--set", "surface.every_time=auto")

    def test_seam(self):
        """A surface that meets its images is said to; one in a direction that is periodic from the start is not."""
        self.write("deck.toml", SPOT)
        out = self.assert_runs("run", "deck.toml", "--set", "grid.geometry=minkowski", "grid.lower=[-4.4, -6.5]",
                               "grid.upper=[4.4, 6.5]", "surface.energy_density=0.05", "time.end=9.0")
        self.assertIn("seam bad", out)
        self.assertIn("cells at the rim that a surface cuts", out)


if __name__ == "__main__":
    unittest.main()
