"""A run of the executable on rough initial data: what is given, and what came of it.

Environment: ISTER, the executable.
"""

import gzip
import json
import lzma
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

ISTER = os.path.abspath(os.environ.get("ISTER", "build/bin/ister"))
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMP_NUM_THREADS": "1",
               **os.environ}
HBAR_C = 0.1973269804  # GeV fm
FINISHED, RESULT_LOST = 0, 4  # exit codes

EVERY_RUN = {"run.name": "run", "checkpoint.every_wall": 0, "output.fields": ["energy_density", "pixx"]}
PRESET = {"numerics.preset": "event"}


def plain(order, rate=90.0):
    """A filter alone."""
    return {"numerics.preset": "none", "filter.order": order, "filter.rate": rate}


def each_step(order, spacing, step):
    """A filter that damps by exp(-36 (k/k_N)^order) after each step, however long the step is."""
    return plain(order, 36.0 * spacing / step)


def square(half, spacing, step):
    """A box |x|, |y| < half [fm]."""
    points = round(2 * half / spacing)
    return {"grid.points": [points] * 2, "grid.lower": [-half] * 2, "grid.upper": [half] * 2, "time.step": step}


def peak(value, temperature, width, skew=0.0):
    return {"model": "peak", "value": value, "peak_temperature_mev": temperature, "width_mev": width, "skew": skew}


def event(file, spacing, start=0.6, eta=0.16, zeta=0.0, **initial):
    """A TRENTo event of dE/(d^2x d eta) and the fluid that it starts as."""
    return {"grid.geometry": "milne", "time.start": start, "eos.type": "hotqcd", "transport.eta_over_s": eta,
            "transport.zeta_over_s": zeta, "initial.type": "trento", "initial.file": file,
            "initial.grid_spacing": spacing, "initial.scale": 1 / start,
            **{f"initial.{key}": value for key, value in initial.items()}}


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(entry)}" for key, entry in value.items()) + " }"
    return json.dumps(value)


@dataclass
class Outcome:
    code: int
    history: np.ndarray
    verdicts: dict  # grades by name
    states: dict    # of times, of names

    @property
    def balance(self):
        return np.abs(self.history["balance"]).max()

    def told(self):
        """The largest balance, or when the run ended before its time."""
        return f"{self.balance:.1e}" if self.code == FINISHED else f"ends at {self.history['time'][-1]:.2f}"


def read_state(path):
    with h5py.File(path) as file:
        return round(float(file.attrs["time"]), 6), {name: data[:] for name, data in file["state"].items()}


def run(scratch, *settings):
    """Runs a deck of these settings, later ones first, in a folder; exit codes that tell of a wrong deck are raised."""
    keys = {key: value for each in (EVERY_RUN, *settings) for key, value in each.items()}
    deck, out = scratch / "run.toml", scratch / "out"
    deck.write_text("".join(f"{key} = {toml(value)}\n" for key, value in keys.items()), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    process = subprocess.run([ISTER, "run", deck, "--output", out], env=ENVIRONMENT, capture_output=True, text=True)
    if process.returncode not in (FINISHED, RESULT_LOST):
        raise RuntimeError(f"{deck.read_text()}\nexit code {process.returncode}: {process.stderr}")
    profile = out / "run_profile.json"  # none where the solution broke down
    return Outcome(process.returncode, np.genfromtxt(out / "run_history.csv", delimiter=",", names=True),
                   json.loads(profile.read_text())["verdict"] if profile.exists() else {},
                   dict(read_state(path) for path in sorted(out.glob("run_state_*.h5"))))


def unpack(path, folder):
    """Copies a file into a folder, without .gz or .xz."""
    opened = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    name = path.stem if path.suffix in (".gz", ".xz") else path.name
    with opened(path, "rb") as source, open(folder / name, "wb") as target:
        shutil.copyfileobj(source, target)


def glasma_state(source, target, half):
    """IP-Glasma's table (rows eta x y e u^tau u^i pi^{mu nu}, x outer; e in GeV/fm^3, pi in 1/fm^4) as a state file: a
    box |x|, |y| < half, empty where the table ends. A factor tau for each index eta."""
    head = Path(source).open(encoding="utf-8").readline().split()
    tau, spacing, given = (float(head[head.index(word) + 1]) for word in ("tau=", "dx=", "xmax="))
    table = np.loadtxt(source).reshape(int(given), int(given), 18)
    points = round(2 * half / spacing)
    at = round((half + table[0, 0, 1]) / spacing)
    columns = {"energy_density": (3, 1 / HBAR_C), "ux": (5, 1), "uy": (6, 1), "uz": (7, tau), "pixx": (12, 1),
               "pixy": (13, 1), "pixz": (14, tau), "piyy": (15, 1), "piyz": (16, tau)}
    with h5py.File(target, "w") as file:
        file.attrs.update(format="ister-state", version=1, time=tau, geometry="milne", units="natural",
                          points=[points] * 2, lower=[-half] * 2, upper=[half] * 2)
        for name, (column, factor) in columns.items():
            values = np.zeros((points, points))
            values[at:at + int(given), at:at + int(given)] = factor * table[:, :, column].T
            file[f"state/{name}"] = values
