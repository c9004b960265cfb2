#!/usr/bin/python3
"""Runs that are killed at random moments, in random ways, and started again until they are done; checkpoints that are
damaged at random places. What comes out is, bit for bit, what an undisturbed run writes.

FFTW measures its plans anew in every run that starts afresh, so what is compared with is a run of its own that begins
with the first checkpoint of the one that was killed: checkpoints carry the plans.

    kill_campaign.py [--kills N] [--damaged N] [--seed S] [--keep]

Environment: ISTER, the executable; MPIRUN, the launcher with its options (default: mpirun).
"""

import argparse
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

ISTER = os.path.abspath(os.environ.get("ISTER", "build/bin/ister"))
MPIRUN = shlex.split(os.environ.get("MPIRUN", "mpirun --oversubscribe --bind-to none"))
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMP_NUM_THREADS": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1", **os.environ}
HANG = float(os.environ.get("ISTER_TEST_LIMIT", "90"))  # seconds without an end
KILLS_PER_RUN = 5
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1, signal.SIGINT, signal.SIGHUP)

DECK = """
[run]
name = "flow"
[grid]
geometry = "milne"
points = [24, 18]
lower = [-6.0, -4.5]
upper = [6.0, 4.5]
[time]
start = 0.6
end = 1.4
{stepping}
[eos]
type = "constant_cs2"
cs2 = 0.25
[transport]
zeta_over_s = 0.05
[solver]
formulation = "{formulation}"
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 2.0
width = [1.5, 1.2]
ux = 0.2
[output]
every_steps = {output}
[checkpoint]
every_steps = {checkpoint}
keep = 1000
[history]
every_steps = {history}
[surface]
temperature = 0.22
every_time = {surface}
elements = "{elements}"
corona = {corona}
stop = false
"""


class Wrong(Exception):
    """The code did what it must not do."""


def start(arguments, folder, ranks=1):
    command = ([] if ranks == 1 else [*MPIRUN, "-n", str(ranks)]) + [ISTER, *map(str, arguments)]
    log = open(folder / "log", "a", encoding="utf-8")
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log,
                            stderr=subprocess.STDOUT, start_new_session=True)


def finish(process, folder):
    try:
        return process.wait(HANG)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise Wrong(f"no end after {HANG} s:\n{(folder / 'log').read_text(errors='replace')[-2000:]}") from None


def run(arguments, folder, ranks=1):
    return finish(start(arguments, folder, ranks), folder)


