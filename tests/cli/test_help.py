#!/usr/bin/python3
"""`--help` of the analyses names every array that they write, and every line of it fits into 116 columns.

Environment as in command.py.
"""

import json
import unittest

import h5py
import numpy as np
from test_analyze_states import StateFiles


class HelpTest(StateFiles):
    def assert_help_names_arrays(self, *command, arguments):
        self.assert_runs(*command, *arguments, "-o", "out.h5")
        text = self.assert_runs(*command, "--help")
        self.assertLessEqual(max(map(len, text.splitlines())), 116)
        with h5py.File(self.folder / "out.h5") as file:
            names = []
            file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        words = set(text.replace(",", " ").replace(";", " ").replace("(", " ").replace(".", " ").split())
        for name in names:
            self.assertIn(name, words, text)

    def setUp(self):
        super().setUp()
        self.states = [self.write_state(f"s_{i}.h5", {"energy_density": self.wave(0.5 + 0.1 * i)}, time=0.1 * i)
                       for i in range(6)]
        with h5py.File(self.folder / "records.h5", "w") as file:
            file["x"] = np.sin(np.arange(60.0)).reshape(30, 2)

    def test_states(self):
        self.assert_help_names_arrays("analyze", "spectrum", arguments=self.states)
        self.assert_help_names_arrays("analyze", "g2", arguments=[*self.states, "--shells", 2, 2])
        self.assert_help_names_arrays("analyze", "probes", arguments=[*self.states, "--spectrum", "--tone", "3"])

    def test_records(self):
        self.assert_help_names_arrays("analyze", "correlate", arguments=["records.h5", "--x", "x", "--complex"])
        self.assert_help_names_arrays("analyze", "correlate", arguments=["records.h5", "--x", "x", "--pearson"])
        self.assert_help_names_arrays("analyze", "angles", arguments=["records.h5", "--dataset", "x", "--range", "0:9"])

    def test_volterra(self):
        self.assert_help_names_arrays("analyze", "volterra", "excite",
                                      arguments=["--method", "second-order", "--taps", 8])


class ExampleTest(StateFiles):
    """Every analysis has an example in its help, and it runs on files that are as it says."""

    def examples(self, *command):
        lines = [line for line in self.assert_runs(*command, "--help").splitlines() if line.startswith("Example: ")]
        self.assertTrue(lines, f"no example in the help of {' '.join(command)}")
        for line in lines:
            words = line.removeprefix("Example: ").split()
            self.assertEqual(tuple(words[:len(command) + 1]), ("ister", *command))
            yield words[1:]

    def run_examples(self, *command):
        for words in self.examples(*command):
            with self.subTest(words=words):
                self.assert_runs(*words)

    def write_runs(self, *folders):
        for folder in folders:
            (self.folder / folder).mkdir()
            random = np.random.default_rng(5)
            for step in range(8):
                fields = {"energy_density": 3 + 0.1 * random.normal(size=(12, 16)), "ux": self.wave(0.1), "uy": self.wave(0.2)}
                self.write_state(f"{folder}/r_state_{step:08d}.h5", fields, time=0.1 * step)

    def test_runs(self):
        self.write_runs("run", "other_run")
        for name in ("compare", "spectrum", "g2", "probes", "sonify"):
            self.run_examples("analyze", name)

    def test_data(self):
        random = np.random.default_rng(1)
        with h5py.File(self.folder / "data.h5", "w") as file:
            file["signal"] = random.normal(size=200)
            file["phi"], file["kx"], file["ky"] = random.uniform(-180, 180, 50), *random.normal(size=(2, 500))
        for name in ("correlate", "angles"):
            self.run_examples("analyze", name)

    def test_volterra(self):
        self.run_examples("analyze", "volterra", "excite")
        with h5py.File(self.folder / "kernel.h5", "w") as file:
            file["h"] = np.ones((2, 8))
        self.run_examples("analyze", "volterra", "apply")
        (self.folder / "kernel.h5").unlink()
        self.run_examples("analyze", "volterra", "identify")

    def test_bench(self):
        entries = [{"name": "x", "real_time": 1.0 + i, "time_unit": "s"} for i in range(3)]
        results = {"context": {"machine_fingerprint": "0f", "date": "2026-01-01"}, "benchmarks": entries}
        for folder in ("base_runs", "new_runs"):
            (self.folder / folder).mkdir()
            for run in range(2):
                (self.folder / folder / f"{run}.json").write_text(json.dumps(results))
        self.run_examples("bench", "compare")
        self.run_examples("bench", "history")

    def test_fit(self):
        """Parsed to the end: what is wrong with it is that its file is not there."""
        for words in self.examples("analyze", "fit"):
            code, out, err = self.run_ister(*words)
            self.assertEqual(code, 3, out + err)

    def test_no_analysis_is_left_out(self):
        text = self.assert_runs("analyze", "--help")
        names = {line.split()[0] for line in text[text.index("Subcommands"):].splitlines()[1:] if line.startswith("  ")}
        tested = {"compare", "spectrum", "g2", "probes", "sonify", "correlate", "angles", "volterra", "fit"}
        self.assertEqual(names & tested, tested)
        for name in names - tested:
            list(self.examples("analyze", name))


if __name__ == "__main__":
    unittest.main()
