"""The files of a run."""

import re
import tomllib
from functools import cached_property
from pathlib import Path

from .errors import FileError, InputError
from .reading import require_plain
from .state import State
from .surface import read_particles, read_surfaces
from .table import read_history


def run_names(folder):
    """Of the runs whose states or histories lie in a folder."""
    names = {m.group(1) for p in folder.iterdir() if (m := re.fullmatch(r"(.+)_state_\d{8}\.h5", p.name))}
    names |= {m.group(1) for p in folder.iterdir() if (m := re.fullmatch(r"(.+)_history\.csv", p.name))}
    return sorted(names)


class Run:
    """A run by its folder and name; everything is read when it is asked for.

    state_files, state(i)   paths of the states in time order; one of them (-1 is the last)
    states(fields)          all of them, one after the other
    history                 Table, a row for a step [GeV, fm]
    surfaces, particles     where the run has such files
    deck                    the resolved deck, as the states hold it
    """

    def __init__(self, folder, name):
        self.folder, self.name = Path(folder), name

    def __repr__(self):
        return f"ister.Run({str(self.folder / self.name)!r}, {len(self.state_files)} states)"

    @cached_property
    def state_files(self):
        return sorted(p for p in self.folder.iterdir()
                      if re.fullmatch(re.escape(self.name) + r"_state_\d{8}\.h5", p.name))

    def state(self, index=-1, fields=None):
        """One of `state_files` by its index; see State. InputError where there is none of that number."""
        if not -len(self.state_files) <= index < len(self.state_files):
            raise InputError(f"{self.folder / self.name}: no state number {index}, there are {len(self.state_files)}")
        return State(self.state_files[index], fields)

    def states(self, fields=None):
        return (State(path, fields) for path in self.state_files)

    @property
    def deck(self):
        return self.state(0, fields=()).deck

    @property
    def history_file(self):
        return self.folder / f"{self.name}_history.csv"

    @cached_property
    def history(self):
        if not self.state_files:
            return read_history(self.history_file)
        first = self.state(0, fields=())
        return read_history(self.history_file, first.dimensions, first.geometry)

    @property
    def surfaces(self):
        return read_surfaces(self.folder / f"{self.name}_surface.h5")

    @property
    def particles(self):
        return read_particles(self.folder / f"{self.name}_particles.h5")

    def to_xarray(self, fields=None):
        """All states as one xarray.Dataset along the time."""
        import xarray

        return xarray.concat([state.to_xarray() for state in self.states(fields)], "time",
                             combine_attrs="drop_conflicts")


def place_of(deck, settings=None):
    """Folder and name of the run of a deck; `settings` {"section.key": value} come before its keys."""
    require_plain(Path(deck))
    try:
        keys = tomllib.loads(Path(deck).read_text(encoding="utf-8")).get("run", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{deck}: {error}") from error
    keys.update({key.removeprefix("run."): value for key, value in (settings or {}).items() if key.startswith("run.")})
    name = keys.get("name", "run")
    return Path(keys.get("output", Path("out") / name)), name


def open_run(where, name=None):
    """The run of a folder that holds one, or one of that name; of FOLDER/NAME; of a deck (.toml).

    FileError where there is no such folder, InputError where it holds no such run.
    """
    folder = where = Path(where)
    if where.suffix == ".toml":
        folder, name = place_of(where)
    elif name is None and not folder.is_dir():
        folder, name = folder.parent, folder.name
    if not folder.is_dir():
        raise FileError(f"{where}: no such folder, and no run of that name")
    names = run_names(folder)
    if name is None and len(names) > 1:
        raise InputError(f"{folder}: holds the runs {', '.join(names)}; choose one by its name")
    if not names or (name is not None and name not in names):
        known = f" (there are: {', '.join(names)})" if names else ""
        raise InputError(f"{folder}: no state files or history of a run{' ' + name if name else ''}{known}")
    return Run(folder, name or names[0])