def ranks_of(process):
    """The processes of the session that are ranks, and not their launcher."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            if os.getsid(int(pid)) == process.pid and words[0] == ISTER.encode() and words[1:2] == [b"run"]:
                found.append(int(pid))
        except (OSError, ProcessLookupError):
            continue
    return found


def send(number, pids):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def session_of(process):
    """All that still runs of what was started with a process."""
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            if os.getsid(pid) == process.pid:
                found.append(pid)
        except ProcessLookupError:
            continue
    return found


def await_end_of(process, pids):
    """Ranks may outlive their launcher: for a moment, or to the end of the run where it was a script that was killed."""
    began = time.monotonic()
    while any(os.path.exists(f"/proc/{pid}") for pid in pids) or session_of(process):
        if time.monotonic() - began > HANG:
            send(signal.SIGKILL, [*pids, *session_of(process)])
            raise Wrong("ranks outlived their launcher")
        time.sleep(0.02)


def contents(folder):
    """All datasets of all states, surfaces with their attributes, the history, and the XDMF file without the name of the
    run."""
    data = {}
    for path in sorted(folder.glob("flow_state_*.h5")):
        with h5py.File(path, "r") as file:
            for name, field in file["state"].items():
                data[path.name, name] = field[()].tobytes()
    data["history"] = (folder / "flow_history.csv").read_bytes() if (folder / "flow_history.csv").exists() else b""
    with h5py.File(folder / "flow_surface.h5", "r") as file:
        for name, group in file.items():
            for key, column in group.items():
                data[name, key] = column[()].tobytes()
        for name, item in (("/", file), *file.items()):
            for key, value in item.attrs.items():
                if key != "input":  # which names the folder
                    data[name, "attribute", key] = str(np.asarray(value).tolist())
    data["xdmf"] = re.sub("<!-- run .* -->", "", (folder / "flow.xdmf").read_text(encoding="utf-8"))
    return data


def require_same(folder, reference):
    got, expected = contents(folder), contents(reference)
    different = sorted(str(key) for key in got.keys() | expected.keys() if got.get(key) != expected.get(key))
    if different:
        raise Wrong(f"{folder} differs from {reference} in {', '.join(different[:5])}")
    odd = [path.name for path in folder.iterdir() if path.name.startswith(".") or path.name.endswith(".lock")]
    if odd:
        raise Wrong(f"left over: {odd}")


def random_deck(rng):
    return DECK.format(stepping=rng.choice(("cfl = 0.004", 'tolerance = 1e-9\nintegrator = "dp54"', "step = 0.002")),
                       formulation=rng.choice(("primitive", "conservative")), output=rng.choice((7, 20, 50)),
                       checkpoint=rng.choice((5, 10, 30)), history=rng.choice((0, 1, 1, 1, 3)),
                       surface=rng.choice(('"auto"', "0.03", "0.07")),
                       elements=rng.choice(("cell", "cell", "simplex", "quadrature")), corona=rng.choice(("true", "false")))


def disturb(rng, folder, ranks, longest):
    """Starts the run, or goes on with it, and sends it a signal; returns what was done and the exit code."""
    process = start(["run", "deck.toml", "--output", "out", "--restart"], folder, ranks)
    time.sleep(rng.uniform(0.0, longest))
    alive, number = ranks_of(process), rng.choice(SIGNALS)
    target = rng.choice(("all", "one", "launcher") if ranks > 1 else ("all",))
    if target == "launcher" and number == signal.SIGHUP:
        target = "all"
    send(number, {"all": alive, "one": alive[:1], "launcher": [process.pid]}[target])
    code = finish(process, folder)
    await_end_of(process, alive)
    if target == "all" and number != signal.SIGKILL and ranks == 1 and code not in (0, 75, -number):
        raise Wrong(f"{signal.Signals(number).name} led to the exit code {code}")
    return f"{signal.Signals(number).name} to {target}, exit {code}"


def campaign(rng, folder, kills, longest):
    """One run that is killed several times, and what it should have been."""
    ranks = rng.choice((1, 1, 2, 3))
    (folder / "deck.toml").write_text(random_deck(rng), encoding="utf-8")
    done = [disturb(rng, folder, ranks, longest * (1 if ranks == 1 else 2)) for _ in range(kills)]
    print(f"{ranks} ranks: {'; '.join(done)}", flush=True)
    code = run(["run", "deck.toml", "--output", "out", "--restart"], folder, ranks)
    if code != 0:
        raise Wrong(f"exit {code} where it should have come to its end")
    first = min((folder / "out").glob("flow_checkpoint_*.h5"))
    code = run(["run", "deck.toml", "--output", "reference", "--restart", first], folder, ranks)
    if code != 0:
        raise Wrong(f"exit {code} of the undisturbed run")
    require_same(folder / "out", folder / "reference")


def damage(rng, path):
    """Changes a file in one of the ways in which disks, copies and editors do."""
    data = bytearray(path.read_bytes())
    place, length = rng.randrange(len(data)), rng.randrange(1, 5000)
    how = rng.choice(("bit", "bytes", "zeros", "cut", "more", "empty", "gap"))
    if how == "bit":
        data[place] ^= 1 << rng.randrange(8)
    elif how == "bytes":
        data[place:place + length] = rng.randbytes(len(data[place:place + length]))
    elif how == "zeros":
        before = bytes(data)
        data[place:place + length] = bytes(len(data[place:place + length]))
        if before == data:
            data[place] ^= 1
    elif how == "cut":
        del data[place:]
    elif how == "more":
        data += rng.randbytes(length)
    elif how == "empty":
        data.clear()
    else:
        del data[place:place + length]
    path.write_bytes(data)
    return how


def damaged(rng, folder, count):
    """A finished run whose newest checkpoints are damaged goes on from the one before them to the same end."""
    (folder / "deck.toml").write_text(DECK.format(stepping="cfl = 0.1", formulation="conservative", output=5,
                                                  checkpoint=5, history=1, surface='"auto"', elements="cell",
                                                  corona="true"), encoding="utf-8")
    if run(["run", "deck.toml", "--output", "first"], folder) != 0:
        raise Wrong("the run to be damaged failed")
    start_of_all = min((folder / "first").glob("flow_checkpoint_*.h5"))
    if run(["run", "deck.toml", "--output", "reference", "--restart", start_of_all], folder) != 0:
        raise Wrong("the undisturbed run failed")
    for number in range(count):
        shutil.rmtree(folder / "out", ignore_errors=True)
        shutil.copytree(folder / "reference", folder / "out")
        checkpoints = sorted((folder / "out").glob("flow_checkpoint_*.h5"))
        chosen = checkpoints[-rng.randint(1, len(checkpoints) - 1):]
        how = [damage(rng, path) for path in chosen]
        (folder / "log").unlink()
        code = run(["run", "deck.toml", "--output", "out", "--restart"], folder)
        text = (folder / "log").read_text(errors="replace")
        if code != 0 or any(path.name not in text for path in chosen):
            raise Wrong(f"number {number}, {how}: exit {code}\n{text}")
        require_same(folder / "out", folder / "reference")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--damaged", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.8, help="seconds until a kill, at most")
    parser.add_argument("--keep", action="store_true", help="keep the folder also where all went well")
    options = parser.parse_args()
    rng, scratch, began = random.Random(options.seed), Path(tempfile.mkdtemp(prefix="ister_kills_")), time.monotonic()
    try:
        for number, done in enumerate(range(0, options.kills, KILLS_PER_RUN)):
            folder = scratch / str(number)
            folder.mkdir()
            campaign(rng, folder, min(KILLS_PER_RUN, options.kills - done), options.longest)
            if not options.keep:
                shutil.rmtree(folder)
        if options.damaged:
            folder = scratch / "damaged"
            folder.mkdir()
            damaged(rng, folder, options.damaged)
    except Wrong as wrong:
        print(f"WRONG (seed {options.seed}, see {scratch}): {wrong}")
        return 1
    if not options.keep:
        shutil.rmtree(scratch)
    print(f"{options.kills} kills and {options.damaged} damaged checkpoints in {time.monotonic() - began:.0f} s: nothing "
          "was lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
