"""Surfaces of constant energy density and spectra of particles as tables."""

from pathlib import Path

from .errors import FileError
from .reading import attributes_of, datasets_of, plain, read_hdf5, values_of
from .table import Table
from .units import quantity

AREAS = {"milne": {"dS_tau": "fm^2", "dS_x": "fm^2", "dS_y": "fm^2", "dS_eta": "fm^3"},
         "minkowski": {"dS_t": "fm^3", "dS_x": "fm^3", "dS_y": "fm^3", "dS_z": "fm^3"}}
PLACES = {"tau": "fm", "t": "fm", "x": "fm", "y": "fm", "z": "fm", "eta": "1"}


def require_format(file, path, format_name, what):
    if plain(file.attrs.get("format")) != format_name:
        raise FileError(f"{path}: not {what} (format is not {format_name})")


def surface_of(group, path, geometry):
    """A level as a Table, in GeV and fm."""
    places = {**PLACES, **AREAS[geometry]}
    columns, units = {}, {}
    for name, dataset in datasets_of(group).items():
        if name == "slabs":
            continue
        known = quantity(name, plain(dataset.attrs.get("units", "1")))
        columns[name] = known.factor * values_of(dataset)
        units[name] = places.get(name, known.units)
    if len({column.shape for column in columns.values()}) != 1 or next(iter(columns.values())).ndim != 1:
        raise FileError(f"{path}: the columns of {group.name} are not of one length: the file is damaged")
    return Table(columns, units, attributes_of(group))


def level_of(name):
    return int(name.partition("_")[2] or 0)


def read_surfaces(path):
    """The levels of NAME_surface.h5 in the order of the deck, a Table each: a row for an element.

    Places and dS_mu (covariant, without metric factor, outward) in fm, densities and stresses in GeV/fm^3; `attributes`
    as in the file, natural: closure and `complete` tell whether the surface is whole.
    """
    path = Path(path)

    def read(file):
        require_format(file, path, "ister-surface", "a surface")
        geometry = plain(file.attrs["geometry"])
        levels = sorted((name for name in file if name.partition("_")[0] == "surface"), key=level_of)
        return [surface_of(file[name], path, geometry) for name in levels]

    return read_hdf5(path, read)


def read_particles(path):
    """What NAME_particles.h5 holds: {species: {name: array}}, arrays and units as in the file."""
    path = Path(path)

    def read(file):
        return {species: {**attributes_of(group), **{n: values_of(d) for n, d in datasets_of(group).items()}}
                for species, group in file.items()}

    return read_hdf5(path, read)
