#!/usr/bin/python3
"""The plans that a machine keeps: equal runs are equal in every bit, and no file of them stops a run.

Environment as in command.py.
"""

import os
import re
import unittest
from unittest import mock

import h5py
import numpy as np
import command


class WisdomTest(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.keep_plans_here()
        self.deck()

    def kept(self):
        return list((self.folder / "cache").glob("ister/wisdom-*"))

    def run_deck(self, name, *settings, ranks=1):
        """Standard error, and the last state."""
        settings = [word for setting in settings for word in ("--set", setting)]
        code, out, err = self.run_ister("run", "deck.toml", "--output", name, *settings, ranks=ranks)
        self.assertEqual(code, 0, out + err)
        with h5py.File(sorted((self.folder / name).glob("*_state_*.h5"))[-1], "r") as file:
            return err, {key: values[()] for key, values in file["state"].items()}

    def test_of_the_first_run_makes_the_next_one_equal(self):
        for ranks in (1, 2):
            states = []
            for attempt in range(2):
                err, state = self.run_deck(f"r{ranks}{attempt}", ranks=ranks)
                self.assertEqual(err.count("warning"), 0, err)
                states.append(state)
            for field, values in states[0].items():
                self.assertTrue(np.array_equal(values, states[1][field]), field)
        (file,) = self.kept()
        before = file.stat().st_mtime_ns
        self.run_deck("again")
        self.assertEqual(file.stat().st_mtime_ns, before, "nothing new to keep")

    def plans_of(self, name, which):
        """What FFTW knew of transforms by one codelet, as a checkpoint of a run keeps it."""
        with h5py.File(sorted((self.folder / name).glob("*_checkpoint_*.h5"))[which], "r") as file:
            wisdom = file.attrs["fftw_wisdom"]
        text = wisdom.decode() if isinstance(wisdom, bytes) else wisdom  # h5py of 2 and of 3
        return {line for line in text.split("\n") if "codelet_n1" in line}

    def test_of_a_checkpoint_comes_before_the_machines(self):
        _, state = self.run_deck("whole", "checkpoint.every_steps=2", "checkpoint.keep=100")
        (file,) = self.kept()
        text = file.read_text()
        file.write_text(re.sub(r"(n1[bf]v_\d+)_avx\w* ", r"\1_sse2 ", text))
        if file.read_text() == text:
            self.skipTest("this processor has codelets for one length of vectors only")
        middle = sorted((self.folder / "whole").glob("*_checkpoint_*.h5"))[1]
        code, out, err = self.run_ister("run", "deck.toml", "--output", "rest", "--restart", middle)
        self.assertEqual((code, err), (0, ""), out)
        self.assertEqual(self.plans_of("rest", -1), self.plans_of("whole", -1))
        with h5py.File(sorted((self.folder / "rest").glob("*_state_*.h5"))[-1], "r") as rest:
            self.assertTrue(all(np.array_equal(values[()], state[key]) for key, values in rest["state"].items()))
        self.run_deck("machine")
        self.assertNotEqual(self.plans_of("machine", -1), self.plans_of("whole", -1))

    def test_is_kept_by_runs_only_and_where_it_is_wanted(self):
        self.run_deck("off", "fftw.wisdom=false")
        self.assert_runs("check", "deck.toml")
        self.assert_runs("run", "deck.toml", "--output", "dry", "--dry-run")
        self.assertEqual(self.kept(), [])

    def test_that_is_of_no_use_is_said_and_replaced(self):
        self.run_deck("first")
        (file,) = self.kept()
        good = file.read_text()
        for bad in ("no wisdom", good[:len(good) // 2], good.replace("fftw-3", "fftw-9"), "(" * 100000):
            file.write_text(bad)
            err, _ = self.run_deck("bad", "run.name=n" + str(len(bad)), ranks=2)
            self.assertIn(f"warning: {file}: ", err)
            self.assertEqual(err.count("warning"), 1, err)
            self.assertEqual(self.run_deck("good", "run.name=n" + str(len(bad)))[0], "")

    def test_that_is_no_file_is_left_alone(self):
        self.run_deck("first")
        (file,) = self.kept()
        file.unlink()
        os.mkfifo(file)
        err, _ = self.run_deck("pipe")
        self.assertIn(f"warning: {file}: is a pipe", err)
        self.assertTrue(file.is_fifo())

    def test_has_no_need_of_a_home(self):
        environment = {key: value for key, value in command.ENVIRONMENT.items()
                       if key not in ("HOME", "XDG_CACHE_HOME")}
        with mock.patch.dict(command.ENVIRONMENT, environment, clear=True):
            self.assertEqual(self.run_deck("homeless")[0], "")
            self.assertFalse((self.folder / ".cache").exists())
        (self.folder / "cache").write_text("a file where the folder should be")
        self.assertEqual(self.run_deck("no_folder")[0], "")


if __name__ == "__main__":
    unittest.main()
