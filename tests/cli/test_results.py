#!/usr/bin/python3
"""What a restart takes for granted, what it refuses, and that it never lets results go.

Environment as in command.py.
"""

import os
import re
import shutil
import subprocess
import unittest

import h5py
import numpy as np
from command import ENVIRONMENT, ISTER, CommandTest, deck_head

DECK = deck_head("wave", [16, 12], [4.0, 3.0], geometry="minkowski", end=0.4, step=0.05) + """
[transport]
eta_over_s = 0.2
[initial]
type = "hot_spot"
temperature = 1.2
amplitude = 0.7
width = [1.0, 1.0]
[output]
every_steps = 2
[checkpoint]
every_steps = 2
keep = 20
"""


class ResultsTest(CommandTest):
    """A run of eight steps in `out`, and what a restart makes of it."""

    def setUp(self):
        super().setUp()
        self.write("deck.toml", DECK)

    def advance(self, *options, code=0, restart=True, ranks=1, **others):
        options = (["--restart"] if restart else []) + list(options)
        got, out, err = self.run_ister("run", "deck.toml", *options, ranks=ranks, **others)
        self.assertEqual(got, code, out + err)
        return out + err

    def checkpoint(self, step):
        return self.folder / "out" / f"wave_checkpoint_{step:08}.h5"

    def listing(self):
        return {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in self.outputs("*")}

    def assert_kept(self, code, *options, words=(), **others):
        """A restart is refused with that code and these words, and every file stays as it is."""
        before = self.listing()
        text = self.advance(*options, code=code, **others)
        self.assertEqual(before, self.listing(), text)
        for word in words:
            self.assertIn(word, text)
        return text


class CheckpointTest(ResultsTest):
    def test_of_the_first_state_comes_before_any_other_file(self):
        self.advance("--set", "checkpoint.every_steps=0", restart=False)
        self.assertEqual([path.name for path in self.outputs("*_checkpoint_*")],
                         [self.checkpoint(0).name, self.checkpoint(8).name])
        written = {path.name: path.stat().st_mtime_ns for path in self.outputs("*")}
        self.assertEqual(min(written, key=written.get), self.checkpoint(0).name)
        for step, finished in ((0, 0), (8, 1)):
            with h5py.File(self.checkpoint(step), "r") as file:
                self.assertEqual(int(file.attrs["finished"]), finished)

    def test_is_made_every_half_hour_unless_the_input_says_otherwise(self):
        self.write("bare.toml", DECK[:DECK.index("[checkpoint]")])
        self.assertIn("every_wall = 1800", self.assert_runs("check", "bare.toml"))
        for setting in ("checkpoint.every_wall=0", "checkpoint.every_steps=5", "checkpoint.every_time=0.1"):
            text = self.assert_runs("check", "bare.toml", "--set", setting)
            self.assertIn("every_wall = 0", text[text.index("[checkpoint]"):])

    def test_of_a_finished_run_is_enough(self):
        self.advance(restart=False)
        self.assertIn("finished", self.assert_kept(0))
        self.assertIn("finished", self.assert_kept(0, "--set", "time.end=0.3", ranks=3))
        self.assertIn("going on", self.advance("--set", "time.end=0.5"))
        self.assertTrue(self.checkpoint(10).exists())

    def test_that_cannot_be_read_is_not_damaged(self):
        self.advance(restart=False)
        newest = self.checkpoint(8)
        newest.unlink()
        newest.mkdir()
        for ranks in (1, 3):
            self.assert_kept(3, "--set", "time.end=0.5", words=(newest.name,), ranks=ranks)
        newest.rmdir()
        os.mkfifo(newest)
        self.assert_kept(3, words=(newest.name,))

    @unittest.skipUnless(os.geteuid() == 0, "needs to be root, to become somebody else")
    def test_without_permission_is_not_damaged(self):
        self.advance(restart=False)
        os.chmod(self.folder, 0o777)
        for path in [self.folder / "out", *self.outputs("*")]:
            os.chown(path, 65534, 65534)
        os.chmod(self.checkpoint(8), 0)
        before = self.listing()
        done = subprocess.run([ISTER, "run", "deck.toml", "--restart", "--set", "time.end=0.5"], cwd=self.folder,
                              env={**ENVIRONMENT, "HOME": str(self.folder)}, capture_output=True, text=True, check=False,
                              user=65534, group=65534)
        if "execute" in done.stderr:
            self.skipTest("nobody may not run the executable")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("ermission", done.stderr)
        self.assertEqual(before, self.listing())

    def test_where_none_verifies_nothing_is_let_go(self):
        self.advance(restart=False)
        for number, path in enumerate(self.outputs("*_checkpoint_*")):
            data = path.read_bytes()
            path.write_bytes((b"", data[:3000], data[:-1], data.replace(b"run_id", b"rum_id"), data + b" ")[number % 5])
        for options in ((), ("--set", "time.end=0.5")):
            for ranks in (1, 3):
                self.assert_kept(3, *options, ranks=ranks, words=("out", "wave_checkpoint_00000008.h5"))
        for path in self.outputs("*_checkpoint_*"):
            path.unlink()
        self.assert_kept(3, words=("no checkpoint",))
        self.advance("--overwrite")
        self.assertEqual(len(self.outputs("*_state_*")), 5)

    def test_of_another_run_is_not_spliced_in(self):
        self.advance(restart=False)
        self.advance("--output", "other", "--set", "time.end=0.8", restart=False)
        reference = np.loadtxt(self.folder / "out" / "wave_history.csv", delimiter=",", skiprows=1)
        foreign = self.folder / "other" / "wave_checkpoint_00000012.h5"
        shutil.copy(foreign, self.checkpoint(12))
        text = self.advance("--set", "time.end=0.5")
        self.assertIn("another run", text)
        self.assertIn(f"going on from out/{self.checkpoint(8).name}", text)
        rows = np.loadtxt(self.folder / "out" / "wave_history.csv", delimiter=",", skiprows=1)
        self.assertEqual(list(rows[:, 0]), list(range(11)))
        self.assertTrue(np.array_equal(rows[:9], reference))
        self.assertEqual(self.checkpoint(12).read_bytes(), foreign.read_bytes())
        self.assert_kept(2, foreign, words=("another run",))

    def test_begins_a_run_of_its_own_in_an_empty_folder(self):
        self.advance(restart=False)
        self.advance(self.checkpoint(4), "--output", "branch")
        branch = self.folder / "branch"
        self.assertEqual(sorted(path.name for path in branch.glob("*_state_*")),
                         [f"wave_state_{step:08}.h5" for step in (4, 6, 8)])
        with h5py.File(branch / "wave_state_00000008.h5") as a, h5py.File(self.outputs("*_state_*8.h5")[0]) as b:
            for name in b["state"]:
                self.assertTrue(np.array_equal(a["state"][name], b["state"][name]), name)
        steps = np.loadtxt(branch / "wave_history.csv", delimiter=",", skiprows=1)[:, 0]
        self.assertEqual(list(steps), [4, 5, 6, 7, 8])


