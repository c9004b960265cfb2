"""What the quantities in files are: files are natural (fm and powers of 1/fm), this package has GeV and fm."""

from typing import NamedTuple

HBAR_C = 0.1973269804  # GeV fm


class Quantity(NamedTuple):
    """A field: its name in words, its units in files and here, and the factor from those to these."""

    long_name: str
    natural: str
    units: str
    factor: float


def density(long_name):
    """Of energy, momentum, or a component of the energy-momentum tensor."""
    return Quantity(long_name, "1/fm^4", "GeV/fm^3", HBAR_C)


def number(long_name):
    return Quantity(long_name, "1", "1", 1.0)


COMPONENTS = ("xx", "xy", "xz", "yy", "yz", "zz")
MILNE = {"z": ", eta indices times tau in Milne coordinates"}

QUANTITIES = {
    "energy_density": density("energy density"),
    **{f"u{i}": number(f"four-velocity u^{i}" + MILNE.get(i, "")) for i in "xyz"},
    **{f"pi{ij}": density(f"shear stress pi^{ij}" + MILNE.get(ij[1], "")) for ij in COMPONENTS},
    "bulk_pressure": density("bulk pressure"),
    "temperature": Quantity("temperature", "1/fm", "GeV", HBAR_C),
    "T00": density("energy-momentum tensor T^00"),
    **{f"T0{i}": density(f"energy-momentum tensor T^0{i}" + MILNE.get(i, "")) for i in "xyz"},
    "pressure": density("pressure"),
    "entropy_density": Quantity("entropy density", "1/fm^3", "1/fm^3", 1.0),
    "sound_speed_squared": number("squared speed of sound dp/de"),
}

COORDINATES = {"x": "fm", "y": "fm", "z": "fm", "eta": "1", "time": "fm"}
LONG_NAMES = {"eta": "space-time rapidity eta"}  # of coordinates whose name alone does not say it


def quantity(name, natural="1"):
    """That of a field; of one that is not known the `natural` units stand."""
    return QUANTITIES.get(name) or Quantity(name, natural, natural, 1.0)


def missing_lengths(dimensions, geometry):
    """How many lengths integrals over the box lack: unresolved directions count per length, eta per unit."""
    return max(0, 2 - dimensions) if geometry == "milne" else 3 - dimensions
