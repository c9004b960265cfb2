#!/usr/bin/python3
"""`ister analyze angles`: which angles and wavevectors it selects, against NumPy, and what it says about wrong input."""

import unittest

import h5py
import numpy as np

from command import CommandTest


class AnglesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.random = np.random.default_rng(1)
        self.phi = self.random.uniform(-180, 180, (70, 100))
        self.phi[3, 4] = np.nan
        self.k = self.random.normal(size=(2, 500))
        with h5py.File(self.folder / "angles.h5", "w") as file:
            file["scan/phi"] = self.phi
            file["kx"], file["ky"] = self.k
            file["short"], file["empty"] = self.k[0, :10], np.zeros(0)

    def selected(self, *arguments):
        output = self.assert_runs("analyze", "angles", "angles.h5", *arguments, "-o", "out.h5")
        with h5py.File(self.folder / "out.h5") as file:
            return file["index"][:].astype(int), file["angle"][:], dict(file.attrs), output

    @staticmethod
    def inside(phi, lower, upper, period=360):
        width = (upper - lower) % period
        return (np.mod(phi - lower, period) <= width) | (np.mod(upper - phi, period) <= width)

    def test_ranges_against_numpy(self):
        phi = self.phi.ravel()
        expected = np.flatnonzero(self.inside(phi, -10, 10) | self.inside(phi, 170, -170))
        for engine in ("auto", "scalar", "vector", "parallel"):
            index, angle, attributes, _ = self.selected("--dataset", "scan/phi", "--range", "-10:10", "170:-170",
                                                        "--engine", engine)
            np.testing.assert_array_equal(index, expected)
            np.testing.assert_array_equal(angle, phi[expected])
            self.assertEqual(attributes["angles"], phi.size)

    def test_axes_against_numpy(self):
        phi = self.phi.ravel()
        index, *_ = self.selected("--dataset", "/scan/phi", "--range", "80:100", "--axial")
        np.testing.assert_array_equal(index, np.flatnonzero(self.inside(phi, 80, 100, 180)))

    def test_wavevectors_in_shells_against_numpy(self):
        angle, length = np.degrees(np.arctan2(self.k[1], self.k[0])), np.hypot(*self.k)
        index, *_ = self.selected("--kx", "kx", "--ky", "ky", "--shell", "0.5:1", "1.5:2", "--range=-45:45")
        shells = ((length >= 0.5) & (length <= 1)) | ((length >= 1.5) & (length <= 2))
        np.testing.assert_array_equal(index, np.flatnonzero(shells & self.inside(angle, -45, 45)))

    def with_units(self, name, values, units):
        with h5py.File(self.folder / "angles.h5", "a") as file:
            file.pop(name, None)
            file[name] = values
            if units is not None:
                file[name].attrs["units"] = units

    def test_units_of_angles(self):
        degrees = np.arange(-175.0, 180.0, 5.0)
        expected = np.flatnonzero(np.abs(degrees) <= 30)  # both ends are in, whatever the rounding
        for units, values in (("radian", np.radians(degrees)), ("Radians", np.radians(degrees)),
                              ("deg", degrees), ("degree", degrees), (np.bytes_("mrad"), 1000 * np.radians(degrees))):
            self.with_units("named", values, units)
            index, angle, *_ = self.selected("--dataset", "named", "--range", "-30:30")
            np.testing.assert_array_equal(index, expected)
            np.testing.assert_array_equal(angle, degrees[expected])
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(file["angle"].attrs["units"], "degrees")
        self.with_units("named", np.radians(degrees), None)
        index, *_ = self.selected("--dataset", "named", "--range", "-30:30", "--units", "rad")
        np.testing.assert_array_equal(index, expected)
        self.with_units("named", np.radians(degrees), "degrees")  # says so wrongly
        index, _, _, output = self.selected("--dataset", "named", "--range", "-30:30", "--units", "radians")
        np.testing.assert_array_equal(index, expected)
        self.assertIn('warning: angles.h5: named says that its units are "degrees"', output)
        for units in ("turns", "1/nm", "gon"):
            self.with_units("named", degrees, units)
            self.assert_refused(2, ["angles.h5: named", f'"{units}"', "radians", "--units"], "analyze", "angles",
                                "angles.h5", "--dataset", "named", "--range", "0:9", "-o", "out.h5", ranks=(1,))

    def test_units_of_wavevectors(self):
        select = ("--kx", "qx", "--ky", "qy", "--shell", "0.5:1", "--range=-45:45")
        angle, length = np.degrees(np.arctan2(self.k[1], self.k[0])), np.hypot(*self.k)
        expected = np.flatnonzero((length >= 0.5) & (length <= 1) & (np.abs(angle) <= 45))
        for x, y, factor in (("1/nm", "nm^-1", 1.0), ("1/Angstrom", "1/nm", 10.0), ("A^-1", "1/fm", 1e-5),
                             ("1/nm", None, 1.0), (None, "1/nm", 1.0)):
            self.with_units("qx", self.k[0], x)
            self.with_units("qy", factor * self.k[1], y)
            index, *_ = self.selected(*select)
            np.testing.assert_array_equal(index, expected)
        self.with_units("qx", self.k[0], "1/nm")
        self.with_units("qy", self.k[1], "degrees")
        self.assert_refused(2, ["angles.h5: qy", '"degrees"', "1/Angstrom", "--units"], "analyze", "angles", "angles.h5",
                            *select, "-o", "out.h5")
        index, *_ = self.selected(*select, "--units", "1/nm")
        np.testing.assert_array_equal(index, expected)

    def test_no_match(self):
        arguments = ("--dataset", "short", "--range", "100:101")
        self.assert_refused(2, ["angles.h5: short with --range 100:101", "no angle"], "analyze", "angles", "angles.h5",
                            *arguments, "-o", "out.h5")
        self.assertFalse((self.folder / "out.h5").exists())
        index, _, attributes, output = self.selected(*arguments, "--if-none", "all")
        np.testing.assert_array_equal(index, np.arange(10))
        self.assertEqual(attributes["none_matched"], 1)
        self.assertIn("warning", output)

    def test_wrong_input(self):
        command, end = ("analyze", "angles", "angles.h5"), ("-o", "out.h5")
        for words, arguments in (
                (["nothing", "scan/phi"], ("--dataset", "nothing", "--range", "0:1")),
                (["--range", "abc", "LOWER:UPPER"], ("--dataset", "short", "--range", "abc")),
                (["--range", "1:2:3"], ("--dataset", "short", "--range", "1:2:3")),
                (["--range", "nan"], ("--dataset", "short", "--range", "nan:3")),
                (["degrees", "1e+06"], ("--dataset", "short", "--range", "0:3e9")),
                (["--range"], ("--dataset", "short")),
                (["--dataset", "--kx"], ("--range", "0:1")),
                (["kx", "500", "short", "10"], ("--kx", "kx", "--ky", "short", "--range", "0:1")),
                (["--shell"], ("--kx", "kx", "--ky", "ky", "--shell", "3:1")),
                (["--engine", '"fast" is not one of auto, scalar, vector, parallel'],
                 ("--dataset", "short", "--range", "0:1", "--engine", "fast")),
                (["--if-none", '"some" is not one of error, all'],
                 ("--dataset", "short", "--range", "0:1", "--if-none", "some")),
                (["angles.h5", "empty is empty"], ("--dataset", "empty", "--range", "0:1", "--if-none", "all"))):
            self.assert_refused(2, words, *command, *arguments, *end, ranks=(1,))
        self.assert_refused(3, ["missing.h5"], "analyze", "angles", "missing.h5", "--dataset", "a", "--range", "0:1", *end)
        self.write("text.h5", "text")
        self.assert_refused(3, ["text.h5"], "analyze", "angles", "text.h5", "--dataset", "a", "--range", "0:1", *end,
                            ranks=(1,))


if __name__ == "__main__":
    unittest.main(verbosity=2)
