#!/usr/bin/python3
"""One run writes in a folder at a time, its ranks are one world, and signals end it in good order.

Environment as in command.py.
"""

import os
import signal
import socket
import subprocess
import time
import unittest

from command import ENVIRONMENT, ISTER, LIMIT, MPIRUN, CommandTest

LONG = ("--set", "time.end=1e6", "--set", "output.every_steps=1000000", "--set", "history.every_steps=1000")


class OneRunTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.deck()

    def lock(self):
        return self.folder / "out" / "small.lock"

    def await_file(self, path, process):
        began = time.monotonic()
        while not path.exists() and process.poll() is None and time.monotonic() - began < LIMIT:
            time.sleep(0.01)
        self.assertTrue(path.exists())

    def start_long(self, *options, **others):
        process = self.start("run", "deck.toml", *LONG, *options, **others)
        self.await_file(self.folder / "out" / "small_state_00000000.h5", process)
        return process

    def with_environment(self, code, words=(), arguments=("run", "deck.toml", "--overwrite"), **variables):
        done = subprocess.run([ISTER, *arguments], cwd=self.folder, env={**ENVIRONMENT, **variables},
                              capture_output=True, text=True, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)


class LockTest(OneRunTest):
    def test_a_second_run_is_refused(self):
        first = self.start_long()
        self.assertIn(f"pid = {first.pid}\n", self.lock().read_text(encoding="utf-8"))
        for options in (("--overwrite",), ("--restart",), ()):
            for ranks in (1, 3):
                self.assert_refused(2, ["small.lock", str(first.pid), socket.gethostname()], "run", "deck.toml",
                                    *options, ranks=(ranks,))
        self.assert_runs("run", "deck.toml", "--dry-run")
        self.assert_runs("run", "deck.toml", "--set", "run.name=other")
        first.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(first)[0], 75)
        self.assertFalse(self.lock().exists())

    def test_of_a_dead_run_is_taken_over(self):
        first = self.start_long()
        first.kill()
        first.wait()
        self.assertTrue(self.lock().exists())
        self.assert_runs("run", "deck.toml", "--restart", "--set", "time.end=1.01")
        self.assertFalse(self.lock().exists())
        self.finish(first)

    def test_of_ranks_whose_launcher_was_killed_is_waited_for(self):
        first = self.start_long(ranks=2)
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        self.assert_runs("run", "deck.toml", "--restart", "--set", "time.end=1.01")

    def test_of_a_number_that_is_in_use_again(self):
        text = self.text_of_a_lock()
        self.lock().write_text(text.replace("pid = ", f"pid = {os.getpid()}\nwas = "), encoding="utf-8")
        self.assert_runs("run", "deck.toml")

    def text_of_a_lock(self):
        """What a run that is over had in its lock; nothing else is left of it."""
        first = self.start_long()
        first.kill()
        first.wait()
        text = self.lock().read_text(encoding="utf-8")
        for path in self.outputs("*"):
            path.unlink()
        self.finish(first)
        return text

    def test_of_another_machine_counts_unless_it_is_of_this_job(self):
        text = self.text_of_a_lock().replace("host = ", "host = far").replace("boot = ", "boot = 0")
        for job, variables in (("SLURM_JOB_ID 7 ", {"SLURM_JOB_ID": "7"}),
                               ("PBS_JOBID 7[1].x ", {"PBS_JOBID": "7[1].x"}),
                               ("LSB_JOBID 7 2", {"LSB_JOBID": "7", "LSB_JOBINDEX": "2"})):
            key = next(iter(variables))
            self.lock().write_text(text.replace("job = ", "job = " + job), encoding="utf-8")
            self.with_environment(2, ["small.lock", "far"])
            self.with_environment(2, ["small.lock", "far"], **{**variables, key: "8"})
            self.with_environment(0, **variables)
            self.assertFalse(self.lock().exists())
        self.lock().write_text("", encoding="utf-8")
        self.with_environment(2, ["small.lock"])

    def test_goes_with_every_end(self):
        self.assert_refused(2, ["initial"], "run", "deck.toml", "--set", "initial.amplitude=-3.0")
        self.assertEqual(self.outputs("*"), [])
        self.assert_refused(4, ["time"], "run", "deck.toml", "--set", "time.step=8.0", "--set", "time.end=4000.0",
                            "--set", "initial.amplitude=1000.0", "--set", "initial.width=[0.3, 0.3]", ranks=(1,))
        self.assertFalse(self.lock().exists())

    def test_of_two_that_come_at_once_one_is_refused(self):
        text = self.text_of_a_lock()
        for _ in range(3):
            self.lock().write_text(text, encoding="utf-8")
            runs = [self.start("run", "deck.toml", "--overwrite", "--set", "time.end=6.0") for _ in range(4)]
            codes = sorted(self.finish(run)[0] for run in runs)
            self.assertIn(codes, ([0, 2, 2, 2], [0, 0, 2, 2], [0, 0, 0, 2], [0, 0, 0, 0]))
            self.assertEqual(len(self.outputs("small_history.csv")), 1)
            rows = self.outputs("small_history.csv")[0].read_text(encoding="utf-8").splitlines()
            self.assertEqual([int(row.split(",")[0]) for row in rows[1:]], list(range(len(rows) - 1)))
            self.assertEqual(self.outputs(".*"), [])


