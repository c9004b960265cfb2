#!/usr/bin/python3
"""Random input files: right ones, which must give the same on any number of ranks and threads, and broken ones.

  random_decks.py [--decks N] [--broken N] [--seed N] [--keep FOLDER]

Environment: ISTER, the executable; MPIRUN, the launcher with its options. A right deck runs on one rank and on 2 to 12;
`ister analyze compare` must find the results equal within 1e-12. A broken deck or command line must end on all ranks
with 2 or 3 and one message. Whatever goes wrong is kept in FOLDER.
"""

import argparse
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ISTER = os.environ.get("ISTER", "ister")
MPIRUN = shlex.split(os.environ.get("MPIRUN", "mpirun --oversubscribe --bind-to none"))
LIMIT = 120  # seconds; a command that takes longer hangs
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1",
               "OMP_WAIT_POLICY": "passive", "OMP_PROC_BIND": "false", **os.environ}
EOS_TABLE = "# e [GeV/fm^3] p [GeV/fm^3] T [GeV]\n" + "".join(
    f"{3 * 5.2 * t**4 / 0.0077:.8g} {5.2 * t**4 / 0.0077:.8g} {t:.8g}\n" for t in (0.05 * 1.15**i for i in range(25)))
SHEAR_TABLE = "# T [MeV] eta/s\n" + "".join(f"{t} {0.1 + 1e-4 * abs(t - 170)}\n" for t in range(50, 700, 40))
EVENT = "\n".join(" ".join(f"{max(0.0, 4 - 0.3 * ((x - 4.5)**2 + 1.3 * (y - 5)**2)):.5g}" for x in range(10))
                  for y in range(11)) + "\n"


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def text_of(deck):
    return "".join(f"[{section}]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in keys.items())
                   for section, keys in deck.items())


