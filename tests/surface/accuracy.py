#!/usr/bin/python3
"""Errors of the surface of the Pb+Pb collision: as Ister finds it, and as linear finders do from the same states.

    tests/surface/accuracy.py [--keep FOLDER]

Prints a table, relative to integrals over all states that look for no surface (level_integrals.py): volume, energy, and
int x T^{xm} dsigma_m. The exit code is 1 where an error is above what README.md has. ISTER: the executable. Needs 1 GB of
room in the folder for temporary files; takes 5 minutes on one core.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
from level_integrals import level_integrals
from linear_surface import linear_integrals
from test_event import sums_over

ROOT = Path(__file__).resolve().parents[2]
ISTER = os.environ.get("ISTER", "ister")
STATES = 'output.fields=["energy_density", "pressure", "ux", "uy", "pixx", "pixy", "piyy", "pizz"]'
NAMES = ("volume", "energy", "x_force")
# fm between two observations; what sums may miss, and the balance of the run
LENGTHS = (("0.04", 1e-6, 1e-6), ('"auto"', 3e-6, 1e-6), ("0.4", 3e-5, 1e-4))


def run(folder, name, *settings):
    subprocess.run([ISTER, "run", ROOT / "inputs/pbpb.toml", "--output", folder / name, "--overwrite", "--set",
                    "surface.stop=false", "time.end=13.0", *settings], check=True, stdout=subprocess.DEVNULL)
    with h5py.File(folder / name / "pbpb_surface.h5") as file:
        return {key: values[()] for key, values in file["surface"].items()}, dict(file["surface"].attrs)


def print_row(name, found, reference):
    errors = {key: found[key] / reference[key] - 1 for key in NAMES if key in found}
    print(f"| {name} | {found['elements']} | " + " | ".join(
        f"{errors[key]:+.1e}" if key in errors else "" for key in NAMES) + " |", flush=True)
    return max(map(abs, errors.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="where states stay, and are taken from where they are there already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ister_surface_") as scratch:
        return compare(options.keep or Path(scratch))


def compare(folder):
    if not (folder / "states").exists():
        run(folder, "states", "output.every_time=0", "output.every_steps=1", STATES, "surface.every_time=0.04",
            "surface.elements=quadrature")
    with h5py.File(folder / "states/pbpb_surface.h5") as file:
        points = {key: values[()] for key, values in file["surface"].items()}
    paths = list((folder / "states").glob("*_state_*.h5"))
    level, pressure = points["energy_density"][0], points["pressure"][0]
    reference = level_integrals(paths, level, width=0.13)
    print(f"| surface | elements | {' | '.join(NAMES)} |\n|---|---|---|---|---|")
    wrong = print_row("every state, points of the quadrature", {**sums_over(points), "elements": len(points["x"])},
                      reference) > 1e-6
    closures = []
    for length, most, most_open in LENGTHS:
        columns, attributes = run(folder, "run", "output.every_time=5.0", f"surface.every_time={length}")
        wrong |= print_row(f"every {length} fm, sums of the run", {**attributes, "elements": len(columns["x"])},
                           reference) > most
        closures.append((length, attributes["closure"]))
        wrong |= abs(attributes["closure"]) > most_open
        wrong |= print_row(f"every {length} fm, one element a cell", {**sums_over(columns), "elements": len(columns["x"])},
                           reference) > 1e-3
    for stride, skip in ((1, 1), (5, 1), (10, 1), (5, 2)):
        print_row(f"linear, every {stride} states, {skip} points",
                  linear_integrals(paths, level, pressure, stride, skip), reference)
    print("closure: " + ", ".join(f"{closure:+.1e} every {length} fm" for length, closure in closures))
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
