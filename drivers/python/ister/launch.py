"""The program `ister` from Python."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from .errors import FileError, error_of
from .runs import Run, place_of


def executable():
    """$ISTER, else the one of the same installation or build, else that of the path. FileError where there is none."""
    root = Path(__file__).resolve().parents[3]  # the source folder, or share/ of an installation
    for candidate in (os.environ.get("ISTER"), root / "build/bin/ister", root.parent / "bin/ister", "ister"):
        if candidate and (found := shutil.which(candidate)):
            return found
    raise FileError("ister: no executable; put it into the path, or its place into the environment variable ISTER")


def call(words):
    """Runs a command; what it prints. Exit codes other than 0 become errors with its message."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ister: ")]
        message = "\n".join(lines) or done.stderr.strip() or f"{words[0]}: exit code {done.returncode}"
        raise error_of(done.returncode, message.removeprefix("ister: "))
    return done.stdout


def toml(value):
    """A number, text, truth value, list or table in one line, as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(entry) for entry in value) + "]"
    return json.dumps(value.tolist() if hasattr(value, "tolist") else value)


def run(deck, settings=None, *, output=None, ranks=1, restart=False, overwrite=False, launcher=("mpirun", "-n")):
    """`ister run` of a deck to its end; the Run that it wrote.

    settings    {"transport.eta_over_s": 0.08, ...} in place of keys of the deck
    output      the folder of the run, in place of run.output; relative to the current one
    ranks       above 1 under the launcher, which is given their number as its last word
    Errors: InputError for the deck, FileError, Breakdown, StoppedEarly (restart it), Error: see `ister.errors`.
    """
    settings = dict(settings or {})
    if output is not None:
        settings["run.output"] = str(output)
    words = [executable(), "run", deck]
    if settings:
        words += ["--set", *(f"{key}={toml(value)}" for key, value in settings.items())]
    words += ["--restart"] * restart + ["--overwrite"] * overwrite
    call([*launcher, ranks, *words] if ranks > 1 else words)
    return Run(*place_of(deck, settings))


def verify(path):
    """Compares a state or checkpoint with its checksums, by `ister info`, and returns what that prints. FileError."""
    return call([executable(), "info", path])
