#!/usr/bin/python3
"""Runs that are interrupted and go on: the result is that of a run without interruption, bit by bit.

Environment as in command.py. FFTW measures its plans anew in every run that starts afresh, so what is compared
with is always a continuation from an earlier checkpoint of the same run: checkpoints carry the plans.
"""

import os
import re
import shutil
import signal
import time
import unittest

import h5py
import numpy as np
from command import ENVIRONMENT, LIMIT, CommandTest, deck_head

DECK = deck_head("flow", [24, 18], [6.0, 4.5], start=0.6, end=1.4, cfl=0.1) + """
[eos]
type = "constant_cs2"
cs2 = 0.25
[transport]
eta_over_s = 0.16
zeta_over_s = 0.05
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 2.0
width = [1.5, 1.2]
ux = 0.2
uz = 0.1
[filter]
order = 8
[sponge]
width = 1.5
[output]
every_time = 0.2
[checkpoint]
every_steps = 5
keep = 1000
"""
FORMULATIONS = ("primitive", "conservative")


class InterruptedRun(CommandTest):
    """A run in `out`, copies of its folder, and comparisons of folders."""

    def setUp(self):
        super().setUp()
        self.write("flow.toml", DECK)

    def settings(self, *settings):
        return [word for setting in settings for word in ("--set", setting)]

    def advance(self, *settings, folder="out", code=0, ranks=1, threads=1, restart=True, file=None):
        """Starts or goes on with the run in a folder; returns what was printed."""
        arguments = ["run", "flow.toml", "--output", folder, *self.settings(*settings)]
        if restart:
            arguments += ["--restart"] + ([file] if file else [])
        before = ENVIRONMENT["OMP_NUM_THREADS"]
        ENVIRONMENT["OMP_NUM_THREADS"] = str(threads)
        try:
            got, out, err = self.run_ister(*arguments, ranks=ranks)
        finally:
            ENVIRONMENT["OMP_NUM_THREADS"] = before
        self.assertEqual(got, code, out + err)
        return out + err

    def checkpoints(self, folder="out"):
        return sorted((self.folder / folder).glob("flow_checkpoint_*.h5"))

    def continue_in_a_copy(self, copy, *settings, checkpoint=0, **options):
        """An uninterrupted continuation from one of the checkpoints in `out`, in a copy of that folder."""
        shutil.copytree(self.folder / "out", self.folder / copy)
        self.advance(*settings, folder=copy, file=self.checkpoints(copy)[checkpoint], **options)

    def contents(self, folder):
        """All datasets of all snapshots by file and name, and the history."""
        data = {}
        for path in sorted((self.folder / folder).glob("flow_state_*.h5")):
            with h5py.File(path, "r") as file:
                data[path.name, "time"] = np.array(file.attrs["time"])
                for name, field in file["state"].items():
                    data[path.name, name] = field[()]
        history = (self.folder / folder / "flow_history.csv").read_text(encoding="utf-8")
        return data, history

    def assert_same_bits(self, folder, other):
        data, history = self.contents(folder)
        expected, expected_history = self.contents(other)
        self.assertEqual(list(data), list(expected))
        self.assertGreater(len(data), 12)
        for name, values in data.items():
            self.assertEqual(values.tobytes(), expected[name].tobytes(), name)
        self.assertEqual(history, expected_history)
        self.assertEqual(*[(self.folder / f / "flow.xdmf").read_text(encoding="utf-8") for f in (folder, other)])

    def assert_same_to_rounding(self, folder, other, tolerance=1e-12):
        data, history = self.contents(folder)
        expected, expected_history = self.contents(other)
        self.assertEqual(list(data), list(expected))
        for (file, name), values in data.items():
            reference = expected[file, name]
            if name.startswith("u"):
                scale = 1.0
            elif name.startswith(("pi", "bulk")):
                scale = np.abs(expected[file, "energy_density"]).max()
            else:
                scale = np.abs(reference).max()
            self.assertLessEqual(np.abs(values - reference).max() / scale, tolerance, (file, name))
        rows, expected_rows = (np.loadtxt(text.splitlines(), delimiter=",", skiprows=1)
                               for text in (history, expected_history))
        energy = expected_history.split("\n", 1)[0].split(",").index("energy")
        np.testing.assert_allclose(rows, expected_rows, rtol=1e-10, atol=tolerance * expected_rows[0, energy])

    def history_steps(self, folder="out"):
        lines = (self.folder / folder / "flow_history.csv").read_text(encoding="utf-8").splitlines()
        return [int(float(line.split(",")[0])) for line in lines[1:]]


