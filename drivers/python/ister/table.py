"""Columns by name, with units: the history of a run, surfaces, spectra."""

import csv
import re

import numpy as np

from .errors import InputError
from .reading import require_plain
from .units import HBAR_C, missing_lengths


class Table(dict):
    """Columns of equal length by name: `table["eps_p"]`, `table.units["eps_p"]`; pandas.DataFrame(table) takes it."""

    def __init__(self, columns, units, attributes=None):
        super().__init__(columns)
        self.units, self.attributes = units, attributes or {}

    @property
    def rows(self):
        return len(next(iter(self.values()), ()))


def read_csv(path, needed, what):
    """Columns by name of a table with a header line; lines that begin with # are comments."""
    require_plain(path)
    try:
        with open(path, newline="", encoding="utf-8") as file:
            numbered = [(number + 1, line) for number, line in enumerate(file) if not line.startswith("#")]
        rows = list(csv.reader(line for _, line in numbered))
        values = [[float(v) for v in row] for row in rows[1:]]
    except (ValueError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error
    if not values or needed not in rows[0]:
        raise InputError(f"{path}: no {what} in it (a header line with a column {needed}, then rows)")
    for (number, _), row in zip(numbered[1:], values):
        if len(row) != len(rows[0]):
            raise InputError(f"{path}: line {number} has {len(row)} values, the header {len(rows[0])}")
    return dict(zip(rows[0], np.array(values).T))


def history_quantity(column, dimensions, geometry):
    """Units of a column of the history, and the factor to them from those of the file."""
    missing = missing_lengths(dimensions, geometry)
    column = re.sub(r"_\d+$", "", column)  # the number of a surface
    if column == "energy" or column.endswith("_energy") or column.startswith("momentum_"):
        return ("GeV", "GeV/fm", "GeV/fm^2")[missing], HBAR_C
    if column in ("e_max", "e_min"):
        return "GeV/fm^3", HBAR_C
    if column == "mean_T":
        return "GeV", HBAR_C
    known = {"time": "fm", "dt": "fm", "hot_area": f"fm^{dimensions}", "surface_volume": f"fm^{3 - missing}"}
    return known.get(column, "1"), 1.0


def read_history(path, dimensions=3, geometry="minkowski"):
    """The history of a run as a Table in GeV and fm; what it integrates depends on the grid."""
    columns = read_csv(path, "time", "history")
    known = {name: history_quantity(name, dimensions, geometry) for name in columns}
    return Table({name: known[name][1] * column for name, column in columns.items()},
                 {name: units for name, (units, _) in known.items()})
