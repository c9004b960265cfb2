#!/usr/bin/python3
"""Many events in a job: each is what a run of its own makes of it, bit by bit, and is there once, whatever was killed.

Environment as in command.py.
"""

import os
import random
import signal
import time
import unittest

import h5py
import numpy as np
from command import LIMIT, CommandTest, deck_head

POINTS, STEP = 32, 0.5
DECK = deck_head("many", [32, 32], [8.0, 8.0], start=0.6, end=1.2, step=0.1) + """
[transport]
eta_over_s = 0.16
[initial]
type = "trento"
file = "events.h5"
grid_spacing = 0.5
scale = 10.0
floor = 1e-3
[surface]
energy_density = 1.0
stop = false
[ensemble]
events = "0:6"
chunk = 4
keep = ["history", "surface", "state"]
"""
BAD = 4  # the number of an event that is nothing


def event(number):
    """A lumpy event; its dataset is [y, x]."""
    rng = np.random.default_rng(number)
    places = (np.arange(POINTS) - (POINTS - 1) / 2) * STEP
    x, y = np.meshgrid(places, places)
    return sum(np.exp(-((x - a)**2 + (y - b)**2) / (2 * 1.2**2)) for a, b in rng.uniform(-2, 2, (5, 2)))


def write_events(path, count, bad=()):
    with h5py.File(path, "w") as file:
        for number in range(count):
            dataset = file.create_dataset(f"event_{number}", data=event(number) * (number not in bad))
            dataset.attrs["b"] = 0.25 * number
            dataset.attrs["npart"] = 100 + number


def eccentricity(weight, coordinates, n):
    """eps_n exp(i n psi_n) about the centre."""
    x, y = np.meshgrid(coordinates, coordinates)
    z = x + 1j * y
    z = z - np.sum(weight * z) / np.sum(weight)
    return -np.sum(weight * z**n) / np.sum(weight * np.abs(z)**n)


def contents(item):
    """All attributes and datasets below a group, but for how long it took."""
    found = {f"@{key}": value for key, value in item.attrs.items() if key != "wall"}
    for name, member in item.items():
        if isinstance(member, h5py.Group):
            found.update({f"{name}/{key}": value for key, value in contents(member).items()})
        else:
            found[name] = member[()]
    return found


class EnsembleTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("deck.toml", DECK)

    def files(self, folder="out"):
        return sorted((self.folder / folder).glob("many_ensemble_*.h5"))

    def events(self, folder="out"):
        """{number: contents}, each found once."""
        found = {}
        for path in self.files(folder):
            with h5py.File(path, "r") as file:
                for name, group in file.items():
                    number = int(name.removeprefix("event_"))
                    self.assertNotIn(number, found)
                    self.assertEqual(path.name, f"many_ensemble_{number // file.attrs['chunk']:04}.h5")
                    found[number] = contents(group)
        return found

    def assert_equal_contents(self, a, b):
        self.assertEqual(a.keys(), b.keys())
        for key in a:
            np.testing.assert_array_equal(a[key], b[key], err_msg=key)

    def assert_same_events(self, a, b):
        self.assertEqual(sorted(a), sorted(b))
        for number in a:
            self.assert_equal_contents(a[number], b[number])

    def ensemble(self, *options, code=0, **others):
        return self.assert_runs("run", "deck.toml", *options, code=code, **others)


