#!/usr/bin/python3
"""`import ister`: what it reads is what a run wrote, in GeV and fm; moments against integrals in closed form and the
history; what it writes a run begins from; errors by exit codes. Files open in xarray without options but the group.

Environment as in command.py.
"""

import math
import os
import re
import subprocess
import sys
import time
import tomllib
import unittest
from pathlib import Path

import h5py
import numpy as np
from command import DECK, ISTER, CommandTest
from test_ensemble import BAD, DECK as ENSEMBLE, write_events

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "drivers" / "python"
sys.path.insert(0, str(PACKAGE))
import ister  # noqa: E402
from ister.units import QUANTITIES  # noqa: E402

HBAR_C = 0.1973269804
ALL_FIELDS = list(QUANTITIES)


def xarray_or_skip():
    try:
        import h5netcdf  # noqa: F401
        import xarray
    except ImportError:
        print("skipped: python3-xarray or python3-h5netcdf is missing")
        sys.exit(77)
    return xarray


class PythonTest(CommandTest):
    def run_small(self, **settings):
        """The small deck, in Milne coordinates, with all fields there are."""
        self.deck()
        return ister.run(self.folder / "deck.toml",
                         {"grid.geometry": "milne", "output.fields": ALL_FIELDS, "initial.width": [1.0, 1.4],
                          **{key.replace("__", "."): value for key, value in settings.items()}},
                         output=self.folder / "out", overwrite=True)

    def assert_refused_as(self, kind, words, call, *arguments, **options):
        with self.assertRaises(ister.Error) as refusal:
            call(*arguments, **options)
        self.assertIs(type(refusal.exception), kind, refusal.exception)
        for word in words:
            self.assertIn(word, str(refusal.exception))

    def write_plane(self, energy, points=(120, 100), half=(9.0, 8.0), name="plane.h5", **fields):
        """A state of energy(x, y) [GeV/fm^3] in a box of twice `half`."""
        x, y = (-h + 2 * h / n * np.arange(n) for n, h in zip(points, half))
        x, y = np.meshgrid(x, y)
        fields = {name: field(x, y) for name, field in fields.items()}
        ister.write_state(self.folder / name, {"energy_density": energy(x, y), **fields}, geometry="milne", time=0.6,
                          lower=[-h for h in half], upper=half)
        return ister.State(self.folder / name)


