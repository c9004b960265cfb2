"""Initial states as files that `initial.type = "file"` reads."""

import contextlib
import difflib
import os
from pathlib import Path

import h5py
import numpy as np

from .errors import FileError, InputError
from .units import COORDINATES, LONG_NAMES, QUANTITIES

STORED = ("energy_density", "ux", "uy", "uz", "pixx", "pixy", "pixz", "piyy", "piyz", "pizz", "bulk_pressure",
          "temperature", "pressure", "entropy_density", "sound_speed_squared")


def axes_of(geometry, dimensions):
    if geometry not in ("minkowski", "milne"):
        raise InputError(f'geometry = "{geometry}": "minkowski" or "milne"')
    return ("x", "y", "eta" if geometry == "milne" else "z")[:dimensions]


def values_in_order(name, field, dims):
    """As an array (z, y, x); an xarray.DataArray is turned where its dimensions stand in another order."""
    if hasattr(field, "transpose") and hasattr(field, "dims"):
        field = field.transpose(*dims)
    values = np.asarray(field, dtype=float)
    if not np.isfinite(values).all():
        raise InputError(f"{name}: not finite everywhere")
    return values / QUANTITIES[name].factor


def check_fields(fields):
    if "energy_density" not in fields:
        raise InputError("energy_density is missing, the one field that is required")
    for name in fields:
        if name not in STORED:
            nearest = difflib.get_close_matches(name, STORED, 1, 0.0)[0]
            raise InputError(f"{name} is no field of a state; did you mean {nearest}? Known are {', '.join(STORED)}")
    if np.any(np.asarray(fields["energy_density"]) < 0):
        raise InputError("energy_density: negative somewhere; positive ones are taken, zeros with initial.floor")


@contextlib.contextmanager
def completed(path):
    """A file to write aside, which takes its name at the end: complete or absent. FileError."""
    aside = path.with_name(f".{path.name}.part")
    try:
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        yield aside
        os.replace(aside, path)
    except OSError as error:
        raise FileError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()


def write_scales(group, axes, coordinates, time):
    for axis, values in zip(axes, coordinates):
        group[axis] = values
        group[axis].make_scale(axis)
    group["time"] = [float(time)]
    group["time"].make_scale("time")
    for axis in (*axes, "time"):
        group[axis].attrs.update(units=COORDINATES[axis], long_name=LONG_NAMES.get(axis, axis))


def write_field(group, name, values, axes):
    group[name] = values
    group[name].attrs.update(units=QUANTITIES[name].natural, long_name=QUANTITIES[name].long_name, coordinates="time")
    for direction, axis in enumerate(reversed(axes)):
        group[name].dims[direction].attach_scale(group[axis])


def write_state(path, fields, *, geometry, time, lower, upper):
    """Writes a state to start from: deck keys initial.type = "file", initial.file = path.

    fields   {name: array (z, y, x)} or xarray.Dataset in GeV and fm, as State has them: energy_density and, where not
             zero, ux uy uz (contravariant; in Milne coordinates uz is tau u^eta), pixx ... pizz, bulk_pressure
    time     [fm], time.start of the deck; lower, upper [fm], x first: the periodic box, point i at lower + i spacing
    InputError for what `ister` would not take, as far as the arrays tell; FileError where it cannot be written.
    """
    path = Path(path)
    lower, upper = (np.atleast_1d(np.asarray(side, float)) for side in (lower, upper))
    axes = axes_of(geometry, len(lower))
    check_fields(fields)
    values = {name: values_in_order(name, fields[name], axes[::-1]) for name in fields}
    points = values["energy_density"].shape[::-1]
    if not (len(points) == len(lower) == len(upper) and np.all(lower < upper)):
        raise InputError(f"lower = {lower}, upper = {upper}: no box of an energy_density of {len(points)} dimensions")
    for name, field in values.items():
        if field.shape[::-1] != points:
            raise InputError(f"{name} has the shape {field.shape}, energy_density {points[::-1]}")
    with completed(path) as aside, h5py.File(aside, "w") as file:
        file.attrs.update(format="ister-state", version=1, time=float(time), step=0, geometry=geometry, units="natural",
                          points=np.array(points), lower=lower, upper=upper)
        group = file.create_group("state")
        write_scales(group, axes, (a + (b - a) / n * np.arange(n) for a, b, n in zip(lower, upper, points)), time)
        for name, field in values.items():
            write_field(group, name, field, axes)
