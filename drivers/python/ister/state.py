"""A state: the fields of a run at one time, in GeV and fm."""

import tomllib
from pathlib import Path

import numpy as np

from .errors import FileError, InputError
from .reading import attributes_of, datasets_of, plain, read_hdf5, values_of
from .units import COORDINATES, LONG_NAMES, quantity


class State:
    """One snapshot, read at once; the file is closed again.

    state["temperature"]   a field, indexed (z, y, x) without unresolved directions; `names`, `units(name)`
    coordinates            of the points by axis, x first: {"x": ..., "y": ...} [fm; eta without unit]
    time, step, geometry   [fm], number, "minkowski" or "milne": there uz and eta indices of pi carry a factor tau
    points, lower, upper   of the periodic box, x first
    attributes, deck       root attributes of the file; the resolved deck, where the file holds one
    verdicts               what the run says of its worth so far: {"balance": "good", ...}
    """

    def __init__(self, path, fields=None):
        """Reads all fields, or those of `fields` that the file holds. FileError where it is no state."""
        self.path = Path(path)
        read_hdf5(self.path, lambda file: self._read(file, fields))

    def _read(self, file, wanted):
        if plain(file.attrs.get("format")) != "ister-state":
            raise FileError(f"{self.path}: not an Ister state file")
        self.attributes = attributes_of(file)
        self._read_grid(self.attributes)
        self.deck = tomllib.loads(self.attributes.get("input", ""))
        datasets = {name: dataset for name, dataset in datasets_of(file["state"]).items() if name not in COORDINATES}
        self._quantities = {name: quantity(name, plain(dataset.attrs.get("units", "1")))
                            for name, dataset in datasets.items()}
        self._fields = {name: self._field(dataset, name) for name, dataset in datasets.items()
                        if wanted is None or name in wanted}

    def _read_grid(self, attributes):
        self.time, self.step = float(attributes["time"]), int(attributes["step"])
        self.geometry = attributes["geometry"]
        if self.geometry not in ("minkowski", "milne") or attributes.get("units", "natural") != "natural":
            raise FileError(f'{self.path}: geometry = "{self.geometry}", units = "{attributes.get("units")}", where '
                            f'"minkowski" or "milne" and "natural" are known')
        self.points = tuple(int(n) for n in np.atleast_1d(attributes["points"]))
        self.lower, self.upper = (np.atleast_1d(attributes[side]).astype(float) for side in ("lower", "upper"))
        box = np.concatenate([self.lower, self.upper])
        if not (1 <= len(self.points) <= 3 and len(box) == 2 * len(self.points) and min(self.points) > 1
                and np.isfinite(box).all() and np.isfinite(self.time)):
            raise FileError(f"{self.path}: points, lower, upper and time describe no grid")

    def _field(self, dataset, name):
        if dataset.shape != self.points[::-1] or dataset.dtype.kind not in "biuf":
            raise FileError(f"{self.path}: /state/{name} is not a field on the grid of the file")
        return self._quantities[name].factor * values_of(dataset).astype(float)

    @property
    def dimensions(self):
        return len(self.points)

    @property
    def axes(self):
        """Names of the resolved directions, x first."""
        return ("x", "y", "eta" if self.geometry == "milne" else "z")[:self.dimensions]

    @property
    def spacing(self):
        return (self.upper - self.lower) / self.points

    @property
    def coordinates(self):
        return {axis: a + d * np.arange(n) for axis, a, d, n in zip(self.axes, self.lower, self.spacing, self.points)}

    @property
    def verdicts(self):
        return {name.removeprefix("verdict_"): value for name, value in self.attributes.items()
                if name.startswith("verdict_")}

    @property
    def names(self):
        """Of the fields that were read."""
        return list(self._fields)

    def units(self, name):
        return self._quantities[name].units

    def __contains__(self, name):
        return name in self._fields

    def __getitem__(self, name):
        if name not in self._fields:
            raise InputError(f"{self.path}: {name} was not read or not stored (see output.fields); "
                             f"there are {', '.join(self.names)}")
        return self._fields[name]

    def part(self, name):
        """A component of the flow or the stress. Files of other programs leave out those that are zero."""
        if name in self or "input" in self.attributes:
            return self[name]
        return np.zeros(self.points[::-1])

    def four_velocity(self):
        """u^0 and (ux, uy, uz), components first."""
        u = np.stack([self.part(f"u{i}") for i in "xyz"])
        return np.sqrt(1.0 + np.sum(u * u, axis=0)), u

    def velocity(self):
        """v = u/u^0 [c], components first; in Milne coordinates its z component is tau u^eta/u^tau."""
        u0, u = self.four_velocity()
        return u / u0

    def pressure(self):
        """[GeV/fm^3] as stored, or by an equation of state that is a formula."""
        if "pressure" in self:
            return self["pressure"]
        eos = self.deck.get("eos", {})
        if eos.get("type") not in ("conformal", "constant_cs2"):
            raise InputError(f'{self.path}: the pressure is not stored; add "pressure" to output.fields')
        cs2 = 1.0 / 3.0 if eos["type"] == "conformal" else eos["cs2"]
        return cs2 * self["energy_density"]

    def to_xarray(self):
        """An xarray.Dataset: fields over their coordinates and the time, with units and long names."""
        import xarray

        dims = self.axes[::-1]
        coordinates = {axis: (axis, values) for axis, values in self.coordinates.items()}
        fields = {name: (dims, values, {"units": self.units(name), "long_name": self._quantities[name].long_name})
                  for name, values in self._fields.items()}
        data = xarray.Dataset(fields, {**coordinates, "time": self.time},
                              {"geometry": self.geometry, "step": self.step})
        for axis in (*self.axes, "time"):
            data[axis].attrs = {"units": COORDINATES[axis], "long_name": LONG_NAMES.get(axis, axis)}
        return data
