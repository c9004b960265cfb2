#!/usr/bin/python3
"""A driven run with an observer of Fourier modes: its file, a kill and a restart, and what is refused.

Environment as in command.py.
"""

import csv
import unittest

import h5py
import numpy as np
import command

DECK = """
[run]
name = "driven"
output = "out"
[grid]
points = [32, 12]
lower = [0.0, 1.0]
upper = [6.0, 4.0]
[time]
end = 4.0
step = 0.01
[transport]
eta_over_s = 0.1
[initial]
type = "uniform"
temperature = 1.0
[drive]
tones = [{ component = "x", mode = [1, 0], omega = 0.5, amplitude = 1e-4 },
         { component = "y", mode = [2, 1], omega = 1.5, amplitude = 2e-4, phase = 0.3 }]
[observers.modes]
wavevectors = [[1, 0], [2, 1], [0, 0]]
fields = ["energy_density", "T0x", "T0y"]
every_steps = 4
[history]
every_steps = 50
[checkpoint]
every_steps = 30
keep = 100
"""
TONES = 'drive.tones=[{ component = "x", mode = [1, 0], omega = 0.5, amplitude = 2e-4 }]'


class ObserversTest(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.keep_plans_here()
        self.write("deck.toml", DECK)

    def modes(self, folder="out"):
        with h5py.File(self.folder / folder / "driven_observers.h5", "r") as file:
            return {name: values[()] for name, values in file["modes"].items()}, dict(file["modes"].attrs)

    def assert_same(self, folder):
        whole, _ = self.modes("out")
        other, _ = self.modes(folder)
        for name, values in whole.items():
            self.assertTrue(np.array_equal(values, other[name]), name)
        for name in ("driven_history.csv",):
            self.assertEqual((self.folder / "out" / name).read_text(), (self.folder / folder / name).read_text())

    def test_file_history_and_restart(self):
        self.assert_runs("run", "deck.toml")
        modes, attributes = self.modes()
        self.assertEqual(modes["amplitude"].shape, (101, 3, 3))
        self.assertEqual(modes["amplitude"].dtype, np.complex128)
        self.assertEqual(list(modes["step"]), list(range(0, 401, 4)))
        self.assertEqual(attributes["fields"], "energy_density T0x T0y")
        self.assertEqual(list(attributes["wavevectors"]), [1, 0, 0, 2, 1, 0, 0, 0, 0])

        # The last snapshot has the same modes.
        with h5py.File(self.outputs("driven_state_*.h5")[-1], "r") as file:
            energy = file["state/energy_density"][()]
        transform = np.fft.fft2(energy) / energy.size
        for mode, index in enumerate(((0, 1), (1, 2), (0, 0))):
            self.assertLess(abs(modes["amplitude"][-1, mode, 0] - transform[index]), 1e-12 * energy.max())

        # The work of the force is all that the energy gains.
        with open(self.folder / "out/driven_history.csv", encoding="ascii") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([int(row["step"]) for row in rows], list(range(0, 401, 50)))
        self.assertGreater(float(rows[-1]["drive_energy"]), 0)
        self.assertLess(abs(float(rows[-1]["balance"])), 1e-9)

        # Killed somewhere, and gone on with: bit for bit; the file that was there is no obstacle.
        self.kill_when(lambda: list((self.folder / "killed").glob("driven_checkpoint_0000012*")), "run", "deck.toml",
                       "--output", "killed", "--set", "time.step=0.01")
        self.assert_runs("run", "deck.toml", "--output", "killed", "--restart")
        self.assert_same("killed")
        steps = "driven_checkpoint_00000150.h5"
        self.assert_runs("run", "deck.toml", "--output", "killed", f"--restart={self.folder}/killed/{steps}")
        self.assert_same("killed")

        # What the checkpoint counts on must be there.
        checkpoint = f"--restart={self.folder}/out/driven_checkpoint_00000210.h5"
        self.damage(self.folder / "out/driven_observers.h5")
        self.assert_refused(3, ["driven_observers.h5", "modes", "53 rows"], "run", "deck.toml", checkpoint)
        (self.folder / "out/driven_observers.h5").unlink()
        self.assert_refused(3, ["driven_observers.h5"], "run", "deck.toml", checkpoint)

        # Neither force nor observers may change.
        for setting, word in ((TONES, "drive.tones"), ("observers.modes.every_steps=5", "observers.modes.every_steps")):
            self.assert_refused(2, [word], "run", "deck.toml", "--output", "killed", "--restart", "--set", setting,
                                ranks=(1,))

    def test_refuses(self):
        tone = 'drive.tones=[{ component = "x", mode = [1, 0], omega = 0.5, amplitude = 1e-4 }]'
        for setting, words in (
                (tone.replace("omega", "omgea"), ["omgea", "did you mean omega"]),
                (tone.replace('"x"', '"w"'), ["component", '"x", "y", "z"']),
                (tone.replace(", omega = 0.5", ""), ["needs omega"]),
                (tone.replace("[1, 0]", "[1, 0, 1]"), ["drive.tones", "along z", "at most 0"]),
                (tone.replace("[1, 0]", "[16, 0]"), ["drive.tones", "along x", "at most 15"]),
                (tone.replace("1e-4", '"much"'), ["amplitude must be a number"]),
                ("drive.tones=[3]", ["drive.tones", "table"]),
                ("drive.tone=[]", ["unknown key drive.tone", "drive.tones"]),
                ("observers.modes.wavevectors=[[0, 6]]", ["observers.modes.wavevectors", "along y", "at most 5"]),
                ("observers.modes.wavevectors=[1, 0]", ["observers.modes.wavevectors", "wavevectors"]),
                ('observers.modes.fields=["energy"]', ["observers.modes.fields", "energy_density"]),
                ("observers.modes.every_steps=0", ["observers.modes.every_steps", "1"])):
            self.assert_refused(2, words, "check", "deck.toml", "--set", setting, ranks=(1,))

    def test_resolved_input_reads_back(self):
        self.assert_runs("run", "deck.toml", "--set", "time.end=0.02")
        with h5py.File(self.outputs("driven_state_*.h5")[0], "r") as file:
            self.write("again.toml", str(file.attrs["input"]))
        self.assert_runs("run", "again.toml", "--output", "again")
        first, _ = self.modes("out")
        second, _ = self.modes("again")
        self.assertTrue(np.array_equal(first["amplitude"], second["amplitude"]))


if __name__ == "__main__":
    unittest.main()