class HistoryTest(ResultsTest):
    def history(self):
        return self.folder / "out" / "wave_history.csv"

    def test_that_lacks_rows_or_has_others_is_refused(self):
        self.advance(restart=False)
        whole = self.history().read_text(encoding="utf-8")
        lines = whole.splitlines(keepends=True)
        cases = (("", None), (":8", "".join(lines[:7])), (":10", "".join(lines[:3] + lines[4:])),
                 (":3", "".join([*lines[:2], "2,what,is,this\n", *lines[3:]])),
                 (":10", whole.replace(",0.05", ",0.07", 1)), (":1", whole.replace("energy", "enerjy")),
                 (":2", lines[0]), (":2", ""))
        for place, text in cases:
            with self.subTest(place, text=text):
                if text is None:
                    self.history().unlink()
                else:
                    self.history().write_text(text, encoding="utf-8")
                self.assert_kept(3, "--set", "time.end=0.5", words=("wave_history.csv" + place,))
        self.history().write_text(whole, encoding="utf-8")
        self.advance("--set", "time.end=0.5")
        self.assertTrue(self.history().read_text(encoding="utf-8").startswith(whole))

    def test_of_another_kind_of_file_hangs_nothing(self):
        self.advance(restart=False)
        self.history().unlink()
        os.mkfifo(self.history())
        self.assert_kept(3, "--set", "time.end=0.5", words=("wave_history.csv",))

    def test_may_change_its_cadence(self):
        self.advance("--set", "history.every_steps=2", restart=False)
        self.advance("--set", "time.end=0.6", "--set", "history.every_steps=0")
        self.advance("--set", "time.end=0.7", "--set", "history.every_steps=1")
        steps = np.loadtxt(self.history(), delimiter=",", skiprows=1)[:, 0]
        self.assertEqual(list(steps), [0, 2, 4, 6, 8, 13, 14])