class RestartTest(InterruptedRun):
    def test_in_the_middle_is_bitwise(self):
        for formulation in FORMULATIONS:
            for extra in (["time.integrator=rk4"], ["time.integrator=ars443"]):
                with self.subTest(formulation=formulation, extra=extra):
                    settings = [f"solver.formulation={formulation}", *extra]
                    self.advance(*settings, restart=False)
                    middle = len(self.checkpoints()) // 2
                    self.continue_in_a_copy("again", *settings, checkpoint=middle)
                    self.assert_same_bits("again", "out")
                    for folder in ("out", "again"):
                        shutil.rmtree(self.folder / folder)

    def test_with_adaptive_steps_is_bitwise(self):
        self.write("flow.toml", DECK.replace("cfl = 0.1", 'tolerance = 1e-7\nintegrator = "dp54"')
                   .replace("every_steps = 5", "every_steps = 2"))
        for formulation in FORMULATIONS:
            with self.subTest(formulation=formulation):
                self.advance(f"solver.formulation={formulation}", restart=False)
                self.continue_in_a_copy("again", f"solver.formulation={formulation}", checkpoint=1)
                self.assert_same_bits("again", "out")
                for folder in ("out", "again"):
                    shutil.rmtree(self.folder / folder)

    def test_in_three_dimensions_on_several_ranks_is_bitwise(self):
        three = ["grid.points=[10, 9, 12]", "grid.lower=[-4.0, -4.0, -2.0]", "grid.upper=[4.0, 4.0, 2.0]",
                 "initial.width=[1.5, 1.5, 1.0]", "time.cfl=0.3"]
        for ranks, threads, formulation in ((2, 1, "conservative"), (3, 1, "primitive"), (1, 2, "conservative")):
            with self.subTest(ranks=ranks, threads=threads):
                settings = [*three, f"solver.formulation={formulation}"]
                self.advance(*settings, restart=False, ranks=ranks, threads=threads)
                self.continue_in_a_copy("again", *settings, ranks=ranks, threads=threads)
                self.assert_same_bits("again", "out")
                for folder in ("out", "again"):
                    shutil.rmtree(self.folder / folder)

    def test_to_a_later_end(self):
        # What was the end is a snapshot like any other to the longer run, as it falls on the cadence.
        self.advance("time.end=1.0", restart=False)
        self.advance("time.end=1.4")
        self.continue_in_a_copy("again", "time.end=1.4")
        self.assert_same_bits("again", "out")

    def test_drops_what_is_later_and_writes_it_again(self):
        self.advance(restart=False)
        chosen = self.checkpoints()[2]
        step = int(chosen.stem.split("_")[-1])
        shutil.copytree(self.folder / "out", self.folder / "reference")
        later = [path for path in self.outputs("flow_state_*.h5") if int(path.stem.split("_")[-1]) > step]
        self.assertTrue(later)
        for path in later:
            path.write_bytes(b"of a future that will not be")
        with open(self.folder / "out" / "flow_history.csv", "a", encoding="utf-8") as history:
            history.write("999999" + ",0" * 18 + "\n12,0.")  # a later row, and one that was cut off
        (self.folder / "out" / "flow_state_00999999.h5").write_bytes(b"later still")
        self.advance("time.end=1.2", file=chosen)
        steps = self.history_steps()
        self.assertEqual(steps, sorted(set(steps)))
        self.assertLess(steps[-1], 999999)
        self.assertEqual([path.name for path in later if path.exists() and path.read_bytes()[:6] == b"of a f"], [])
        self.advance(file=self.checkpoints()[2])
        self.assert_same_bits("out", "reference")

    def test_after_the_end_changes_nothing(self):
        self.advance("time.end=1.0", restart=False)
        before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.outputs("*")}
        self.assertIn("finished", self.advance("time.end=1.0"))
        self.assertIn("finished", self.advance("time.end=0.9"))
        self.assertEqual(before, {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.outputs("*")})

    def test_on_other_ranks_and_threads_is_the_same_to_rounding(self):
        for formulation in FORMULATIONS:
            settings = [f"solver.formulation={formulation}", "output.every_time=0.4"]
            self.advance(*settings, restart=False)
            for number, options in enumerate(({"ranks": 3}, {"threads": 2}, {"ranks": 2, "threads": 2})):
                with self.subTest(formulation=formulation, **options):
                    self.continue_in_a_copy(f"again{number}", *settings, checkpoint=1, **options)
                    self.assert_same_to_rounding(f"again{number}", "out")
                    shutil.rmtree(self.folder / f"again{number}")
            shutil.rmtree(self.folder / "out")

    def test_from_a_damaged_checkpoint_takes_the_one_before(self):
        self.advance(restart=False)
        newest, previous = self.checkpoints()[-1], self.checkpoints()[-2]
        shutil.copytree(self.folder / "out", self.folder / "reference")
        self.damage(newest)
        text = self.advance()
        self.assertIn(newest.name, text)
        self.assertRegex(text, "going on from .*" + previous.name)
        self.assert_same_bits("out", "reference")
        with open(self.checkpoints()[-1], "r+b") as file:
            file.truncate(4000)
        self.assertIn(previous.name, self.advance())
        self.assert_same_bits("out", "reference")


