#!/usr/bin/python3
"""cluster/mpirun.sh: an mpirun that hangs is started once more, a program that fails or hangs is not. With a stand-in
for mpirun, and four seconds in place of the script's minute."""

import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "cluster" / "mpirun.sh"
STAND_IN = """#!/bin/bash
# Hangs the first $1 times.
echo "$@" >>calls
(($(wc -l <calls) > $1)) || exec sleep 100
while [[ $1 != -n ]]; do shift; done
for ((i = 1; i < $2; i++)); do "${@:3}" & done
exec "${@:3}"
"""


class LauncherTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_mpirun_"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name, text in (("stand-in", STAND_IN),
                           ("mpirun.sh", SCRIPT.read_text().replace("patience=60", "patience=4"))):
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)

    def start(self, hangs, *program, ranks=3):
        return subprocess.Popen(["./mpirun.sh", "./stand-in", str(hangs), "-n", str(ranks), *program], cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run_script(self, hangs, *program):
        """Exit code, output, and how often mpirun was started."""
        process = self.start(hangs, *program)
        out = process.communicate(timeout=60)[0]
        return process.returncode, out, (self.folder / "calls").read_text().splitlines()

    def test_code_and_words_pass(self):
        code, out, calls = self.run_script(0, "sh", "-c", 'echo "<$1>"; exit 7', "sh", "a b")
        self.assertEqual((code, len(calls)), (7, 1))
        self.assertIn("<a b>", out)

    def test_a_launcher_that_hangs(self):
        code, out, calls = self.run_script(1, "sh", "-c", "exit 4")
        self.assertEqual((code, len(calls)), (4, 2))
        self.assertIn("has not started 3 ranks", out)

    def test_a_launcher_that_hangs_again(self):
        code, _, calls = self.run_script(2, "true")
        self.assertEqual(len(calls), 2)
        self.assertNotEqual(code, 0)

    def test_a_program_that_takes_long(self):
        code, _, calls = self.run_script(0, "sleep", "6")
        self.assertEqual((code, len(calls)), (0, 1))

    def test_signals_pass(self):
        process = self.start(0, "sh", "-c", "trap 'exit 75' USR1; touch up; while :; do sleep 0.1; done", ranks=1)
        while not (self.folder / "up").exists():
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGUSR1)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75)


if __name__ == "__main__":
    unittest.main()