class SeriesTest(ResultsTest):
    def names(self):
        text = (self.folder / "out" / "wave.xdmf").read_text(encoding="utf-8")
        return set(re.findall("wave_state_[0-9]*.h5:/state/[a-z_]*", text))

    def test_names_only_what_is_there(self):
        self.advance("--set", 'output.fields=["energy_density"]', restart=False)
        self.outputs("*_state_00000002.h5")[0].unlink()
        self.advance("--set", "time.end=0.5", "--set", 'output.fields=["ux", "temperature"]')
        for name in self.names():
            file, field = name.split(":")
            with h5py.File(self.folder / "out" / file, "r") as state:
                self.assertIn(field, state)
        self.assertEqual(len(self.names()), 4 + 2)


class ProblemTest(ResultsTest):
    """What may change at a restart, and what may not."""

    def refused(self, *settings):
        options = [word for setting in settings for word in ("--set", setting)]
        return self.assert_kept(2, "--set", "time.end=0.5", *options)

    def test_stays_what_it_was(self):
        self.advance(restart=False)
        for setting in ("grid.upper=[4.0, 3.5]", "transport.tau_pipi=1.0", "eos.degrees_of_freedom=40.0",
                        "solver.floor=1e-6", "initial.amplitude=0.8", "initial.center=[0.1, 0.0]", "time.start=-0.1",
                        "transport.phi7=true"):
            self.assertIn(setting.split("=")[0], self.refused(setting))
        self.refused("initial.type=gubser")

    def test_may_be_solved_in_another_way_which_is_said(self):
        self.advance(restart=False)
        text = self.advance("--set", "time.end=0.5", "--set", "filter.order=12", "--set", "sponge.width=0.5", "--set",
                            "time.integrator=ssprk3", "--set", "time.step=0.025", "--set", "checkpoint.keep=3")
        for change in ("filter.order = 12.0, was 36.0", "sponge.width = 0.5", 'time.integrator = "ssprk3"'):
            self.assertIn(change, text)

    def tables(self, folder, cs2=0.25, eta=0.2):
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        e = np.geomspace(1e-3, 1e3, 40)
        np.savetxt(folder / "tables" / "eos.dat", np.transpose([e, cs2 * e, 0.2 * e**(cs2 / (1 + cs2))]), fmt="%.12e",
                   header="e[GeV/fm^3] p[GeV/fm^3] T[GeV]")
        np.savetxt(folder / "tables" / "eta.dat", [[50, eta], [150, eta], [300, eta]], header="T[MeV] eta/s")
        x = np.linspace(-2, 2, 17)
        np.savetxt(folder / "tables" / "event.dat", np.exp(-np.add.outer(x**2, x**2)))
        deck = DECK[:DECK.index("[transport]")] + DECK[DECK.index("[output]"):]
        deck = deck.replace("[grid]", "keep_going = true\n[grid]") + """
[eos]
type = "table"
file = "tables/eos.dat"
[transport]
eta_over_s = { model = "table", file = "tables/eta.dat" }
[initial]
type = "trento"
file = "tables/event.dat"
grid_spacing = 0.25
scale = 3.0
"""
        (folder / "deck.toml").write_text(deck, encoding="utf-8")

    def test_moves_with_its_tables(self):
        home = self.folder / "home"
        self.tables(home)
        self.folder = home
        self.advance(restart=False)
        home.rename(home.with_name("elsewhere"))
        self.folder = home.with_name("elsewhere")
        self.assertIn("going on", self.advance("--set", "time.end=0.5"))
        (self.folder / "tables" / "event.dat").unlink()
        self.assertIn("going on", self.advance("--set", "time.end=0.6"))
        self.folder = self.folder.parent

    def test_is_that_of_the_content_of_its_tables(self):
        self.tables(self.folder)
        self.advance(restart=False)
        for name, edit in (("eos.file", {"cs2": 0.3}), ("transport.eta_over_s.file", {"eta": 0.3})):
            self.tables(self.folder, **edit)
            self.assertIn(name, self.refused())
        self.tables(self.folder)
        with open(self.folder / "tables" / "event.dat", "a", encoding="utf-8") as event:
            event.write("# a remark\n")
        self.assertIn("initial.file", self.refused())


if __name__ == "__main__":
    unittest.main(verbosity=2)