class DeckMaker:
    """Random choices from what fits together; steps are few and short, so that no flow breaks down."""

    def __init__(self, generator):
        self.random = generator

    def make(self):
        pick = self.random.choice
        self.milne = pick([True, False])
        self.dimensions = pick([1, 2, 2, 3])
        deck = {"run": {"name": "r", "output": "out"}, "grid": self.grid()}
        deck["time"] = self.time()
        deck["solver"] = {"formulation": pick(["primitive", "primitive", "conservative"])}
        deck["initial"] = self.initial()
        deck["eos"] = self.eos(deck["initial"]["type"])
        deck["transport"] = self.transport(deck)
        deck["filter"] = pick([{"type": "none"}, {"type": "two_thirds"}, {"type": "exponential", "order": 8},
                               {"type": "exponential"}])
        if pick([True, False]):
            deck["sponge"] = {"width": round(0.1 * min(self.lengths), 3), "energy_density": 0.5}
        deck["output"] = pick([{}, {"every_steps": 2}, {"every_time": 1.31 * self.step}])
        deck["checkpoint"] = pick([{}, {"every_steps": 3, "keep": 1}, {"every_wall": 0.01}])
        deck["history"] = {"every_steps": pick([1, 1, 2, 0])}
        return deck

    def grid(self):
        least, most = 8, {1: 70, 2: 30, 3: 14}[self.dimensions]
        points = [self.random.randint(least, most) for _ in range(self.dimensions)]
        self.lengths = [round(n * self.random.uniform(0.2, 0.6), 3) for n in points]
        self.spacing = min(length / n for length, n in zip(self.lengths, points))
        lower = [round(-self.random.uniform(0.2, 0.8) * length, 3) for length in self.lengths]
        return {"geometry": "milne" if self.milne else "minkowski", "points": points, "lower": lower,
                "upper": [round(a + length, 3) for a, length in zip(lower, self.lengths)]}

    def time(self):
        self.step = round(0.1 * self.spacing, 4)
        start = round(self.random.uniform(0.8, 1.5), 3)
        how, integrator = self.random.choice(
            [("step", "rk4"), ("step", "ssprk3"), ("cfl", "rk4"), ("step", "bs32"), ("step", "dp54"),
             ("step", "ars443"), ("tolerance", "bs32"), ("tolerance", "dp54")])
        value = {"step": self.step, "cfl": 0.1, "tolerance": 1e-6}[how]
        return {"start": start, "end": round(start + self.random.randint(3, 7) * self.step, 4), how: value,
                "integrator": integrator}

    def initial(self):
        types = ["uniform", "hot_spot", "shock_tube"]
        if not self.milne:
            types += ["sound_wave", "shear_wave", "standing_wave"] + ["random_velocity"] * (self.dimensions > 1)
        if self.dimensions > 1:
            types += ["kelvin_helmholtz", "trento"]
        kind, uniform = self.random.choice(types), self.random.uniform
        mode = [self.random.choice([0, 1, 2]) for _ in range(self.dimensions)]
        mode[0] = mode[0] or 1
        more = {
            "uniform": {"ux": 0.3, "pixx": 0.01, "bulk_pressure": 0.0},
            "hot_spot": {"amplitude": uniform(0.5, 4), "width": [0.2 * length for length in self.lengths], "uy": 0.1},
            "shock_tube": {"energy_densities": [4.0, 2.0], "thickness": 2 * self.spacing},
            "sound_wave": {"amplitude": 1e-3, "mode": mode},
            "shear_wave": {"amplitude": 1e-2, "mode": mode},
            "standing_wave": {"amplitude": 1e-2, "mode": mode, "flow_amplitude": [0.01, 0.0, 0.02]},
            "kelvin_helmholtz": {"amplitude": 0.2, "perturbation": 0.01, "mode": [1]},
            "random_velocity": {"amplitude": 0.05, "k_min": 0.1, "k_max": 3.0, "seed": self.random.randint(0, 9)},
            "trento": {"file": "event.dat", "grid_spacing": round(min(self.lengths[:2]) / 40, 4), "scale": 3.0,
                       "floor": 0.05, "stress": "zero"},
        }[kind]
        background = {} if kind in ("trento", "shock_tube") else {"temperature": round(uniform(0.9, 1.5), 3)}
        return {"type": kind, **background, **more}

    def eos(self, initial):
        choices = [{"type": "conformal"}, {"type": "constant_cs2", "cs2": round(self.random.uniform(0.2, 0.32), 3)},
                   {"type": "hotqcd"}, {"type": "hotqcd_hrg"}, {"type": "table", "file": "eos.dat"}]
        self.eos_choice = self.random.choice(choices)
        return self.eos_choice

    def transport(self, deck):
        pick = self.random.choice
        kink = {"model": "kink", "value": 0.1, "kink_temperature_mev": 160, "slope_high_per_gev": 0.4}
        keys = {"eta_over_s": pick([0.0, 0.08, 0.16, 0.2, kink, {"model": "table", "file": "shear.dat"}])}
        if self.eos_choice["type"] in ("hotqcd", "hotqcd_hrg", "constant_cs2"):
            peak = {"model": "peak", "value": 0.05, "peak_temperature_mev": 180, "width_mev": 40}
            keys["zeta_over_s"] = pick([0.0, 0.03, peak])
        keys["vorticity"], keys["phi7"] = pick([True, False]), pick([True, False])
        if keys["eta_over_s"] == 0.0:
            deck["initial"].pop("pixx", None)
        return keys


