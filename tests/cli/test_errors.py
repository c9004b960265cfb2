#!/usr/bin/python3
"""What the executable does with wrong input and in adverse conditions: its exit code and its message, on 1 and 3 ranks.

Environment as in command.py.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import h5py
import numpy as np
from command import ISTER, LIMIT, CommandTest


class UsageTest(CommandTest):
    def test_no_arguments(self):
        code, out, err = self.run_ister()
        self.assertEqual(code, 2)
        self.assertIn("check", out + err)

    def test_help_and_version(self):
        self.assertIn("--restart", self.assert_runs("run", "--help", ranks=(1, 3)))
        version = self.assert_runs("--version")
        for word in ("Kokkos", "MPI", "FFTW", "HDF5"):
            self.assertIn(word, version)

    def test_unknown_words(self):
        self.assert_refused(2, ["unknown subcommand", "rnu", "run"], "rnu", "deck.toml")
        self.assert_refused(2, ["unknown option", "--overwrite"], "run", "deck.toml", "--overwritten", ranks=(1,))
        self.assert_refused(2, ["INPUT.toml"], "run", ranks=(1,))
        self.assert_refused(2, ["FILE.h5"], "info", ranks=(1,))

    def test_check_prints_the_resolved_input(self):
        text = self.assert_runs("check", self.deck(), "--set", "time.step=0.025")
        for word in ("points = [16, 12]", "step = 0.025", "tau_pi_coefficient = 5"):
            self.assertIn(word, text)
        self.assertFalse((self.folder / "out").exists())


class InputTest(CommandTest):
    def test_missing_and_foreign_files(self):
        self.assert_refused(3, ["nothing.toml"], "run", "nothing.toml")
        self.assert_refused(3, ["not a plain file"], "run", self.folder, ranks=(1,))
        self.write("empty.toml", "")
        self.assert_refused(2, ["grid.points", "empty.toml"], "run", "empty.toml", ranks=(1,))
        (self.folder / "noise.toml").write_bytes(bytes(range(256)) * 40)
        self.assert_refused(2, ["noise.toml", "not valid TOML"], "run", "noise.toml")

    def test_wrong_keys(self):
        deck = self.deck()
        for case, (setting, words) in enumerate((
                ("time.stpe=0.1", ["time.stpe", "time.step"]),
                ("time.step=fast", ["time.step", "fast", "number"]),
                ("time.step=-0.1", ["time.step", "-0.1", "> 0"]),
                ("time.integrator=rk5", ["time.integrator", "rk5", "rk4"]),
                ("grid.points=[7, 12]", ["grid.points", "[7, 12]", "8"]),
                ("grid.upper=[4.0, -3.0]", ["grid.upper", "above"]),
                ("grid.geometry=milky", ["grid.geometry", "milne"]),
                ("initial.scale=1.0", ["initial.scale", "trento"]))):
            self.assert_refused(2, words, "run", deck, "--set", setting, ranks=self.ranks_of(case))
            self.assert_refused(2, words, "check", deck, "--set", setting, ranks=(1,))
        self.assertFalse((self.folder / "out").exists())

    def test_acausal_coefficients(self):
        self.assert_refused(2, ["causal", "tau_pi_coefficient"], "run", self.deck(), "--set",
                            "transport.tau_pi_coefficient=1.0")
        self.assert_refused(2, ["causal"], "check", self.deck(), "--set", "transport.zeta_over_s=1.0", "--set",
                            "transport.tau_bulk=0.01", ranks=(1,))

    def test_files_that_the_input_names(self):
        deck = self.deck()
        self.assert_refused(3, ["nothing.dat"], "run", deck, "--set", "eos.type=table", "eos.file=nothing.dat")
        self.assert_refused(3, ["nothing.dat"], "run", deck, "--set",
                            "transport.eta_over_s={model=\"table\", file=\"nothing.dat\"}", ranks=(1,))
        self.assert_refused(3, ["nothing.csv"], "run", deck, "--set", "transport.table=nothing.csv", ranks=(1,))


class EventTest(CommandTest):
    """Events as text and as HDF5."""

    def event(self, values, name="event.dat"):
        np.savetxt(self.folder / name, values, header="event 0\nb = 0")
        return self.event_deck(name)

    def event_deck(self, name="event.dat"):
        return self.deck(f'type = "trento"\nfile = "{name}"\ngrid_spacing = 0.25\nscale = 1.0\n')

    @staticmethod
    def blob(n=21, width=0.8):
        x = (np.arange(n) - (n - 1) / 2) * 0.25
        return np.exp(-(x[:, None]**2 + x[None, :]**2) / (2 * width**2))

    def test_a_good_event_runs(self):
        self.assert_runs("run", self.event(self.blob()), "--overwrite", ranks=(1, 3))

    def test_values(self):
        values = self.blob()
        values[3, 4] = np.nan
        self.assert_refused(2, ["event.dat", "nan"], "run", self.event(values))
        values[3, 4] = -1.0
        self.assert_refused(2, ["event.dat", "-1"], "run", self.event(values), ranks=(1,))
        self.assert_refused(2, ["event.dat", "zero"], "run", self.event(0 * values), ranks=(1,))

    def test_a_box_that_cuts_the_event(self):
        self.assert_refused(2, ["box", "%"], "run", self.event(self.blob(41, 2.0)))

    def test_files(self):
        self.assert_refused(3, ["nothing.dat"], "run", self.event_deck("nothing.dat"))
        self.write("words.dat", "these are not numbers\n1 2 3\n")
        self.assert_refused(3, ["words.dat"], "run", self.event_deck("words.dat"))
        self.write("ragged.dat", "1 2 3 4 5\n1 2 3 4 5\n1 2 3\n1 2 3 4 5\n1 2 3 4 5\n")
        self.assert_refused(3, ["ragged.dat"], "run", self.event_deck("ragged.dat"), ranks=(1,))
        self.write("empty.dat", "")
        self.assert_refused(3, ["empty.dat"], "run", self.event_deck("empty.dat"), ranks=(1,))
        with h5py.File(self.folder / "events.h5", "w") as file:
            file["event_0"] = self.blob()
        self.assert_runs("run", self.event_deck("events.h5"))
        self.assert_refused(2, ["events.h5", "3"], "run", self.event_deck("events.h5"), "--overwrite", "--set",
                            "initial.event=3")
        whole = (self.folder / "events.h5").read_bytes()
        (self.folder / "cut.h5").write_bytes(whole[:len(whole) // 2])
        self.assert_refused(3, ["cut.h5"], "run", self.event_deck("cut.h5"), "--overwrite")


class StateTest(CommandTest):
    """State files as initial data."""

    def state(self, name="state.h5", fields=None, **attributes):
        values = {"format": "ister-state", "version": 1, "time": 1.0, "step": 0, "geometry": "minkowski",
                  "units": "natural", "points": np.array([16, 12]), "lower": np.array([-4.0, -3.0]),
                  "upper": np.array([4.0, 3.0]), **attributes}
        with h5py.File(self.folder / name, "w") as file:
            for key, value in values.items():
                if value is not None:
                    file.attrs[key] = value
            for key, value in {"energy_density": np.full((12, 16), 5.0), **(fields or {})}.items():
                if value is not None:
                    file["state/" + key] = value
        return self.deck(f'type = "file"\nfile = "{name}"\n')

    def test_a_good_state_runs(self):
        self.assert_runs("run", self.state(), "--overwrite", ranks=(1, 3))

    def test_a_state_that_does_not_fit(self):
        for case, attributes in enumerate(({"points": np.array([12, 16])}, {"geometry": "milne"}, {"time": 2.0},
                                           {"lower": np.array([-4.0, -2.0])})):
            words = [word.replace("lower", "a periodic box from -2 to 3 along y") for word in attributes]
            self.assert_refused(2, [*words, "state.h5"], "run", self.state(**attributes),
                                ranks=self.ranks_of(case))
        self.assert_refused(2, ["energy_density", "state.h5"], "run",
                            self.state(fields={"energy_density": np.full((16, 12), 5.0)}))

    def test_values(self):
        energy = np.full((12, 16), 5.0)
        for case, bad in enumerate((np.nan, np.inf, 0.0, -1.0)):
            energy[3, 4] = bad
            self.assert_refused(2, ["energy_density"], "run", self.state(fields={"energy_density": energy}),
                                ranks=self.ranks_of(case))
        self.assert_refused(2, ["pizz"], "run", self.state(fields={"pizz": np.full((12, 16), 0.5)}))
        self.assert_refused(2, ["bulk_pressure"], "run", self.state(fields={"bulk_pressure": np.full((12, 16), 0.5)}),
                            ranks=(1,))

    def test_a_floor_fills_the_vacuum(self):
        energy = np.full((12, 16), 5.0)
        energy[:, :5] = 0.0
        deck = self.state(fields={"energy_density": energy})
        self.assert_refused(2, ["energy_density = 0", "initial.floor"], "run", deck)
        self.assert_runs("run", deck, "--set", "initial.floor=1e-3",
                         "run.keep_going=true", ranks=(3,))
        with h5py.File(self.outputs("*_state_*.h5")[0], "r") as file:
            found = file["state/energy_density"][:]
        self.assertLess(abs(found - np.hypot(energy, 5e-3)).max(), 1e-14)
        self.assert_runs("check", deck, "--set", "solver.floor=1e-2")
        energy[4, 4] = -1.0
        self.assert_refused(2, ["energy_density = -1"], "check", self.state(fields={"energy_density": energy}), "--set",
                            "initial.floor=1e-3")

    def test_other_formats(self):
        self.assert_refused(3, ["other.h5"], "run", self.state("other.h5", format="something else"))
        self.assert_refused(3, ["other.h5"], "run", self.state("other.h5", format=None), ranks=(1,))
        self.assert_refused(3, ["later.h5", "version"], "run", self.state("later.h5", version=99), ranks=(1,))
        self.assert_refused(3, ["hollow.h5", "state"], "run",
                            self.state("hollow.h5", fields={"energy_density": None}))
        deck = self.state()
        whole = (self.folder / "state.h5").read_bytes()
        for case, content in enumerate((whole[:len(whole) // 2], whole[:10], b"", b"not HDF5 at all" * 100)):
            (self.folder / "state.h5").write_bytes(content)
            self.assert_refused(3, ["state.h5"], "run", deck, ranks=self.ranks_of(case))
        (self.folder / "state.h5").unlink()
        self.assert_refused(3, ["state.h5"], "run", deck, ranks=(1,))

    def test_info(self):
        self.state()
        self.assertIn("energy_density", self.assert_runs("info", "state.h5"))
        self.write("text.h5", "text")
        self.assert_refused(3, ["text.h5"], "info", "text.h5", ranks=(1,))
        self.assert_refused(3, ["nothing.h5"], "info", "nothing.h5", ranks=(1,))
        self.assert_runs("run", self.deck())
        written = self.outputs("*_state_*.h5")[-1]
        self.assert_runs("info", written)
        self.damage(written)
        self.assert_refused(3, [written.name], "info", written)


class OutputTest(CommandTest):
    def test_an_existing_run_is_kept(self):
        deck = self.deck()
        self.assert_runs("run", deck)
        before = {path: path.stat().st_mtime_ns for path in self.outputs("*")}
        self.assert_refused(2, ["--overwrite", "--restart", "out"], "run", deck)
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in self.outputs("*")})
        self.assert_runs("run", deck, "--overwrite", ranks=(1, 3))

    def test_a_dry_run_writes_nothing(self):
        self.assert_runs("run", self.deck(), "--dry-run")
        self.assertEqual(self.outputs("*_state_*.h5"), [])

    def test_a_folder_that_cannot_be(self):
        self.write("plain", "a plain file")
        self.assert_refused(3, ["plain"], "run", self.deck(), "--output", "plain/out")
        self.assert_refused(3, ["plain"], "run", self.deck(), "--output", "plain", ranks=(1,))
        self.assert_refused(3, ["/proc"], "run", self.deck(), "--output", "/proc/nowhere")

    def test_a_full_disk(self):
        # The limit on file sizes leaves room for what mpirun itself maps.
        large = ("--overwrite", "--set", "grid.points=[640, 512]", "--set", "time.end=1.05")
        self.assert_refused(3, ["small_checkpoint_"], "run", self.deck(), *large, file_limit=16 << 20)
        self.assertEqual(self.outputs("*"), [])

    @unittest.skipUnless(hasattr(os, "geteuid") and os.geteuid() == 0, "mounting needs root")
    def test_a_full_file_system(self):
        place = self.folder / "tiny"
        place.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True).returncode:
            self.skipTest("cannot mount a tmpfs here")
        try:
            self.assert_refused(3, ["tiny"], "run", self.deck(), "--overwrite", "--output", "tiny", "--set",
                                "grid.points=[64, 48]", "--set", "time.step=0.01")
        finally:
            subprocess.run(["umount", "-l", place], check=False)


class RestartTest(CommandTest):
    CHECKPOINTS = ("--set", "checkpoint.every_steps=1")

    def test_of_nothing_starts_afresh(self):
        for ranks in (1, 3):
            self.assert_runs("run", self.deck(), "--restart", "--output", f"out{ranks}", ranks=(ranks,))
            self.assertTrue(list((self.folder / f"out{ranks}").glob("small_state_00000000.h5")))

    def test_of_a_file_that_is_none(self):
        deck = self.deck()
        self.assert_refused(3, ["nothing.h5"], "run", deck, "--restart", "nothing.h5")
        self.write("text.h5", "text")
        self.assert_refused(3, ["text.h5"], "run", deck, "--restart", "text.h5")

    def test_of_a_damaged_checkpoint(self):
        deck = self.deck()
        self.assert_runs("run", deck, *self.CHECKPOINTS, "--set", "checkpoint.keep=2")
        newest, previous = self.outputs("*_checkpoint_*.h5")[-1], self.outputs("*_checkpoint_*.h5")[-2]
        self.damage(newest)
        self.assert_refused(3, [newest.name], "run", deck, "--restart", newest)
        output = self.assert_runs("run", deck, "--restart", "--set", "time.end=1.3", ranks=(1,))
        self.assertIn(newest.name, output)
        self.assertIn(previous.name, output)

    def test_on_another_grid(self):
        deck = self.deck()
        self.assert_runs("run", deck, *self.CHECKPOINTS)
        newest = self.outputs("*_checkpoint_*.h5")[-1]
        self.assert_refused(2, ["grid.points"], "run", deck, "--restart", newest, "--set", "grid.points=[16, 16]")
        self.assert_refused(2, ["eos"], "run", deck, "--restart", newest, "--set", "eos.type=hotqcd", ranks=(1,))


class EndTest(CommandTest):
    def test_a_breakdown(self):
        self.assert_refused(4, ["time"], "run", self.deck(), "--set", "time.step=8.0", "--set", "time.end=4000.0",
                            "--set", "initial.amplitude=1000.0", "--set", "initial.width=[0.3, 0.3]", "--overwrite")

    def test_a_signal(self):
        for ranks in (1, 3):
            with self.subTest(ranks=ranks):
                process = self.start("run", self.deck(), "--overwrite", "--set", "time.end=1e4", ranks=ranks)
                began = time.monotonic()
                while not self.outputs("*_state_*.h5") and time.monotonic() - began < LIMIT:
                    time.sleep(0.1)
                process.send_signal(signal.SIGUSR1)
                code, out, err = self.finish(process)
                self.assertEqual(code, 75, out + err)
                self.assertTrue(self.outputs("*_checkpoint_*.h5"), out + err)
                shutil.rmtree(self.folder / "out")

    def test_the_wall_clock_limit(self):
        arguments = ("run", self.deck(), "--set", "run.wall_clock_limit=00:00:02")
        self.assert_runs(*arguments, "--set", "time.end=1e4", ranks=(3,), code=75)
        self.assertTrue(self.outputs("*_checkpoint_*.h5"))

    def test_more_ranks_than_rows(self):
        self.assert_runs("run", self.deck(), "--set", "grid.points=[8]", "--set", "grid.lower=[0]", "--set",
                         "grid.upper=[4]", "--set", "initial.width=[1]", ranks=(10,))


if __name__ == "__main__":
    if not (shutil.which(ISTER) or Path(ISTER).is_file()):
        sys.exit(f"ISTER names no executable: {ISTER}")
    unittest.main(verbosity=2)
