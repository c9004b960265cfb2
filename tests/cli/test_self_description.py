#!/usr/bin/python3
"""Files of a run that explain themselves: vectors for ParaView, series for xarray, the equation of state beside the run.

Environment as in command.py.
"""

import unittest
import xml.etree.ElementTree as xml

import h5py
import numpy as np
from command import DECK, CommandTest

OBSERVED = '[observers.modes]\nwavevectors = [[1, 0], [2, 1]]\nfields = ["energy_density", "T0x", "T0y"]\n'


class NeighboursTest(CommandTest):
    """What stands beside the states."""

    def setUp(self):
        super().setUp()
        self.write("deck.toml", DECK + OBSERVED)
        self.assert_runs("run", "deck.toml")

    def test_paraview_finds_the_flow_as_a_vector(self):
        vectors = xml.parse(self.folder / "out" / "small.xdmf").findall(".//Attribute[@AttributeType='Vector']")
        self.assertEqual([vector.get("Name") for vector in vectors], ["u", "u"])  # of the first and of the last state
        join = vectors[-1].find("DataItem")
        self.assertEqual((join.get("Function"), join.get("Dimensions")), ("JOIN($0, $1, $2)", "1 12 16 3"))
        places = [item.text for item in join.findall("DataItem")]
        self.assertEqual([place.rpartition("/")[2] for place in places], ["ux", "uy", "uz"])
        for place in places:
            file, _, name = place.partition(":/")
            with h5py.File(self.folder / "out" / file) as state:
                self.assertEqual(state[name].shape, (12, 16))

    def test_the_equation_of_state_is_that_of_ister_eos(self):
        self.assert_runs("eos", "deck.toml", "--output", "eos.csv")
        self.assertEqual((self.folder / "out" / "small_eos.csv").read_text(), (self.folder / "eos.csv").read_text())

    def test_series_have_dimension_scales(self):
        path = self.folder / "out" / "small_observers.h5"
        with h5py.File(path) as file:
            modes = file["modes"]
            self.assertEqual([d[0].name for d in modes["amplitude"].dims], ["/modes/time", "/modes/mode", "/modes/field"])
            self.assertEqual(modes["step"].dims[0][0].name, "/modes/time")
            amplitude = modes["amplitude"][()]
        try:
            import h5netcdf  # noqa: F401
            import xarray
        except ImportError:
            self.skipTest("python3-xarray or python3-h5netcdf is missing")
        with xarray.open_dataset(path, group="modes") as data:
            self.assertEqual(data["amplitude"].dims, ("time", "mode", "field"))
            self.assertEqual(data["time"].units, "fm")
            np.testing.assert_array_equal(data["amplitude"].values, amplitude)


if __name__ == "__main__":
    unittest.main()
