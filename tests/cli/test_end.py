#!/usr/bin/python3
"""When a run is over before `time.end`.

Environment as in command.py.
"""

import unittest

import h5py
from command import CommandTest, deck_head

GEV = 0.1973269804
DECK = deck_head("fireball", [16, 12], [4.0, 3.0], start=1.0, end=3.0, step=0.05) + """
stop_temperature = 0.17
[transport]
eta_over_s = 0.1
[initial]
type = "hot_spot"
temperature = 0.7
amplitude = 1.5
width = [1.0, 1.0]
[output]
every_steps = 1
"""


class StopTemperature(CommandTest):
    def hottest(self):
        """In GeV, by step."""
        temperatures = {}
        for path in self.outputs("fireball_state_*.h5"):
            with h5py.File(path) as file:
                temperatures[int(file.attrs["step"])] = GEV * file["state/temperature"][()].max()
        return temperatures

    def test_ends_where_nothing_is_hotter(self):
        self.write("deck.toml", DECK)
        said = self.assert_runs("run", "deck.toml", "--overwrite", ranks=(1, 3))
        self.assertIn("nothing is hotter than time.stop_temperature = 0.17 GeV", said)
        *before, last = self.hottest().values()
        self.assertLess(len(before), 40)
        self.assertGreater(min(before), 0.17)
        self.assertLessEqual(last, 0.17)
        self.assertIn("finished", self.assert_runs("run", "deck.toml", "--restart"))

    def test_goes_on_to_a_lower_one(self):
        self.write("deck.toml", DECK)
        self.assert_runs("run", "deck.toml")
        steps = len(self.hottest())
        self.assert_runs("run", "deck.toml", "--restart", "--set", "time.stop_temperature=0.16")
        self.assertGreater(len(self.hottest()), steps)


if __name__ == "__main__":
    unittest.main()
