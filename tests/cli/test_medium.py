#!/usr/bin/python3
"""The medium that codes for jets and photons take: what the observer keeps, a kill and a restart, and the formats of
MUSIC and of OSU hydro, read as their own readers do.

Environment as in command.py.
"""

import unittest

import h5py
import numpy as np
import command

HBARC = 0.1973269804
N_X, N_Y = 26, 22
DECK = command.deck_head("m", [26, 22], [6.5, 4.4], start=0.8, end=1.7, step=0.04) + """
[eos]
type = "constant_cs2"
cs2 = 0.25
[transport]
eta_over_s = 0.1
[initial]
type = "file"
file = "start.h5"
[observers]
medium = { every_time = 0.1, every = [2, 3] }
[output]
every_time = 0.1
fields = ["temperature", "energy_density", "ux", "uy", "uz", "pressure", "entropy_density", "sound_speed_squared"]
[checkpoint]
every_steps = 4
keep = 100
"""
DEEP = DECK.replace("points = [26, 22]", "points = [26, 22, 16]").replace("-4.4]", "-4.4, -1.6]").replace(
    "4.4]\n[time]", "4.4, 1.6]\n[time]").replace("every = [2, 3]", "every = [2, 2, 4]").replace("1.7", "1.0")
FIELDS = "temperature energy_density ux uy uz pressure entropy_density sound_speed_squared".split()