class KillTest(InterruptedRun):
    """The run dies without a word, several times, and is started again."""

    LONG = ["time.cfl=0.002", "checkpoint.every_steps=20"]

    def kill_once(self, condition, *settings, ranks=1):
        alive = self.kill_when(condition, "run", "flow.toml", "--restart", *self.settings(*settings), ranks=ranks)
        self.await_end_of_ranks()
        return alive

    def await_end_of_ranks(self):
        """Ranks outlive their launcher for a moment, and hold the lock as long."""
        lock, began = self.folder / "out" / "flow.lock", time.monotonic()
        while lock.exists() and time.monotonic() - began < LIMIT:
            pid = re.search(r"^pid = (\d+)$", lock.read_text(encoding="utf-8"), re.MULTILINE)
            if pid is None or not os.path.exists(f"/proc/{pid[1]}"):
                return
            time.sleep(0.02)

    def test_kills_leave_no_trace(self):
        for formulation in FORMULATIONS:
            with self.subTest(formulation=formulation):
                settings = [*self.LONG, f"solver.formulation={formulation}"]
                # Before there is any checkpoint, right after the first, between two of them, and while one is written.
                killed = [self.kill_once(lambda: self.outputs("flow_state_*.h5"), *settings),
                          self.kill_once(lambda: self.checkpoints(), *settings)]
                count = len(self.checkpoints())
                killed.append(self.kill_once(lambda: len(self.checkpoints()) >= count + 2 and
                                             self.history_steps()[-1] % 20 > 7, *settings))
                count = len(self.checkpoints())
                killed.append(self.kill_once(lambda: len(self.checkpoints()) > count and
                                             set(self.outputs("*checkpoint*")) != set(self.checkpoints()), *settings))
                self.assertTrue(all(killed[:3]), "the run was over too soon to be killed")
                self.advance(*settings)
                self.assertEqual([p for p in self.outputs("*") if not p.name.endswith((".h5", ".csv", ".xdmf", ".json"))],
                                 [], "leftovers")
                steps = self.history_steps()
                self.assertEqual(steps, list(range(steps[-1] + 1)))
                self.continue_in_a_copy("again", *settings)
                self.assert_same_bits("out", "again")
                for folder in ("out", "again"):
                    shutil.rmtree(self.folder / folder)

    def test_a_kill_of_several_ranks(self):
        settings = [*self.LONG, "solver.formulation=conservative", "time.end=1.0"]
        self.assertTrue(self.kill_once(lambda: len(self.checkpoints()) >= 2, *settings, ranks=2))
        self.advance(*settings, ranks=2)
        self.continue_in_a_copy("again", *settings, ranks=2)
        self.assert_same_bits("out", "again")


class StopTest(InterruptedRun):
    """Runs that are asked to stop write a checkpoint, say so by exit code 75, and go on."""

    LONG = ["time.cfl=0.01"]

    def stop_by(self, number, ranks, *settings):
        process = self.start("run", "flow.toml", *self.settings(*settings), ranks=ranks)
        began = time.monotonic()
        while not self.checkpoints() and time.monotonic() - began < LIMIT:
            time.sleep(0.01)
        os.kill(self.pid_of_a_rank(process), number)
        code, out, err = self.finish(process)
        self.assertEqual(code, 75, out + err)
        self.assertIn("--restart", out)

    def pid_of_a_rank(self, process):
        """The last process of the session that runs the executable: with mpirun, a rank and not mpirun itself."""
        ranks = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
                if os.getsid(int(pid)) == process.pid and b"run" in words[1:2]:
                    ranks.append(int(pid))
            except (OSError, ProcessLookupError):
                continue
        return max(ranks, default=process.pid)

    def test_signals_to_one_rank(self):
        for number, ranks in ((signal.SIGUSR1, 1), (signal.SIGTERM, 1), (signal.SIGTERM, 3), (signal.SIGUSR1, 2)):
            with self.subTest(signal=number.name, ranks=ranks):
                self.stop_by(number, ranks, *self.LONG)
                stopped_at = self.history_steps()[-1]
                self.assertEqual(int(self.checkpoints()[-1].stem.split("_")[-1]), stopped_at)
                self.advance(*self.LONG, ranks=ranks)
                self.assertGreater(self.history_steps()[-1], stopped_at)
                self.continue_in_a_copy("again", *self.LONG, ranks=ranks)
                self.assert_same_bits("out", "again")
                for folder in ("out", "again"):
                    shutil.rmtree(self.folder / folder)

    def test_the_wall_clock_limit(self):
        settings = ["time.cfl=2e-5", "checkpoint.every_steps=0", "output.every_time=0.4", "history.every_steps=10"]
        began = time.monotonic()
        self.advance(*settings, "run.wall_clock_limit=00:00:02", restart=False, code=75)
        self.assertLess(time.monotonic() - began, 20.0)
        self.assertEqual(len(self.checkpoints()), 2)
        with h5py.File(self.checkpoints()[1], "r") as file:
            stopped_at, stopped_after = float(file.attrs["time"]), int(file.attrs["step"])
        self.advance(*settings, f"time.end={stopped_at + 0.005}", "run.wall_clock_limit=00:10:00")
        self.assertGreater(self.history_steps()[-1], stopped_after)


if __name__ == "__main__":
    unittest.main(verbosity=2)