class EventsTest(EnsembleTest):
    def test_each_is_what_its_run_makes_of_it(self):
        write_events(self.folder / "events.h5", 6, bad=[BAD])
        said = self.ensemble(ranks=(2,), code=4)
        self.assertIn("1 of 6 events failed: 4", said)
        self.assertIn("all values are zero", said)
        events = self.events()
        self.assertEqual(sorted(events), list(range(6)))
        self.assertEqual(len(self.outputs("*")), 2, "a file for each chunk and no others")
        for number in (0, 5):  # 5 is run after the one that fails
            self.assert_runs("run", "deck.toml", "--output", "one", "--overwrite", "--set", "ensemble.events=",
                             f"initial.event={number}")
            self.compare(events[number], number)
        bad = events[BAD]
        self.assertEqual((bad["@exit_code"], bad["@steps"], bad["@verdict_balance"]), (2, 0, "none"))
        self.assertTrue(np.isnan(bad["@eps_2"]))
        self.assertIn("events.h5: all values are zero", bad["@message"])
        self.assertEqual([events[n]["@exit_code"] for n in (0, 1, 2, 3, 5)], 5 * [0])
        self.assertIn("/event_5: b = 1.25,", self.assert_runs("info", self.files()[1]))

    def test_hadrons(self):
        write_events(self.folder / "events.h5", 3)
        deck = ("--set", "ensemble.events=0:3", "grid.points=[32, 24]")
        self.ensemble(*deck, 'ensemble.keep=["spectra"]', ranks=(2,))
        kept = self.events()
        self.assertNotIn("surface/tau", kept[1])
        self.assert_runs("run", "deck.toml", "--output", "one", "--set", "grid.points=[32, 24]", "ensemble.events=",
                         "initial.event=1", ranks=(1,))
        self.assert_runs("analyze", "particles", "one/many_surface.h5", "-o", "one.h5", ranks=(1,))
        with h5py.File(self.folder / "one.h5") as file:
            self.assert_equal_contents({k[8:]: v for k, v in kept[1].items() if k.startswith("spectra/") and "@" not in k},
                                       {k: v for k, v in contents(file).items() if "@" not in k})
        said = self.assert_runs("analyze", "ensemble", self.files()[0], "--classes", 0, 100, "-o", "e.h5", ranks=(1,))
        self.assertIn("3 events", said)

    def compare(self, kept, number):
        """An event with the files of its run."""
        one = self.folder / "one"
        table = np.genfromtxt(one / "many_history.csv", delimiter=",", names=True)
        for name in table.dtype.names:
            np.testing.assert_array_equal(kept[f"history/{name}"], table[name], err_msg=name)
        with h5py.File(one / "many_surface.h5") as file:
            self.assert_equal_contents({k[8:]: v for k, v in kept.items() if k.startswith("surface/")},
                                       contents(file["surface"]))
        with h5py.File(one / "many_state_00000006.h5") as file:
            for name, values in file["state"].items():
                if values.ndim == 2:
                    np.testing.assert_array_equal(kept[f"state/{name}"], values[()], err_msg=name)
            self.assertEqual(kept["@verdict_balance"], file.attrs["verdict_balance"])
        with h5py.File(one / "many_state_00000000.h5") as file:
            state = file["state"]
            coordinates = -8 + 0.5 * np.arange(32)
            for n in range(2, 6):
                expected = eccentricity(state["energy_density"][()], coordinates, n)
                got = kept[f"@eps_{n}"] * np.exp(1j * n * kept[f"@psi_{n}"])
                self.assertLess(abs(got - expected), 1e-13)
            u0 = np.sqrt(1 + state["ux"][()]**2 + state["uy"][()]**2)
            e, temperature = state["energy_density"][()], state["temperature"][()]
            entropy = 0.6 * 0.25 * np.sum(4 / 3 * e / temperature * u0)
            self.assertAlmostEqual(kept["@entropy"] / entropy, 1, delta=1e-12)
        self.assertEqual(kept["@energy"], kept["history/energy"][0])
        self.assertEqual((kept["@b"], kept["@npart"], kept["@steps"]), (0.25 * number, 100 + number, 6))
        self.assertEqual(kept["@time"], 1.2)

    def test_ranks_do_not_matter_but_for_rounding(self):
        write_events(self.folder / "events.h5", 3)
        options = ("--set", "ensemble.events=0:3", "fftw.wisdom=true")
        self.ensemble(*options, "--output", "one")
        self.ensemble(*options, "ensemble.ranks_per_event=2", "--output", "two", ranks=(3,))
        one, two = self.events("one"), self.events("two")
        for number in range(3):
            a, b = (found[number]["state/energy_density"] for found in (one, two))
            self.assertLess(np.max(np.abs(a - b)) / np.max(b), 1e-12)
            self.assertLess(abs(one[number]["@eps_3"] - two[number]["@eps_3"]), 1e-12)

    def test_files_by_a_pattern(self):
        (self.folder / "events").mkdir()
        for number in range(3):
            np.savetxt(self.folder / f"events/{number}.dat", event(number) * (number != 1),
                       header=f"event {number}\nb     = {number + 0.5}\nnpart = {10 + number}")
        options = ("--set", "initial.file=events/0.dat", "ensemble.events=events/*.dat")
        said = self.ensemble(*options, code=4)
        self.assertIn("1 of 3 events failed: 1;", said)
        self.assertIn("0 to run, 3 are there", self.ensemble(*options, "--restart", code=4))
        before = self.events()
        np.savetxt(self.folder / "events/1.dat", event(1))
        self.ensemble(*options, "--restart", "--retry-failed")
        after = self.events()
        self.assertEqual([after[n]["@exit_code"] for n in range(3)], [0, 0, 0])
        self.assertEqual((after[2]["@b"], after[2]["@npart"]), (2.5, 12))
        self.assertTrue(after[2]["@file"].endswith("events/2.dat"))
        self.assert_equal_contents(before[2], after[2])

    def test_shares_of_several_jobs(self):
        write_events(self.folder / "events.h5", 6)
        for share in ("4:6", "0:4"):
            self.ensemble("--events", share)
        self.assertIn("0 to run, 6 are there", self.ensemble("--restart"))
        self.assertEqual(sorted(self.events()), list(range(6)))


