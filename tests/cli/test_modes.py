#!/usr/bin/python3
"""`ister modes`: branches, fronts and verdicts of the fluid of a deck, and of a state of a run.

Environment as in command.py.
"""

import csv
import io
import math
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
from command import CommandTest, deck_head

DECK = deck_head("waves", [16, 12], [4.0, 3.0], geometry="minkowski", end=0.1, step=0.05) + """
[transport]
eta_over_s = 0.2
[initial]
type = "uniform"
temperature = 1.0
"""
PLOT = Path(__file__).resolve().parents[2] / "drivers/plot/plot.py"
ACAUSAL = ("--set", "transport.tau_pi_coefficient=1")


class ModesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("deck.toml", DECK)

    def table(self, *arguments, ranks=(1,)):
        """Columns by name, and the comment lines."""
        self.assert_runs("modes", "deck.toml", "--csv", "out.csv", *arguments, ranks=ranks)
        lines = (self.folder / "out.csv").read_text(encoding="utf-8").splitlines()
        comments = [line for line in lines if line.startswith("#")]
        rows = list(csv.reader(io.StringIO("\n".join(lines[len(comments):]))))
        return dict(zip(rows[0], np.array(rows[1:], dtype=float).T)), "\n".join(comments)

    def test_branches(self):
        table, comments = self.table(ranks=(1, 3))
        self.assertIn("causal", comments)
        k = table["k"]
        self.assertEqual((len(k), k[0], k[-1]), (81, 0.01, 100))
        names = [f"{letter}{i}" for letter in "LT" for i in range(3)]
        self.assertEqual(list(table), ["k", *(f"{n}_{part}" for n in names for part in ("re", "im")),
                                       *(f"{n}_group" for n in names)])
        # The telegraph equation: tau_pi lambda^2 + lambda + D k^2 = 0, tau_pi = 1 fm, D = 0.2 fm.
        root = np.sqrt(1 - 0.8 * k**2 + 0j)
        expected = np.array([-0.5j * (1 + s * root) for s in (-1, 1)])
        found = np.array([table[f"T{i}_re"] + 1j * table[f"T{i}_im"] for i in range(2)])
        for row in range(len(k)):
            for value in expected[:, row]:
                self.assertLess(min(abs(found[:, row] - value)), 1e-12 * abs(value) + 1e-15)
        self.assertLess(abs(table["L0_group"][0] - 3**-0.5), 1e-4)

    def test_verdicts(self):
        text = self.assert_runs("modes", "deck.toml")
        for words in ("verdict: causal", "0.77459667", "verdict: stable", "k = 1.118033989/fm", "T = 197.327 MeV"):
            self.assertIn(words, text)
        text = self.assert_runs("modes", "deck.toml", *ACAUSAL)
        self.assertRegex(text, "verdict: acausal: at rest fronts have 1.29099[0-9]* times the speed of light")
        self.assertIn("verdict: stable", text)
        text = self.assert_runs("modes", "deck.toml", *ACAUSAL, "--velocity", 0.8)
        self.assertIn("verdict: acausal", text)
        self.assertRegex(text, r"verdict: unstable: waves grow from k = 0\.01/fm on")

    def test_backgrounds(self):
        moving = self.assert_runs("modes", "deck.toml", "--velocity", 0.5, "--angle", math.pi / 2, "--temperature", 2)
        for words in ("v = 0.5 at 1.5708 rad", "T = 394.654 MeV", "tau_pi = 0.5 fm", "L5"):
            self.assertIn(words, moving)
        gev = ("--set", "units.system=gev-fm", "--set", "initial.temperature=0.2")
        self.assertIn("T = 200 MeV", self.assert_runs("modes", "deck.toml", *gev))
        self.assertIn("e = 3 GeV", self.assert_runs("modes", "deck.toml", *gev, "--energy-density", 3))
        table, _ = self.table("--k", 1, 2, 5, "--set", "transport.eta_over_s=0")
        self.assertEqual(list(table)[:4], ["k", "L0_re", "L0_im", "L1_re"])
        self.assertEqual(len(table["k"]), 5)

    def test_refuses(self):
        for case, (words, options) in enumerate((
                (["--velocity", "below 1"], ("--velocity", 1)),
                (["--temperature", "positive"], ("--temperature", "nan")),
                (["--temperature", "--energy-density"], ("--temperature", 1, "--energy-density", 1)),
                (["--k", "MIN < MAX"], ("--k", 2, 1, 10)),
                (["--k", "whole number"], ("--k", 1, 2, 2.5)))):
            self.assert_refused(2, words, "modes", "deck.toml", *options, ranks=self.ranks_of(case))
        self.assert_refused(2, ["INPUT.toml is missing"], "modes", ranks=(1,))
        self.assert_refused(3, ["no/folder"], "modes", "deck.toml", "--csv", "no/folder/x.csv")
        self.assert_refused(3, ["state.h5"], "modes", "deck.toml", "--state", "state.h5")

    def test_picture(self):
        self.table("--velocity", 0.5)
        command = [sys.executable, str(PLOT), "out.csv"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        self.assertEqual((self.folder / "out.png").read_bytes()[1:4], b"PNG")
        self.write("out.csv", "# nothing\nx,y\n1,2\n")
        failed = subprocess.run(command, cwd=self.folder, check=False, capture_output=True, text=True)
        self.assertEqual(failed.returncode, 2)
        self.assertIn("a column k", failed.stderr)

    def test_example(self):
        line, = [s for s in self.assert_runs("modes", "--help").splitlines() if s.startswith("Example: ister ")]
        self.assert_runs(*line.removeprefix("Example: ister ").split())
        self.assertTrue((self.folder / "modes.csv").is_file())


if __name__ == "__main__":
    unittest.main(verbosity=2)