class Trial:
    def __init__(self, generator, folder):
        self.random, self.folder = generator, folder

    def files(self, deck_text):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, text in {"eos.dat": EOS_TABLE, "shear.dat": SHEAR_TABLE, "event.dat": EVENT,
                           "deck.toml": deck_text}.items():
            (self.folder / name).write_text(text)

    def ister(self, *words, ranks=1, threads=1):
        launcher = [] if ranks == 1 else [*MPIRUN, "-n", str(ranks)]
        try:
            done = subprocess.run([*launcher, ISTER, *words], cwd=self.folder, timeout=LIMIT, text=True,
                                  errors="replace", capture_output=True, stdin=subprocess.DEVNULL,
                                  env={**ENVIRONMENT, "OMP_NUM_THREADS": str(threads)})
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{' '.join(words)} on {ranks} ranks: not done after {LIMIT} s") from None
        return done.returncode, done.stdout + done.stderr

    def right(self):
        """A right deck: the same code, and the same states, on one rank and on several."""
        deck = DeckMaker(self.random).make()
        self.files(text_of(deck))
        ranks, threads = self.random.randint(1, 12), self.random.choice([1, 2])
        about = f"{deck['grid']['points']} {deck['initial']['type']}, {ranks} ranks x {threads}"
        alone, told = self.ister("run", "deck.toml", "--output", "one")
        assert alone in (0, 4), f"{about}: one rank ended with {alone}\n{told}"
        code, told = self.ister("run", "deck.toml", "--output", "many", ranks=max(ranks, 2), threads=threads)
        assert code == alone, f"{about}: ended with {code}, one rank with {alone}\n{told}"
        if alone == 0:
            code, told = self.ister("analyze", "compare", "many", "one")
            assert code == 0, f"{about}: not the same as on one rank\n{told}"
        return f"{about}, code {alone}"

    def broken(self):
        """A deck with a mistake, or words that no command has: 2 or 3, and one message."""
        text, words, codes = self.mistake(text_of(DeckMaker(self.random).make()))
        self.files(text)
        ranks = self.random.choice([1, 1, 1, 3])
        command = self.random.choice(["check", "run"])
        code, told = self.ister(command, *words, ranks=ranks)
        messages = [line for line in told.splitlines() if line.startswith("ister: ") and "warning" not in line]
        about = f"{command} {' '.join(words)} on {ranks} ranks"
        assert code in codes, f"{about}: ended with {code}, not one of {codes}\n{told}"
        assert len(messages) == 1, f"{about}: {len(messages)} messages\n{told}"
        return f"{messages[0][:100]}"

    def mistake(self, text):
        lines, pick = text.splitlines(), self.random.choice
        keys = [i for i, line in enumerate(lines) if " = " in line]
        at, deck = pick(keys), ["deck.toml"]
        key, value = lines[at].split(" = ", 1)
        choice = self.random.randrange(9)
        if choice == 0:  # a key with a letter too many
            lines[at] = f"{key}x = {value}"
        elif choice == 1:  # no value at all
            lines[at] = f"{key} = {pick(['', '[', chr(34), '= 3', '{', '1..2', '0x'])}"
        elif choice == 2:  # a value of no type that a key has
            lines[at] = f"{key} = {pick(['1979-05-27', '[[1]]', '{ nothing = 1 }', 'nan'])}"
        elif choice == 3:
            lines.insert(at, "[nowhere]")
        elif choice == 4:
            return text, [*deck, "--set", pick(["time.end=0", "grid.points=[7]", "eos.type=ideal", "time=1", "x",
                                                "run.name=a/b", "filter.order=-3", "=", "grid.points=[8,8,8,8]"])], (2,)
        elif choice == 5:
            return text, [*deck, pick(["--sett", "more", "--set", "-x", "--", "--output"])][:pick([2, 3])], (2, 3)
        elif choice == 6:
            return text, [pick(["absent.toml", ".", "event.dat", "/dev/null", "deck.toml/x"])], (2, 3)
        elif choice == 7:  # a file that is named and is not there
            return text, [*deck, "--set", "eos.type=table", "--set", f"eos.file={pick(['none.dat', '.', 'event.dat'])}"], (2, 3)
        else:  # cut in the middle of a value
            lines = lines[:at] + [f"{key} = "]
        return "\n".join(lines) + "\n", deck, (2,)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decks", type=int, default=20, help="right ones")
    parser.add_argument("--broken", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="trial i of a kind depends on this and i alone")
    parser.add_argument("--keep", type=Path, default=Path("random_decks_wrong"))
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, count in (("right", options.decks), ("broken", options.broken)):
            for i in range(count):
                name = f"{kind}_{options.seed}_{i}"
                trial = Trial(random.Random(name), Path(folder) / name)
                try:
                    print(f"{name}: {getattr(trial, kind)()}", flush=True)
                    shutil.rmtree(trial.folder)
                except AssertionError as error:
                    wrong += 1
                    shutil.copytree(trial.folder, options.keep / name, dirs_exist_ok=True)
                    print(f"{name}: WRONG, kept in {options.keep / name}: {error}", flush=True)
    print(f"{options.decks} right and {options.broken} broken decks, {wrong} not as they should be")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