class RefusedEnsemble(EnsembleTest):
    def test_what_is_no_ensemble(self):
        write_events(self.folder / "events.h5", 6)
        cases = [(["ensemble.events", "A:B"], "--set", "ensemble.events=6:6"),
                 (["neither A:B", "nothing*.dat"], "--set", "ensemble.events=nothing*.dat"),
                 (["--events 2:6", "at 0 or 4"], "--events", "2:6"),
                 (["within 0:6"], "--events", "4:7"),
                 (["ranks_per_event = 5"], "--set", "ensemble.ranks_per_event=5"),
                 (["modes.wavevectors", "no place"], "--set", "observers.modes.wavevectors=[[1, 0]]"),
                 (["--retry-failed", "--restart"], "--retry-failed"),
                 (["--retry-failed", "no ensemble"], "--set", "ensemble.events=", "--restart", "--retry-failed"),
                 (["takes no FILE"], "--restart", "x.h5"),
                 (["initial.event = 0", "applies only where"], "--set", "initial.type=supermc")]
        for case, (words, *options) in enumerate(cases):
            self.assert_refused(2, words, "run", "deck.toml", *options, ranks=self.ranks_of(case))
        self.assertEqual(self.files(), [])

    def test_events_that_no_file_has(self):
        write_events(self.folder / "events.h5", 2)
        (self.folder / "one.dat").write_text("1 1 1 1\n" * 4)
        cases = [(["events.h5 holds 2 events", "within 0:2"],),
                 (["one.dat holds 1 event", "within 0:1"], "--set", "initial.file=one.dat"),
                 (["nothing*.dat"], "--set", "ensemble.events=nothing*.dat")]
        for words, *options in cases:
            for command in ("run", "check"):
                self.assert_refused(2, ["deck.toml", "ensemble.events = ", *words], command, "deck.toml", *options,
                                    ranks=(1,))
        self.assertEqual(self.files(), [])

    def test_what_is_there_already(self):
        write_events(self.folder / "events.h5", 4)
        deck = ("run", "deck.toml", "--set", "ensemble.events=0:4")
        self.assert_runs(*deck)
        before = self.events()
        self.assert_refused(2, ["many_ensemble_0000.h5", "--restart", "--overwrite"], *deck)
        self.assert_refused(2, ["time.end = 1.3, was 1.2", "one problem"], *deck, "time.end=1.3", "--restart",
                            ranks=(1,))
        self.assert_refused(2, ["content of the file"], *self.with_another_event(deck), ranks=(1,))
        self.assert_same_events(before, self.events())
        self.damage(self.files()[0])
        self.assert_refused(3, ["many_ensemble_0000.h5", "damaged", "--overwrite"], *deck, "--restart", ranks=(1,))
        self.assert_refused(3, ["damaged"], "info", self.files()[0], ranks=(1,))
        self.assert_runs(*deck, "--restart", "--overwrite")
        self.assertEqual(sorted(self.events()), [0, 1, 2, 3])

    def with_another_event(self, deck):
        write_events(self.folder / "others.h5", 5)
        return (*deck, "initial.file=others.h5", "--restart")