class MediumTest(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.write("deck.toml", DECK)
        self.write_start()

    def write_start(self, n_eta=None):
        """No two directions alike."""
        x, y = -6.5 + 0.5 * np.arange(N_X), -4.4 + 0.4 * np.arange(N_Y)
        points, lower, upper = [N_X, N_Y], [-6.5, -4.4], [6.5, 4.4]
        e = 0.5 + 60 * np.exp(-(x[None, :] - 0.7)**2 / 5 - (y[:, None] + 0.4)**2 / 3)
        if n_eta:
            eta = -1.6 + 3.2 / n_eta * np.arange(n_eta)
            points, lower, upper = points + [n_eta], lower + [-1.6], upper + [1.6]
            e = e[None] * (1 + 0.2 * np.sin(2 * np.pi * eta / 3.2 + 0.4))[:, None, None]
        with h5py.File(self.folder / "start.h5", "w") as file:
            file.attrs.update(format="ister-state", version=1, time=0.8, geometry="milne", units="natural",
                              points=points, lower=lower, upper=upper)
            file["state/energy_density"] = e
            file["state/ux"] = 0.3 * np.tanh(e / 60)

    def medium(self, folder="out"):
        with h5py.File(self.folder / folder / "m_observers.h5", "r") as file:
            return {name: values[()] for name, values in file["medium"].items()}, dict(file["medium"].attrs)

    def states(self):
        """All snapshots, by time, fields in the order of the observer."""
        states = []
        for path in self.outputs("m_state_*.h5"):
            with h5py.File(path, "r") as file:
                states.append((file.attrs["time"], np.array([file["state"][name][()] for name in FIELDS])))
        return sorted(states, key=lambda state: state[0])

    def test_is_the_states_at_every_so_many_points(self):
        self.assert_runs("run", "deck.toml", ranks=(3,))
        medium, said = self.medium()
        states = self.states()
        self.assertEqual(medium["values"].shape, (10, 8, 7, 13))
        np.testing.assert_allclose(medium["time"], 0.8 + 0.1 * np.arange(10), rtol=1e-13)
        self.assertEqual(said["fields"].split(), FIELDS)
        self.assertEqual((list(said["points"]), said["geometry"], said["units"]), ([13, 7], "milne", "natural"))
        # The point 11 of 22, the origin, is one of those of 2, 5, 8, 11, ...; of 26 with a stride of 2: 1, 3, ..., 13.
        np.testing.assert_allclose(said["first"], [-6.0, -3.6], rtol=1e-13)
        np.testing.assert_allclose(said["spacing"], [1.0, 1.2], rtol=1e-13)
        for row, (at, fields) in enumerate(states):
            self.assertLess(abs(at - medium["time"][row]), 1e-12)
            np.testing.assert_array_equal(medium["values"][row], fields[:, 2::3, 1::2])
        # What they are: p = e/4, s T = e + p.
        T, e, ux, _, _, p, s, c2 = np.moveaxis(medium["values"], 1, 0)
        np.testing.assert_allclose(p, e / 4, rtol=1e-13)
        np.testing.assert_allclose(s * T, e + p, rtol=1e-13)
        np.testing.assert_allclose(c2, 0.25, rtol=1e-13)
        self.assertGreater(abs(ux).max(), 0.3)

    def test_the_same_on_any_ranks_and_the_run_never_knows(self):
        self.write_start(n_eta=16)
        self.write("deep.toml", DEEP)
        self.assert_runs("run", "deep.toml")
        whole, said = self.medium()
        self.assertEqual(whole["values"].shape, (3, 8, 4, 11, 13))
        np.testing.assert_allclose(said["first"], [-6.0, -4.0, -1.6], rtol=1e-13)
        for at, fields in [state for state in self.states() if state[0] < 1.01]:
            row = np.abs(whole["time"] - at).argmin()
            np.testing.assert_array_equal(whole["values"][row], fields[:, 0::4, 1::2, 1::2])
        for ranks in (2, 4):
            self.assert_runs("run", "deep.toml", "--output", f"on_{ranks}", ranks=(ranks,))
            np.testing.assert_allclose(self.medium(f"on_{ranks}")[0]["values"], whole["values"], rtol=1e-11,
                                       atol=1e-13)
        self.assert_runs("run", "deep.toml", "--output", "alone", "--set", "observers.medium.every_time=0")
        with h5py.File(sorted((self.folder / "alone").glob("m_state_*.h5"))[-1], "r") as alone, \
                h5py.File(self.outputs("m_state_*.h5")[-1], "r") as watched:
            for name in FIELDS:
                np.testing.assert_array_equal(alone["state"][name][()], watched["state"][name][()])

    def test_kill_and_restart(self):
        self.assert_runs("run", "deck.toml")
        whole, _ = self.medium()
        self.kill_when(lambda: list((self.folder / "killed").glob("m_checkpoint_0000000[48]*")), "run", "deck.toml",
                       "--output", "killed")
        self.assert_runs("run", "deck.toml", "--output", "killed", "--restart")
        checkpoint = self.folder / "killed/m_checkpoint_00000008.h5"
        for again in ((), ("run", "deck.toml", "--output", "killed", f"--restart={checkpoint}")):
            if again:
                self.assert_runs(*again)
            killed, _ = self.medium("killed")
            for name, values in whole.items():
                np.testing.assert_array_equal(values, killed[name], name)
        self.damage(self.folder / "out/m_observers.h5")
        self.assert_refused(3, ["m_observers.h5", "medium", "rows"], "run", "deck.toml",
                            f"--restart={self.folder}/out/m_checkpoint_00000020.h5", ranks=(1,))

    def test_adaptive_steps_meet_the_times(self):
        self.assert_runs("run", "deck.toml", "--set", "time.tolerance=1e-6", 'time.integrator="bs32"')
        medium, _ = self.medium()
        np.testing.assert_allclose(medium["time"], 0.8 + 0.1 * np.arange(10), rtol=1e-12)
        self.assert_runs("analyze", "medium", "out/m_observers.h5", "--to", "hydroinfo", "-o", "JetData.h5")

    def read_music(self, name):
        """T, e, p, c_s^2, u^x, u^y, u^z on the grid of the header, as readers of the format take it: index by index."""
        numbers = np.fromfile(self.folder / name, dtype=np.float32)
        head, cells = numbers[:16].astype(float), numbers[16:].reshape(-1, 11).astype(float)
        self.assertEqual(list(head[11:]), [0, 0, 0, 0, 11])
        n_x, n_y, n_eta = (int(head[i]) for i in (2, 5, 8))
        itau, ix, iy, ieta = cells[:, :4].astype(int).T
        grid = np.full((itau.max() + 1, n_eta, n_y, n_x, 7), np.nan)
        grid[itau, ieta, iy, ix] = cells[:, [6, 4, 5, 7, 8, 9, 10]]
        return head, grid

    def test_music(self):
        self.write_start(n_eta=16)
        self.write("deep.toml", DEEP)
        self.assert_runs("run", "deep.toml")
        out = self.assert_runs("analyze", "medium", "out/m_observers.h5", "--to", "music", "-o", "all.dat")
        self.assertIn("x and y differ", out)
        head, grid = self.read_music("all.dat")
        np.testing.assert_allclose(head[:11], [0.8, 0.1, 13, 1.0, -6.0, 11, 0.8, -4.0, 4, 0.8, -1.6], rtol=1e-6)
        self.assertEqual(grid.shape, (3, 4, 11, 13, 7))
        eta = -1.6 + 0.8 * np.arange(4)
        for row, (_, fields) in enumerate(state for state in self.states() if state[0] < 1.01):
            T, e, ux, uy, uz, p, _, c2 = fields[:, 0::4, 1::2, 1::2]
            # Units by number: hbar c GeV fm; u^z = tau u^eta cosh eta + u^tau sinh eta.
            u_z = uz * np.cosh(eta)[:, None, None] + np.sqrt(1 + ux**2 + uy**2 + uz**2) * np.sinh(eta)[:, None, None]
            for column, expected in enumerate((0.1973269804 * T, 0.1973269804 * e, 0.1973269804 * p, c2, ux, uy, u_z)):
                np.testing.assert_allclose(grid[row, ..., column], expected, rtol=1e-6, atol=1e-7)
        self.assertGreater(abs(uz).max(), 1e-3)
        self.assert_runs("analyze", "medium", "out/m_observers.h5", "--to", "music", "-o", "hot.dat", "--energy-cut",
                         2)
        _, hot = self.read_music("hot.dat")
        self.assertGreater(np.isnan(hot).sum(), 0)
        np.testing.assert_array_equal(np.isnan(hot[..., 1]), grid[..., 1] < 2)
        self.assert_runs("run", "deep.toml", "--output", "odd", "--set", "observers.medium.every=[2,2,3]")
        self.assert_refused(2, ["observers.medium.every", "eta"], "analyze", "medium", "odd/m_observers.h5", "--to",
                            "music", "-o", "x.dat", ranks=(1,))
        self.assert_refused(2, ["boost-invariant"], "analyze", "medium", "out/m_observers.h5", "--to", "hydroinfo",
                            "-o", "x.h5", ranks=(1,))

    def test_hydroinfo(self):
        self.assert_runs("run", "deck.toml")
        self.assert_runs("analyze", "medium", "out/m_observers.h5", "--to", "hydroinfo", "-o", "JetData.h5")
        self.assert_runs("analyze", "medium", "out/m_observers.h5", "--to", "music", "-o", "flat.dat")
        head, grid = self.read_music("flat.dat")
        np.testing.assert_allclose(head[8:11], [1, 1, 0])
        with h5py.File(self.folder / "JetData.h5", "r") as file:
            event = file["Event"]
            said = {name: float(value) for name, value in event.attrs.items()}
            self.assertEqual(sorted(event), [f"Frame_{i:04d}" for i in range(10)])  # readers count what is there
            for name, value in {"XL": -6, "XH": 6, "YL": -3, "YH": 3, "DX": 1.0, "DY": 1.2, "Tau0": 0.8, "dTau": 0.1,
                                "OutputViscousFlag": 0}.items():
                self.assertAlmostEqual(said[name], value, 12, name)
            for name in ("XL", "XH", "YL", "YH", "OutputViscousFlag"):
                self.assertTrue(np.issubdtype(event.attrs[name].dtype, np.integer), name)
            for row, (at, fields) in enumerate(self.states()):
                frame = event[f"Frame_{row:04d}"]
                self.assertAlmostEqual(float(frame.attrs["Time"]), at, 12)
                T, e, ux, uy, uz, p, s, _ = (field[2::3, 1::2].T for field in fields)  # [x][y]
                gamma = np.sqrt(1 + ux**2 + uy**2 + uz**2)
                for name, expected in {"Temp": 0.1973269804 * T, "e": 0.1973269804 * e, "P": 0.1973269804 * p, "s": s,
                                       "Vx": ux / gamma, "Vy": uy / gamma}.items():
                    self.assertEqual(frame[name].shape, (13, 7))
                    np.testing.assert_allclose(frame[name][()], expected, rtol=1e-13, atol=1e-15)
                np.testing.assert_allclose(grid[row, 0, ..., 0].T, 0.1973269804 * T, rtol=1e-6)
                np.testing.assert_allclose(grid[row, 0, ..., 6], 0, atol=1e-12)  # no flow along eta = 0
            # The hottest place is where it was put: x > 0, y < 0.
            hottest = np.unravel_index(event["Frame_0000/e"][()].argmax(), (13, 7))
            self.assertEqual((hottest[0] + said["XL"], hottest[1] + said["YL"]), (1, 0))

    def test_refuses(self):
        for setting, words in (("observers.medium.every=[2,12]",
                                ["observers.medium.every", "12 points along y", "at most 11"]),
                               ("observers.medium.every=[2,2,2]", ["observers.medium.every", "along z", "at most 1"]),
                               ("observers.medium.every=[0]", ["observers.medium.every", "1"]),
                               ("observers.medium.every_time=-1", ["observers.medium.every_time", ">= 0"]),
                               ("observers.medium.every_steps=3", ["every_steps", "nearest"])):
            self.assert_refused(2, words, "check", "deck.toml", "--set", setting, ranks=(1,))
        self.assert_runs("run", "deck.toml", "--set", "time.end=1.0")
        observers, command_line = "out/m_observers.h5", ("--to", "hydroinfo", "-o", "x.h5")

        def refuse(code, words, file, *arguments):
            self.assert_refused(code, words, "analyze", "medium", file, *(arguments or command_line), ranks=(1,))
        refuse(3, ["m_state_00000000.h5", "ister-observers"], "out/m_state_00000000.h5")
        refuse(3, ["deck.toml"], "deck.toml")
        refuse(3, ["nix.h5"], "nix.h5")
        refuse(2, ["--energy-cut", "music"], observers, *command_line, "--energy-cut", "1")
        refuse(2, ["--to", "music"], observers, "--to", "trento", "-o", "x.h5")

        def spoil(change, code, words):
            path = self.folder / "spoilt.h5"
            path.write_bytes((self.folder / observers).read_bytes())
            with h5py.File(path, "r+") as file:
                change(file["medium"])
            refuse(code, ["spoilt.h5", *words], "spoilt.h5")
        spoil(lambda m: m["time"].__setitem__(1, 0.95), 2, ["0.95", "every_time", "evenly"])
        spoil(lambda m: m.attrs.__setitem__("points", [13, 8]), 3, ["fields and points"])
        spoil(lambda m: m.attrs.__delitem__("spacing"), 3, ["spacing"])
        spoil(lambda m: m.attrs.__setitem__("geometry", "minkowski"), 2, ["Milne"])
        spoil(lambda m: m.move("values", "numbers"), 3, ["values"])

        def shorten(medium):
            steps = medium["step"][:-1]
            del medium["step"]
            medium["step"] = steps
        spoil(shorten, 3, ["differ in length"])
        self.write("plain.toml", DECK.replace("[observers]\nmedium = { every_time = 0.1, every = [2, 3] }", ""))
        self.assert_runs("run", "plain.toml", "--output", "plain", "--set",
                         "observers.modes.wavevectors=[[1,0]]", "time.end=0.84")
        refuse(2, ["no /medium", "modes"], "plain/m_observers.h5")
        self.assert_runs("run", "deck.toml", "--output", "aside", "--set", "grid.lower=[-6.4,-4.4]",
                         "grid.upper=[6.6,4.4]", 'initial.type="hot_spot"', "initial.energy_density=1.0",
                         "initial.amplitude=9.0", "initial.width=[1.0,1.0]", "time.end=0.84")
        refuse(2, ["x = 0", "symmetric"], "aside/m_observers.h5")


if __name__ == "__main__":
    unittest.main()
