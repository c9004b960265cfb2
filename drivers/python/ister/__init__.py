"""Runs of Ister in Python: states, histories, surfaces in GeV and fm; moments of events; initial states; decks run.

    run = ister.open_run("out/pbpb")
    state = run.state(-1)                       # the last one
    state["temperature"], state.coordinates     # GeV, fm; fields are indexed (z, y, x) without unresolved directions
    ister.eccentricity(state, 2)                # eps_2 exp(2 i psi_2)
    run.history["eps_p"]

Errors are `ister.Error`s, each with the exit code that the program has for its kind.
"""

from .ensemble import Ensemble, open_ensemble
from .errors import Breakdown, Difference, Error, FileError, InputError, StoppedEarly
from .launch import run, verify
from .moments import eccentricity, flow_vector, mean_radial_flow, momentum_anisotropy
from .runs import Run, open_run, run_names
from .state import State
from .state_file import write_state
from .surface import read_particles, read_surfaces
from .table import Table, read_csv, read_history
from .units import HBAR_C

__all__ = ["HBAR_C", "Breakdown", "Difference", "Ensemble", "Error", "FileError", "InputError", "Run", "State",
           "StoppedEarly", "Table", "eccentricity", "flow_vector", "mean_radial_flow", "momentum_anisotropy",
           "open_ensemble", "open_run", "read_csv", "read_history", "read_particles", "read_surfaces", "run",
           "run_names", "verify", "write_state"]
