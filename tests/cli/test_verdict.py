#!/usr/bin/python3
"""Verdicts: planted bad runs are called so, with the cause, on any ranks and after a restart; good ones are good.

Environment as in command.py. The events are made here: a Gaussian in place of TRENTo's map, or one with what makes the
run bad.
"""

import json
import unittest

import h5py
import numpy as np
from command import CommandTest, deck_head

DECK = """
[eos]
type = "hotqcd"
[transport]
eta_over_s = {eta}
{zeta}
[initial]
type = "trento"
file = "event.dat"
grid_spacing = 0.2
scale = {scale}
floor = 1e-4
{eta_shape}
{numerics}
"""
PLAIN = '[numerics]\npreset = "none"\n[filter]\norder = 8'
NAMES = ("balance", "cavitation", "seam", "resolution", "causality")


def gaussian(width=1.6):
    x = (np.arange(81) - 40) * 0.2
    return np.exp(-(x[None, :]**2 + 1.3 * x[:, None]**2) / (2 * width**2))


def lumps():
    """Hot spots of 0.4 fm."""
    rng = np.random.default_rng(3)
    x = (np.arange(81) - 40) * 0.2
    event = np.zeros((81, 81))
    for _ in range(20):
        a, b = rng.normal(0, 1.5, 2)
        event += rng.gamma(0.8) * np.exp(-((x[None, :] - a)**2 + (x[:, None] - b)**2) / (2 * 0.4**2))
    return event


class EventTest(CommandTest):
    """Runs of an event in a small deck."""

    def deck_of(self, event, eta=0.16, zeta="", points=(48, 48), upper=(12.0, 12.0), start=0.6, end=2.0, step=0.08,
                scale=20.0, eta_shape="", numerics=PLAIN):
        np.savetxt(self.folder / "event.dat", event)
        head = deck_head("event", list(points), list(upper), start=start, end=end, step=step)
        return self.write("event.toml", head + DECK.format(eta=eta, zeta=zeta, scale=scale, eta_shape=eta_shape,
                                                           numerics=numerics))

    def profile(self):
        return json.loads((self.folder / "out" / "event_profile.json").read_text(encoding="utf-8"))


