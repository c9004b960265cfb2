#!/usr/bin/python3
"""Runs in which one rank no longer answers: the others must not wait for it for ever.

Environment as in command.py.
"""

import os
import shutil
import signal
import time
import unittest

from command import DECK, ISTER, CommandTest

LONG = ["--set", "time.end=1000", "--set", "history.every_steps=10"]


class StalledRank(CommandTest):
    def start_run(self, *options, ranks=3):
        process = self.start("run", self.write("deck.toml", DECK), *LONG, *options, ranks=ranks)
        end = time.monotonic() + 60
        history = self.folder / "out" / "small_history.csv"
        while not (history.exists() and history.stat().st_size > 1000):
            self.assertLess(time.monotonic(), end, "no history")
            time.sleep(0.05)
        return process

    def ranks(self, process):
        """The processes of the session that run the executable, the first rank first."""
        found = []
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            try:
                if os.getsid(pid) == process.pid and os.path.samefile(f"/proc/{pid}/exe", ISTER):
                    found.append(pid)
            except OSError:
                continue  # ended meanwhile
        return sorted(found)

    def test_stopped_rank(self):
        for which in (0, 2):
            with self.subTest(rank=which):
                process = self.start_run("--set", "run.stall_limit=00:00:02")
                os.kill(self.ranks(process)[which], signal.SIGSTOP)
                began = time.monotonic()
                code, out, err = self.finish(process, 40)
                self.assertEqual(code, 70, out + err)
                self.assertGreater(time.monotonic() - began, 1.5)
                self.assertIn("run.stall_limit", err)
                self.assertIn("step", err)
                shutil.rmtree(self.folder / "out")

    def test_whole_run_suspended(self):
        """Time in which nothing runs is no stall."""
        process = self.start_run("--set", "run.stall_limit=00:00:01", ranks=1)
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(3)
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(1)
        os.kill(process.pid, signal.SIGTERM)
        self.assertEqual(self.finish(process)[0], 75)

    def test_switched_off(self):
        process = self.start_run("--set", "run.stall_limit=00:00:00", ranks=2)
        stopped = self.ranks(process)[1]
        os.kill(stopped, signal.SIGSTOP)
        time.sleep(3)
        self.assertIsNone(process.poll())
        os.kill(stopped, signal.SIGCONT)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(self.finish(process)[0], 75)


if __name__ == "__main__":
    unittest.main()