class WorldTest(OneRunTest):
    def test_of_one_rank_where_the_launcher_started_more(self):
        self.with_environment(2, ["OMPI_COMM_WORLD_SIZE", "4"], OMPI_COMM_WORLD_SIZE="4")
        self.with_environment(2, ["PMI_SIZE"], PMI_SIZE="2")
        self.with_environment(2, ["SLURM_NTASKS"], SLURM_NTASKS="3", SLURM_STEP_ID="0")
        self.with_environment(2, ["SLURM_STEP_NUM_TASKS"], SLURM_STEP_NUM_TASKS="3")
        self.assertFalse((self.folder / "out").exists())
        self.with_environment(0, OMPI_COMM_WORLD_SIZE="1", SLURM_NTASKS="4", SLURM_STEP_ID="0")
        self.with_environment(0, SLURM_NTASKS="4", SLURM_PROCID="0")
        self.with_environment(0, SLURM_NTASKS="4", SLURM_STEP_ID="4294967290", SLURM_STEP_NUM_TASKS="1")

    def test_of_ranks_that_were_called_differently(self):
        for one, other in ((("run", "deck.toml"), ("run", "deck.toml", "--set", "time.end=1.1")),
                           (("run", "deck.toml"), ("check", "deck.toml")),
                           (("run", "deck.toml"), ("run", "nothing.toml")), (("run",), ("--help",))):
            command = [*MPIRUN, "-n", "1", ISTER, *one, ":", "-n", "2", ISTER, *other]
            done = subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True,
                                  timeout=LIMIT, check=False)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertEqual(done.stderr.count("ister: "), 1, done.stderr)
        self.assertFalse((self.folder / "out").exists())


class SignalTest(OneRunTest):
    def test_in_the_first_second(self):
        for number, delay in ((signal.SIGTERM, 0.1), (signal.SIGINT, 0.2), (signal.SIGUSR1, 0.3), (signal.SIGHUP, 0.4),
                              (signal.SIGHUP, 0.15), (signal.SIGUSR1, 0.25), (signal.SIGTERM, 0.5)):
            with self.subTest(number.name, delay=delay):
                process = self.start("run", "deck.toml", *LONG, "--overwrite")
                time.sleep(delay)
                process.send_signal(number)
                code, out, err = self.finish(process)
                if code != -number:  # the program had not begun yet
                    self.assertEqual(code, 75, out + err)
                names = [path.name for path in self.outputs("*") + self.outputs(".*")]
                self.assertTrue(not names or "small_checkpoint_00000000.h5" in names, names)
                self.assertFalse([name for name in names if name.endswith((".lock", ".part"))])

    def test_by_which_terminals_hang_up(self):
        process = self.start_long()
        process.send_signal(signal.SIGHUP)
        self.assertEqual(self.finish(process)[0], 75)
        self.assertIn("going on from", self.assert_runs("run", "deck.toml", *LONG[2:], "--restart", "--set",
                                                        "time.end=50.0"))

    def test_that_nohup_ignores_is_ignored(self):
        old = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            process = self.start_long()
        finally:
            signal.signal(signal.SIGHUP, old)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(process)[0], 75)

    def test_ends_other_commands_as_it_always_does(self):
        process = self.start("bench", "--filter", "rhs", "--size", "64", "--repetitions", "1000", "--output", "b.json")
        time.sleep(3)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(process, 20)[0], -signal.SIGTERM)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["deck.toml"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
