#!/usr/bin/python3
"""`--help` of the analyses names every array that they write, and every line of it fits into 116 columns.

Environment as in test_errors.py.
"""

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


if __name__ == "__main__":
    unittest.main()
