"""Ensembles: the events of NAME_ensemble_*.h5 as one table, and what is kept of each."""

import re
import tomllib
from pathlib import Path

import numpy as np

from .errors import FileError, InputError
from .reading import attributes_of, datasets_of, read_hdf5, values_of
from .surface import level_of, require_format, surface_of
from .table import Table, history_quantity


def event_number(group):
    match = re.fullmatch(r"event_(\d+)", group)
    return int(match[1]) if match else None


class Ensemble:
    """Events of one deck in the order of their numbers.

    table        a row for an event: `event`, exit_code, energy [GeV], entropy, eps_2 ..., psi_2 ..., b [fm], npart,
                 steps, time [fm], wall [s], verdict_balance ..., message; not a number or "none" where unknown
    history(i)   of event number i, in GeV and fm
    surfaces(i)  its surfaces
    state(i)     its last state: fields by name, in units of the file
    deck, files  the resolved deck; where they are
    """

    def __init__(self, files):
        self.files = sorted(map(Path, files))
        self._file_of, rows = {}, {}
        for path in self.files:
            attributes, events = read_hdf5(path, lambda file, path=path: self._read(file, path))
            self.geometry = attributes["geometry"]
            self.deck = tomllib.loads(attributes.get("input", ""))
            self._file_of.update(dict.fromkeys(events, path))
            rows.update(events)
        self.table = self._table(dict(sorted(rows.items())))

    def __repr__(self):
        return f"ister.Ensemble({len(self._file_of)} events in {len(self.files)} files)"

    @staticmethod
    def _read(file, path):
        require_format(file, path, "ister-ensemble", "a file of an ensemble")
        groups = {number: file[name] for name in file if (number := event_number(name)) is not None}
        return attributes_of(file), {number: attributes_of(group) for number, group in groups.items()}

    @property
    def dimensions(self):
        return len(self.deck["grid"]["points"])

    def _table(self, rows):
        names = sorted({name for row in rows.values() for name in row})
        known = {name: history_quantity(name, self.dimensions, self.geometry) for name in names} if rows else {}
        units = {name: {"b": "fm", "wall": "s"}.get(name, unit) for name, (unit, _) in known.items()}
        columns = {"event": np.array(list(rows), dtype=int)}
        for name in names:
            column = np.array([row.get(name, np.nan) for row in rows.values()])
            columns[name] = column * known[name][1] if known[name][1] != 1.0 else column
        return Table(columns, {"event": "1", **units})

    def _of_event(self, number, read):
        if number not in self._file_of:
            raise InputError(f"{self.files[0].parent}: there is no event {number}")
        return read_hdf5(self._file_of[number], lambda file: read(file[f"event_{number}"]))

    @staticmethod
    def _group(event, name):
        if name not in event:
            raise InputError(f"{event.file.filename}: {event.name} holds no {name}: ensemble.keep names what is kept")
        return event[name]

    def history(self, number):
        def read(event):
            columns = {name: values_of(d) for name, d in datasets_of(self._group(event, "history")).items()}
            known = {name: history_quantity(name, self.dimensions, self.geometry) for name in columns}
            return Table({name: known[name][1] * column for name, column in columns.items()},
                         {name: unit for name, (unit, _) in known.items()})

        return self._of_event(number, read)

    def surfaces(self, number):
        def read(event):
            self._group(event, "surface")
            levels = sorted((name for name in event if name.partition("_")[0] == "surface"), key=level_of)
            return [surface_of(event[name], event.file.filename, self.geometry) for name in levels]

        return self._of_event(number, read)

    def state(self, number):
        return self._of_event(number, lambda event: {name: values_of(d) for name, d in
                                                     datasets_of(self._group(event, "state")).items()})


def open_ensemble(where, name=None):
    """The events of a folder, or of FOLDER/NAME, or of one file. FileError where there are none."""
    where = Path(where)
    if where.is_file():
        return Ensemble([where])
    if name is None and not where.is_dir():
        where, name = where.parent, where.name
    found = {}
    for path in where.glob("*_ensemble_*.h5"):
        if match := re.fullmatch(r"(.+)_ensemble_\d+\.h5", path.name):
            found.setdefault(match[1], []).append(path)
    if name is None and len(found) > 1:
        raise InputError(f"{where}: holds the ensembles {', '.join(sorted(found))}; choose one by its name")
    files = found.get(name) if name else next(iter(found.values()), None)
    if not files:
        raise FileError(f"{where}: holds no files {name or 'NAME'}_ensemble_<chunk>.h5")
    return Ensemble(files)