class VerdictTest(EventTest):
    def assert_judged(self, deck, code=0, words=(), **verdicts):
        """Alone, on 3 ranks, and going on from a checkpoint in the middle; other verdicts than these are good or
        none."""
        known = None
        for restart, ranks in ((False, 3), (False, 1), (True, 1)):
            options = ["--overwrite", "--set", "checkpoint.every_steps=1", "checkpoint.keep=1000"]
            if restart:
                checkpoints = self.outputs("*_checkpoint_*")
                options = ["--restart", checkpoints[len(checkpoints) // 2]]
            got, out, err = self.run_ister("run", deck, *options, ranks=ranks)
            self.assertEqual(got, code, out + err)
            profile = self.profile()
            for name in NAMES:
                self.assertIn(profile["verdict"][name], (verdicts.get(name, "good"), verdicts.get(name, "none")), out)
                self.assertIn(f"{name} {profile['verdict'][name]}", out)
            for word in words:
                self.assertIn(word, out)
                self.assertIn(word, out if code == 0 else err)
            if known is not None:
                self.assertEqual(profile["verdict"], known["verdict"])
                self.assert_same_extremes(profile["extremes"], known["extremes"], exactly=restart)
            known = profile

    def assert_same_extremes(self, extremes, known, exactly):
        self.assertEqual(extremes.keys(), known.keys())
        for name, extreme in known.items():
            same = extremes[name]
            self.assertAlmostEqual(same["value"], extreme["value"], delta=1e-9 + 1e-6 * extreme["value"], msg=name)
            if exactly:
                self.assertEqual(same, extreme, name)

    def test_a_good_run(self):
        self.assert_judged(self.deck_of(gaussian()))
        for path in self.outputs("*_state_*") + self.outputs("*_checkpoint_*"):
            with h5py.File(path) as file:
                for name in NAMES:
                    self.assertIn(file.attrs[f"verdict_{name}"], ("good", "none"))

    def test_a_box_of_16_fm(self):
        deck = self.deck_of(gaussian(), points=[40, 40], upper=[8.0, 8.0], end=7.0, step=0.1)
        self.assertIn("warning: matter with e > history.verdict_cut may reach the rim of the box along x",
                      self.assert_runs("check", deck))
        self.assert_judged(deck, seam="bad", words=("seam bad: e at the rim along x", "grid.upper"))
        with h5py.File(self.outputs("*_state_*")[0]) as first, h5py.File(self.outputs("*_state_*")[-1]) as last:
            self.assertEqual((first.attrs["verdict_seam"], last.attrs["verdict_seam"]), ("good", "bad"))

    def test_a_box_of_two_units_of_eta(self):
        deck = self.deck_of(gaussian(), points=[24, 24, 32], upper=[9.0, 9.0, 2.0], end=5.0, step=0.1,
                            eta_shape="eta_plateau = 0.8\neta_width = 0.45")
        self.assertIn("along eta", self.assert_runs("check", deck))
        self.assert_judged(deck, seam="bad", words=("seam bad: e at the rim along z (eta)",))

    def test_an_ideal_fluid_that_is_lumpy(self):
        deck = self.deck_of(lumps(), eta=0, points=(80, 80), end=8.0, scale=10.0)
        self.assert_judged(deck, code=4, balance="bad",
                           words=("balance bad: |balance|", "shocks"))

    def test_noise_from_cell_to_cell(self):
        deck = self.deck_of(gaussian() * np.random.default_rng(5).gamma(0.3, 1 / 0.3, (81, 81)), points=(120, 120))
        self.assertIn("warning: the initial state is not resolved", self.assert_runs("check", deck))
        self.assert_judged(deck, code=4, balance="bad", resolution="bad",
                           words=("resolution bad: share of the power", "grid.points"))

    def test_noise_that_the_stabilizer_hides(self):
        deck = self.deck_of(gaussian() * np.random.default_rng(5).gamma(0.3, 1 / 0.3, (81, 81)), points=(120, 120),
                            end=1.0, numerics='[numerics]\npreset = "event"')
        self.assert_judged(deck, resolution="bad", words=("resolution bad: share of the power",))

    def test_a_narrow_peak_of_bulk_viscosity(self):
        zeta = 'zeta_over_s = { model = "peak", value = 0.6, peak_temperature_mev = 180, width_mev = 12 }'
        deck = self.deck_of(gaussian(), zeta=zeta, points=(64, 64), end=4.0, step=0.05)
        self.assert_judged(deck, balance="doubtful", cavitation="bad",
                           words=("cavitation bad: |Pi|/p", "zeta_over_s"))

    def test_steps_longer_than_the_proper_time(self):
        deck = self.deck_of(gaussian(), start=0.05, end=0.5, step=0.15)
        self.assert_judged(deck, code=4, balance="bad", resolution="bad",
                           words=("resolution bad: length of a step relative to tau", "time.step"))


class EndOfARunTest(EventTest):
    def setUp(self):
        super().setUp()
        self.noisy = self.deck_of(gaussian() * np.random.default_rng(5).gamma(0.3, 1 / 0.3, (81, 81)), end=0.92)

    def test_leaves_history_state_profile_and_the_last_good_checkpoint(self):
        self.assert_refused(4, ["result is lost", "balance bad", "run.keep_going"], "run", self.noisy, "--overwrite",
                            "--set", "checkpoint.every_steps=1", "checkpoint.keep=9")
        names = [path.name for path in self.outputs("*")]
        self.assertIn("event_state_00000002.h5", names)
        self.assertEqual([name for name in names if "checkpoint" in name],
                         ["event_checkpoint_00000000.h5", "event_checkpoint_00000001.h5"])
        rows = np.genfromtxt(self.folder / "out" / "event_history.csv", delimiter=",", names=True)
        self.assertEqual(list(rows["step"]), [0, 1, 2])
        self.assertGreater(abs(rows["balance"][-1]), 1e-2)
        self.assertEqual(self.profile()["verdict"]["balance"], "bad")
        with h5py.File(self.outputs("*_state_*")[-1]) as file:
            self.assertEqual(file.attrs["verdict_balance"], "bad")

    def test_does_not_come_where_it_shall_keep_going(self):
        for every_steps in (1, 0):
            out = self.assert_runs("run", self.noisy, "--overwrite", "--set", "run.keep_going=true",
                                   f"history.every_steps={every_steps}", ranks=(1, 3))
            self.assertIn("verdict: balance bad", out)
            self.assertIn("  resolution bad", out)

    def test_comes_at_the_end_without_a_history(self):
        self.assert_refused(4, ["balance bad"], "run", self.noisy, "--overwrite", "--set", "history.every_steps=0")


class ColumnsTest(CommandTest):
    """The columns of the history against NumPy."""

    CS2, CUT = 0.25, 2.0

    def columns_of(self, state, grid, milne):
        """What the columns say of a state, the flux by direction."""
        e = state["energy_density"]
        ratio = abs(state["bulk_pressure"]) / (self.CS2 * e)
        g = np.sqrt(1 + sum(state[f"u{a}"]**2 for a in "xyz"))
        pi = {a + b: state["pi" + a + b] for a, b in ("xx", "xy", "xz", "yy", "yz", "zz")}
        pi.update({b + a: pi[a + b] for a, b in ("xy", "xz", "yz")})
        v = {a: state[f"u{a}"] / g for a in "xyz"}
        time = {a: sum(pi[a + b] * v[b] for b in "xyz") for a in "xyz"}  # pi^{0a}
        square = sum(pi[a + b]**2 for a in "xyz" for b in "xyz") - 2 * sum(time[a]**2 for a in "xyz") \
            + sum(time[a] * v[a] for a in "xyz")**2
        counts = e > self.CUT
        n = e.ndim
        log_e = np.log(e) - np.log(e).mean()
        power = abs(np.fft.fftn(log_e))**2
        shares = []
        for axis in range(n):
            k = 2 * abs(np.fft.fftfreq(e.shape[axis]))
            shares.append(np.compress(k > 0.75, power, axis=axis).sum() / power.sum())
        seams = [np.take(e, 0, axis=axis).max() / e.max() for axis in range(n)]
        flux = 0.0
        cell = np.prod(grid)
        for d in range(n):
            layer = abs(np.take(state["T0" + "xyz"[d]], 0, axis=n - 1 - d)).sum()
            flux += layer * cell / grid[d] * (state["time"] if milne and d < 2 else 1.0)
        return {"bulk_ratio_max": ratio[counts].max(), "seam_ratio": max(seams), "resolution": max(shares),
                "inverse_reynolds": np.average(np.sqrt(square) / (self.CS2 * e), weights=e * counts), "flux": flux}

    def assert_columns(self, points, geometry, ranks):
        n = len(points)
        lower, upper = [-4.0, -3.0, -2.0][:n], [4.2, 3.0, 2.1][:n]
        head = deck_head("columns", points, upper, lower, geometry, start=1.0, end=1.3, step=0.05)
        self.write("deck.toml", head + f"""
[eos]
type = "constant_cs2"
cs2 = {self.CS2}
[transport]
zeta_over_s = 0.08
[initial]
type = "hot_spot"
temperature = 0.5
amplitude = 20.0
width = {[0.8, 0.6, 0.5][:n]}
center = {[0.5, -0.4, 0.3][:n]}
ux = 0.3
uy = -0.2
uz = 0.1
[output]
every_steps = 1
fields = ["energy_density", "ux", "uy", "uz", "pixx", "pixy", "pixz", "piyy", "piyz", "pizz", "bulk_pressure", "T0x", "T0y", "T0z"]
[history]
verdict_cut = {self.CUT}
""")
        self.assert_runs("run", "deck.toml", "--overwrite", ranks=(ranks,))
        rows = np.genfromtxt(self.folder / "out" / "columns_history.csv", delimiter=",", names=True)
        grid = [(b - a) / m for a, b, m in zip(lower, upper, points)]
        passed, before = 0.0, None
        for row, path in zip(rows, self.outputs("*_state_*"), strict=True):
            with h5py.File(path) as file:
                state = {name: np.asarray(data) for name, data in file["state"].items()}
                state["time"] = float(file.attrs["time"])
            want = self.columns_of(state, grid, geometry == "milne")
            if before is not None:
                passed += 0.5 * (want["flux"] + before["flux"]) * (state["time"] - before["time"])
            before = {"flux": want.pop("flux"), "time": state["time"]}
            want["seam_flux"] = passed / rows["energy"][0]
            for name, value in want.items():
                self.assertAlmostEqual(row[name], value, delta=1e-9 * max(abs(value), 1e-3), msg=f"{name} {path}")
        self.assertGreater(passed, 0.0)

    def test_in_two_directions(self):
        for ranks in (1, 3):
            self.assert_columns([33, 20], "minkowski", ranks)

    def test_in_three_directions_of_milne_space(self):
        for ranks in (1, 3):
            self.assert_columns([16, 15, 17], "milne", ranks)

    def test_in_one_direction(self):
        self.assert_columns([40], "minkowski", 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