class InterruptedEnsemble(EnsembleTest):
    COUNT, BAD = 20, (3, 4, 11, 15, 19)
    OPTIONS = ("--set", f"ensemble.events=0:{COUNT}", "ensemble.chunk=8", "time.end=1.0", "time.step=0.02")
    LONG = ("--set", "ensemble.events=0:8", "time.step=0.002")  # most of the time goes into steps

    def setUp(self):
        super().setUp()
        write_events(self.folder / "events.h5", self.COUNT, self.BAD)

    def await_events(self, process, count):
        """Until so many events are on the disk, or the job is over."""
        began = time.monotonic()
        while process.poll() is None and time.monotonic() - began < LIMIT:
            journals = [path.read_bytes() for path in (self.folder / "out").glob("*.journal")]
            if sum(text.count(b"ISTER-EVENT ") for text in journals) >= count:
                return
            time.sleep(0.002)

    def undisturbed(self, options):
        self.ensemble(*options, "--output", "whole", code=4)
        return self.events("whole")

    def test_killed_at_random_until_done(self):
        whole = self.undisturbed(self.OPTIONS)
        rng = random.Random(os.getpid())
        for attempt in range(50):
            process = self.start("run", "deck.toml", *self.OPTIONS, "--restart", ranks=1 + attempt % 2)
            if attempt < 6:
                self.await_events(process, rng.randrange(1, 8))
                time.sleep(rng.uniform(0, 0.05))
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                continue
            code, out, err = self.finish(process)
            break
        self.assertEqual(code, 4, out + err)
        self.assertIn("5 of 20 events failed: 3, 4, 11, 15, 19;", err)
        self.assert_same_events(whole, self.events())
        self.assertEqual(len(self.outputs("*")), 3)

    def test_a_signal_checkpoints_what_runs(self):
        whole = self.undisturbed(self.LONG)
        interrupted = []
        for attempt in range(20):  # until it comes in steps, and not between events
            process = self.start("run", "deck.toml", *self.LONG, "--overwrite")
            self.await_events(process, 1)
            time.sleep(0.03 * attempt)
            process.send_signal(signal.SIGUSR1)
            code, out, err = self.finish(process)
            interrupted = self.outputs("many_event_*_checkpoint.h5")
            if interrupted:
                break
        self.assertEqual(code, 75, out + err)
        self.assertIn("go on with --restart", out)
        self.assertGreaterEqual(len(self.events()), 1)
        self.assertEqual(self.outputs("*.journal") + self.outputs("*.lock"), [])
        with h5py.File(interrupted[0]) as file:
            self.assertGreater(file.attrs["step"], 0)
        self.ensemble(*self.LONG, "--restart", code=4)
        self.assert_same_events(whole, self.events())
        self.assertEqual(self.outputs("*checkpoint*"), [])

    def test_the_wall_clock(self):
        self.ensemble(*self.OPTIONS, "run.wall_clock_limit=00:00:01", code=75)
        self.assertLess(len(self.events()), self.COUNT)


if __name__ == "__main__":
    unittest.main()