class RunsTest(PythonTest):
    def test_a_run_in_gev_and_fm(self):
        run = self.run_small()
        self.assertEqual((run.name, len(run.state_files), run.deck["grid"]["points"]), ("small", 2, [16, 12]))
        state = run.state(-1)
        self.assertEqual(sorted(state.names), sorted(ALL_FIELDS))
        with h5py.File(run.state_files[-1]) as file:
            for name, power in (("energy_density", 1), ("temperature", 1), ("ux", 0), ("pixy", 1), ("T0y", 1),
                                ("bulk_pressure", 1), ("pressure", 1), ("entropy_density", 0)):
                np.testing.assert_array_equal(state[name], HBAR_C**power * file["state"][name][()])
        # A conformal gas: e = g pi^2/30 T^4, p = e/3, s = 4/3 e/T, in these units with hbar c.
        e, temperature = state["energy_density"], state["temperature"]
        np.testing.assert_allclose(e, 42.25 * math.pi**2 / 30 * temperature**4 / HBAR_C**3, rtol=1e-12)
        np.testing.assert_allclose(state["pressure"], e / 3, rtol=1e-14)
        np.testing.assert_allclose(state["entropy_density"], 4 / 3 * e / temperature, rtol=1e-14)
        self.assertEqual([state.units(name) for name in ("energy_density", "temperature", "ux", "entropy_density")],
                         ["GeV/fm^3", "GeV", "1", "1/fm^3"])
        self.assertEqual((state.geometry, state.axes, e.shape), ("milne", ("x", "y"), (12, 16)))
        np.testing.assert_allclose(state.coordinates["y"], -3 + 0.5 * np.arange(12))
        self.assertEqual(state.verdicts["balance"], "good")
        history = run.history
        self.assertEqual((history.units["e_max"], history.units["energy"]), ("GeV/fm^3", "GeV"))
        self.assertEqual(history["time"][-1], state.time)
        self.assertAlmostEqual(history["e_max"][-1], e.max(), delta=1e-12 * e.max())
        energy = state.time * np.sum(state["T00"]) * np.prod(state.spacing)
        self.assertAlmostEqual(history["energy"][-1], energy, delta=1e-12 * energy)

    def test_which_run(self):
        self.deck()
        for name in ("one", "two"):
            ister.run(self.folder / "deck.toml", {"run.name": name}, output=self.folder / "out")
        self.assert_refused_as(ister.InputError, ["one, two"], ister.open_run, self.folder / "out")
        self.assert_refused_as(ister.InputError, ["three", "one, two"], ister.open_run, self.folder / "out" / "three")
        self.assert_refused_as(ister.FileError, ["no such folder"], ister.open_run, self.folder / "nix" / "one")
        self.assertEqual(ister.open_run(self.folder / "out" / "two").name, "two")
        self.assertEqual(ister.open_run(self.folder / "out", "one").state(0).step, 0)
        one = ister.open_run(self.folder / "out", "one")
        self.assert_refused_as(ister.InputError, ["no state number 9"], one.state, 9)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        (self.folder / "deck.toml").write_text(DECK.replace('"small"', '"one"'), encoding="utf-8")
        self.assertEqual(ister.open_run("deck.toml").name, "one")

    def test_exit_codes_are_exceptions(self):
        self.deck()
        deck = self.folder / "deck.toml"
        self.assert_refused_as(ister.InputError, ["grid.pionts", "grid.points"], ister.run, deck,
                               {"grid.pionts": [8, 8]})
        self.assert_refused_as(ister.FileError, ["nix.toml"], ister.run, self.folder / "nix.toml")
        script = self.folder / "script"
        self.addCleanup(os.environ.update, ISTER=ISTER)
        os.environ["ISTER"] = str(script)
        for code, kind in ((1, ister.Difference), (2, ister.InputError), (3, ister.FileError), (4, ister.Breakdown),
                           (70, ister.Error), (75, ister.StoppedEarly), (9, ister.Error)):
            script.write_text(f"#!/bin/sh\necho a warning >&2\necho 'ister: so it is' >&2\nexit {code}\n")
            script.chmod(0o755)
            self.assert_refused_as(kind, ["so it is"], ister.run, deck)
        script.write_text("#!/bin/sh\nkill -9 $$\n")
        self.assert_refused_as(ister.Error, ["exit code -9"], ister.run, deck)

    def test_checksums(self):
        run = self.run_small()
        self.assertIn("the checksums agree", ister.verify(run.state_files[0]))
        self.damage(run.state_files[0])
        self.assert_refused_as(ister.FileError, ["damaged"], ister.verify, run.state_files[0])

    def test_versions_agree(self):
        version = re.search(r"project\(Ister VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]
        with open(PACKAGE / "pyproject.toml", "rb") as file:
            self.assertEqual(tomllib.load(file)["project"]["version"], version)


class MomentsTest(PythonTest):
    def test_eccentricities_in_closed_form(self):
        # exp(-r^2/2) (1 + c r^3 cos 3(phi - a))^2, with I_k = int r^k exp(-r^2/2) from 0 on:
        # {r^3 exp(3 i phi)}/{r^3} = 2 c I_7 exp(3 i a)/(2 I_4 + c^2 I_10).
        c, angle = 0.02, 0.3
        def triangle(x, y):
            return np.exp(-(x * x + y * y) / 2) * (1 + c * np.real((x + 1j * y) ** 3 * np.exp(-3j * angle))) ** 2
        expected = -2 * c * 48 * np.exp(3j * angle) / (math.sqrt(math.pi / 2) * (6 + 945 * c * c))
        for points, error in (((60, 60), 3e-6), ((120, 120), 1e-7)):  # r^3 is not smooth at the centre: fifth order
            state = self.write_plane(triangle, points, (9.0, 9.0))
            self.assertAlmostEqual(ister.eccentricity(state, 3), expected, delta=error)
        # An ellipse that is off the centre and turned: smooth, so the sums are exact.
        a, b, turn = 1.5, 1.0, 0.4
        def ellipse(x, y):
            z = (x - 0.37 + 1j * (y + 0.21)) * np.exp(-1j * turn)
            return np.exp(-z.real**2 / (2 * a * a) - z.imag**2 / (2 * b * b)) + 1e-25
        expected = -(a * a - b * b) / (a * a + b * b) * np.exp(2j * turn)
        state = self.write_plane(ellipse, (140, 120), (14.0, 12.0))
        self.assertAlmostEqual(ister.eccentricity(state, 2), expected, delta=1e-10)

    def test_eccentricities_turn_with_the_event(self):
        def event(turn):
            def energy(x, y):
                z = (x + 1j * y) * np.exp(-1j * turn)
                return sum(w * np.exp(-np.abs(z - p) ** 2) for w, p in ((1, 0.4), (2, 1.1j), (0.7, -1 - 0.5j))) + 1e-25
            return self.write_plane(energy)
        straight, turned = event(0.0), event(0.5)
        for n, error in ((1, 1e-4), (2, 1e-12), (3, 1e-4), (4, 1e-12), (5, 1e-4)):
            with self.subTest(n=n):
                value = ister.eccentricity(straight, n)
                self.assertGreater(abs(value), 1e-3)
                self.assertAlmostEqual(ister.eccentricity(turned, n), value * np.exp(0.5j * n), delta=error)

    def test_flow_is_that_of_the_history(self):
        run = self.run_small(time__end=1.6, history__energy_cut=0.0)
        state = run.state(-1)
        for column, value in (("eps_p", ister.momentum_anisotropy(state).real),
                              ("mean_radial_flow", ister.mean_radial_flow(state))):
            self.assertGreater(abs(value), 5e-5)
            self.assertAlmostEqual(run.history[column][-1], value, delta=1e-12)
        momentum = state["T0x"] + 1j * state["T0y"]
        for n in (1, 2, 4):
            expected = np.sum(np.abs(momentum) * np.exp(1j * n * np.angle(momentum))) / np.sum(np.abs(momentum))
            self.assertAlmostEqual(ister.flow_vector(state, n), expected, delta=1e-13)

    def test_planes_of_three_directions(self):
        eta = -2 + 0.5 * np.arange(8)
        x = -16 + 0.25 * np.arange(128)
        e = np.stack([np.exp(-x[None, :] ** 2 / (2 + n) - x[:, None] ** 2) + 1e-20 for n, _ in enumerate(eta)])
        ister.write_state(self.folder / "s.h5", {"energy_density": e}, geometry="milne", time=0.6, lower=[-16, -16, -2],
                          upper=[16, 16, 2])
        state = ister.State(self.folder / "s.h5")
        self.assertEqual(state.axes, ("x", "y", "eta"))
        for rapidity, n in ((0.0, 4), (0.6, 5), (-9.0, 0)):
            expected = -(1 + n) / (3 + n)
            self.assertAlmostEqual(ister.eccentricity(state, 2, rapidity=rapidity), expected, delta=1e-9)

    def test_what_has_no_moments(self):
        state = self.write_plane(lambda x, y: np.exp(-x * x - y * y) + 1e-9)
        self.assert_refused_as(ister.InputError, ["energy_cut = 7"], ister.eccentricity, state, 2, energy_cut=7.0)
        self.assert_refused_as(ister.InputError, ['add "pressure"'], ister.flow_vector, state, 2)
        state = self.write_plane(lambda x, y: np.exp(-x * x - y * y) + 1e-9, pressure=lambda x, y: np.ones_like(x))
        self.assert_refused_as(ister.InputError, ["nothing flows"], ister.flow_vector, state, 2)
        run = self.run_small(output__fields=["energy_density", "ux", "uy", "uz"])
        self.assert_refused_as(ister.InputError, ["bulk_pressure", "output.fields"], ister.momentum_anisotropy,
                               run.state(-1))


class FilesTest(PythonTest):
    FIELDS = {"ux": lambda x, y: 0.1 * np.sin(math.pi * x / 9), "pixy": lambda x, y: 0.01 * np.cos(math.pi * y / 8),
              "bulk_pressure": lambda x, y: 0.003 * np.cos(math.pi * x / 9)}

    def test_a_run_begins_from_what_was_written(self):
        def energy(x, y):
            return 2 + np.cos(math.pi * x / 9) * np.cos(math.pi * y / 8)
        written = self.write_plane(energy, (16, 12), **self.FIELDS)
        with h5py.File(written.path) as file:
            x, y = (file["state"][axis][()] for axis in "xy")
            np.testing.assert_allclose(HBAR_C * file["state/energy_density"][()], energy(x[None, :], y[:, None]), 1e-14)
        self.deck('type = "file"\nfile = "plane.h5"\n')
        run = ister.run(self.folder / "deck.toml",
                        {"grid.geometry": "milne", "grid.lower": [-9, -8], "grid.upper": [9, 8], "time.start": 0.6,
                         "time.end": 0.7, "eos.type": "constant_cs2", "eos.cs2": 0.2, "transport.zeta_over_s": 0.05},
                        output=self.folder / "out")
        started = run.state(0)
        for name in written.names:
            np.testing.assert_allclose(started[name], written[name], rtol=1e-13, atol=1e-15, err_msg=name)
        np.testing.assert_array_equal(started.pressure(), 0.2 * started["energy_density"])
        self.assertEqual(started.coordinates["x"].tolist(), written.coordinates["x"].tolist())

    def test_states_that_are_not_written(self):
        good, box = np.ones((8, 9)), {"geometry": "milne", "time": 1.0, "lower": [0, 0], "upper": [1, 1]}
        path = self.folder / "s.h5"
        for fields, words, changed in (
                ({}, ["energy_density is missing"], {}), ({"energy_density": good, "u_x": good}, ["mean ux"], {}),
                ({"energy_density": -good}, ["negative"], {}), ({"energy_density": good * np.nan}, ["finite"], {}),
                ({"energy_density": good, "ux": good.T}, ["ux", "(9, 8)", "(8, 9)"], {}),
                ({"energy_density": good[0]}, ["1 dimensions"], {}),
                ({"energy_density": good}, ["lower"], {"upper": [1, 0]}),
                ({"energy_density": good}, ["bjorken", "milne"], {"geometry": "bjorken"})):
            self.assert_refused_as(ister.InputError, words, ister.write_state, path, fields, **{**box, **changed})
        self.assert_refused_as(ister.FileError, ["nix/s.h5"], ister.write_state, self.folder / "nix/s.h5",
                               {"energy_density": good}, **box)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_states_that_are_not_read(self):
        self.write_plane(lambda x, y: np.ones_like(x), (8, 9))
        path = self.folder / "plane.h5"
        for name, value, words in (("geometry", "bjorken", ["bjorken"]), ("units", "GeV", ["GeV"]),
                                   ("format", "ister-checkpoint", ["not an Ister state"]),
                                   ("points", [9, 8], ["grid"])):
            with h5py.File(path, "r+") as file:
                before = file.attrs[name]
                file.attrs[name] = value
            self.assert_refused_as(ister.FileError, words, ister.State, path)
            with h5py.File(path, "r+") as file:
                file.attrs[name] = before
        self.assert_refused_as(ister.FileError, ["No such file"], ister.State, self.folder / "nix.h5")
        state = ister.State(path, fields=["ux"])
        self.assert_refused_as(ister.InputError, ["energy_density was not read"], state.__getitem__, "energy_density")

    def test_surfaces(self):
        columns = {name: np.arange(5.0) + i for i, name in enumerate(
            ("tau", "x", "y", "eta", "dS_tau", "dS_x", "dS_y", "dS_eta", "ux", "uy", "uz", "energy_density",
             "temperature", "pressure", "entropy_density", "pixx", "bulk_pressure"))}
        path = self.folder / "out" / "small_surface.h5"
        path.parent.mkdir()
        with h5py.File(path, "w") as file:
            file.attrs.update(format="ister-surface", version=1, geometry="milne", units="natural")
            for level in ("surface_10", "surface", "surface_2"):
                group = file.create_group(level)
                group.attrs.update(closure=1e-5, complete=1, level_temperature=0.1)
                for name, values in columns.items():
                    group[name] = values + len(level)
                group["slabs"] = np.zeros(1, [("step", "i8"), ("offset", "i8"), ("count", "i8"), ("crc64", "u8")])
        (path.parent / "small_history.csv").write_text("time,surface_volume,surface_energy_2\n1,2,3\n")
        run = ister.open_run(path.parent)
        self.assertEqual(run.history.units, {"time": "fm", "surface_volume": "fm^3", "surface_energy_2": "GeV"})
        self.assertEqual(run.history["surface_energy_2"], 3 * HBAR_C)
        levels = run.surfaces
        self.assertEqual([round(level["tau"][0]) for level in levels], [7, 9, 10])
        first = levels[0]
        self.assertEqual((list(first), first.rows, first.attributes["closure"]), (sorted(columns), 5, 1e-5))
        np.testing.assert_array_equal(first["pixx"], HBAR_C * (columns["pixx"] + 7))
        np.testing.assert_array_equal(first["dS_x"], columns["dS_x"] + 7)
        self.assertEqual([first.units[n] for n in ("dS_x", "dS_eta", "tau", "eta", "temperature")],
                         ["fm^2", "fm^3", "fm", "1", "GeV"])
        with h5py.File(path, "r+") as file:
            del file["surface/ux"]
            file["surface/ux"] = np.ones(4)
        self.assert_refused_as(ister.FileError, ["/surface", "not of one length"], ister.read_surfaces, path)
        self.write_plane(lambda x, y: np.ones_like(x), (8, 9))
        self.assert_refused_as(ister.FileError, ["not a surface"], ister.read_surfaces, self.folder / "plane.h5")

    def test_particles(self):
        with h5py.File(self.folder / "p.h5", "w") as file:
            file["pi+/pt"], file["pi+/dN_2pi_pT_dpT_dy"] = np.arange(3.0), np.ones(3)
            file["pi+"].attrs["mean_pt"] = 0.4
        pions = ister.read_particles(self.folder / "p.h5")["pi+"]
        self.assertEqual((pions["pt"].tolist(), pions["mean_pt"]), ([0, 1, 2], 0.4))


class EnsembleTest(PythonTest):
    def setUp(self):
        super().setUp()
        write_events(self.folder / "events.h5", 6, bad=[BAD])
        self.write("deck.toml", ENSEMBLE)
        self.assert_runs("run", "deck.toml", code=4)
        self.out = self.folder / "out"

    def test_events_are_those_of_their_runs(self):
        ensemble = ister.open_ensemble(self.out)
        table = ensemble.table
        self.assertEqual((table["event"].tolist(), len(ensemble.files)), (list(range(6)), 2))
        self.assertEqual([n for n, code in enumerate(table["exit_code"]) if code], [BAD])
        np.testing.assert_array_equal(np.delete(table["b"], BAD), 0.25 * np.delete(np.arange(6), BAD))
        self.assertTrue(np.isnan(table["energy"][BAD]))
        self.assertEqual([table.units[n] for n in ("energy", "eps_2", "b", "time", "wall")],
                         ["GeV", "1", "fm", "fm", "s"])
        for number in (1, 5):
            self.assert_runs("run", "deck.toml", "--output", "one", "--overwrite", "--set", "ensemble.events=",
                             f"initial.event={number}")
            run = ister.open_run(self.folder / "one")
            first, last = run.state(0), run.state(-1)
            self.assertAlmostEqual(table["energy"][number], run.history["energy"][0], delta=1e-12)
            self.assertAlmostEqual(table["eps_2"][number], abs(ister.eccentricity(first, 2)), delta=1e-12)
            for kept, own in ((ensemble.history(number), run.history),
                              (ensemble.surfaces(number)[0], run.surfaces[0])):
                self.assertEqual((sorted(kept), kept.units), (sorted(own), own.units))
                for name in own:
                    np.testing.assert_array_equal(kept[name], own[name], err_msg=name)
            state = ensemble.state(number)
            with h5py.File(run.state_files[-1]) as file:
                for name in last.names:
                    np.testing.assert_array_equal(state[name], file["state"][name][()], err_msg=name)

    def test_what_is_not_there(self):
        ensemble = ister.open_ensemble(self.out / "many")
        self.assert_refused_as(ister.InputError, ["no event 9"], ensemble.history, 9)
        self.assert_refused_as(ister.InputError, [f"event_{BAD}", "surface", "ensemble.keep"], ensemble.surfaces, BAD)
        self.assert_refused_as(ister.FileError, ["other_ensemble_<chunk>.h5"], ister.open_ensemble, self.out, "other")
        self.write_plane(lambda x, y: np.ones_like(x), (8, 9))
        self.assert_refused_as(ister.FileError, ["a file of an ensemble"], ister.open_ensemble,
                               self.folder / "plane.h5")
        (self.out / "few_ensemble_0000.h5").write_bytes((self.out / "many_ensemble_0000.h5").read_bytes())
        self.assert_refused_as(ister.InputError, ["few, many"], ister.open_ensemble, self.out)
        self.assertEqual(ister.open_ensemble(self.out, "few").table["event"].tolist(), [0, 1, 2, 3])


class XarrayTest(PythonTest):
    def assert_explained(self, data, state):
        """All that a file says of itself when nothing but its group is told."""
        self.assertEqual(set(data.data_vars), set(state.names))
        self.assertEqual(set(data.coords), {*state.axes, "time"})
        for name, values in data.data_vars.items():
            known = QUANTITIES[name]
            self.assertEqual(values.dims, state.axes[::-1])
            self.assertEqual((values.attrs["units"], values.attrs["long_name"]), (known.natural, known.long_name))
            np.testing.assert_array_equal(known.factor * values.values, state[name])
        for axis, values in state.coordinates.items():
            np.testing.assert_allclose(data[axis].values, values, rtol=1e-15, atol=1e-14)
            self.assertEqual(data[axis].attrs["units"], "1" if axis == "eta" else "fm")
        self.assertEqual((float(data["time"]), data["time"].attrs["units"]), (state.time, "fm"))

    def test_states_open_without_options(self):
        xarray = xarray_or_skip()
        decks = {"1-D": ("minkowski", [16]), "3-D": ("milne", [9, 8, 10])}
        for name, (geometry, points) in decks.items():
            with self.subTest(name):
                n = len(points)
                settings = {"grid__geometry": geometry, "grid__points": points, "grid__lower": [-3.0] * n,
                            "grid__upper": [3.0] * n, "initial__width": [1.0] * n, "time__end": 1.05}
                path = self.run_small(**settings).state_files[-1]
                with xarray.open_dataset(path, group="state") as data:
                    self.assert_explained(data, ister.State(path))
        self.assertIn("eta", ister.State(path).axes)
        with h5py.File(path) as file:  # the scales know the fields, too
            uses = file["state/eta"].attrs["REFERENCE_LIST"]
            self.assertEqual({(file[r].name, int(d)) for r, d in uses}, {(f"/state/{n}", 0) for n in ALL_FIELDS})
            self.assertEqual([d.keys() for d in file["state/ux"].dims], [["eta"], ["y"], ["x"]])

    def test_no_byte_of_a_state_is_left_to_chance(self):
        path = self.run_small().state_files[-1]
        before = path.read_bytes()
        time.sleep(1.1)  # of the next second
        self.run_small()
        self.assertEqual(path.read_bytes(), before)

    def test_series_and_back(self):
        xarray = xarray_or_skip()
        run = self.run_small()
        series = run.to_xarray(["energy_density", "ux"])
        self.assertEqual((series["ux"].dims, series["ux"].units), (("time", "y", "x"), "1"))
        np.testing.assert_array_equal(series["energy_density"][-1], run.state(-1)["energy_density"])
        start = run.state(0)
        box = {"geometry": start.geometry, "time": start.time, "lower": start.lower, "upper": start.upper}
        ister.write_state(self.folder / "s.h5", series.isel(time=0).transpose("x", "y"), **box)
        np.testing.assert_array_equal(ister.State(self.folder / "s.h5")["ux"], start["ux"])
        with xarray.open_dataset(self.folder / "s.h5", group="state") as data:
            self.assert_explained(data, ister.State(self.folder / "s.h5"))
        opened = [xarray.open_dataset(path, group="state") for path in run.state_files]
        natural = xarray.concat(opened, "time")
        np.testing.assert_allclose(HBAR_C * natural["energy_density"], series["energy_density"], rtol=1e-15)
        np.testing.assert_array_equal(natural["time"], series["time"])
        for data in opened:
            data.close()


class TutorialTest(PythonTest):
    def test_tutorial(self):
        done = subprocess.run([sys.executable, PACKAGE / "tutorial.py", ROOT / "inputs/pbpb.toml", "flow.png"],
                              cwd=self.folder, env={**os.environ, "ISTER": os.path.abspath(ISTER)}, capture_output=True,
                              text=True, timeout=90, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        anisotropies = [float(a) for a in re.findall(r"eps_p = (\S+),", done.stdout)]
        self.assertEqual(anisotropies, sorted(anisotropies, reverse=True))  # viscosity holds flow back
        self.assertGreater((self.folder / "flow.png").stat().st_size, 50000)

    def test_examples_of_the_guide(self):
        text = (PACKAGE / "README.md").read_text(encoding="utf-8")
        (self.folder / "first.toml").write_text(DECK.replace('"small"', '"first"').replace('"out"', '"out/first"'),
                                                encoding="utf-8")
        script = "\n".join(re.findall(r"(?ms)^```python\n(.*?)^```$", text))
        environment = {**os.environ, "ISTER": os.path.abspath(ISTER), "PYTHONPATH": str(PACKAGE)}
        done = subprocess.run([sys.executable, "-c", script], cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=90, check=False)
        self.assertEqual(done.returncode, 0, script + done.stderr)


if __name__ == "__main__":
    unittest.main()
