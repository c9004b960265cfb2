#!/usr/bin/python3
"""What `ister check` and `ister run` say of memory, ranks and time before a run starts, against what it then takes.

Environment: ISTER, the executable; MPIRUN, the launcher with its options (default: mpirun).
"""

import os
import re
import resource
import shlex
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

ISTER = os.environ.get("ISTER", "ister")
MPIRUN = shlex.split(os.environ.get("MPIRUN", "mpirun"))
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMP_NUM_THREADS": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1", **os.environ}

INITIAL = {
    "hot_spot": 'type = "hot_spot"\ntemperature = 1.0\namplitude = 0.5\nwidth = [{ones}]',
    "random": 'type = "random_velocity"\ntemperature = 1.0\namplitude = 0.1\nk_min = 0.1\nk_max = 2.0',
    "file": 'type = "file"\nfile = "state.h5"',
}
DECK = """
[run]
name = "big"
output = "out"
[grid]
geometry = "{geometry}"
points = {points}
lower = [{lower}]
upper = [{upper}]
[time]
start = 1.0
end = {end}
step = 0.01
integrator = "{integrator}"
[solver]
formulation = "{formulation}"
[transport]
eta_over_s = {shear}
[initial]
{initial}
{more}
"""


def per_direction(value, points):
    return ", ".join([str(value)] * len(points))


class MemoryTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_cli_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def deck(self, points, initial="hot_spot", geometry="minkowski", end=1.02, integrator="rk4",
             formulation="primitive", shear=0.1, more=""):
        text = DECK.format(points=list(points), lower=per_direction(-8.0, points), upper=per_direction(8.0, points),
                           initial=INITIAL[initial].format(ones=per_direction(2.0, points)), geometry=geometry, end=end,
                           integrator=integrator, formulation=formulation, shear=shear, more=more)
        (self.folder / "deck.toml").write_text(text, encoding="utf-8")

    def start(self, *arguments, ranks=1, gigabytes=None, **variables):
        """Exit code, both outputs, seconds, and the largest peak of memory of a process in MB."""
        command = [ISTER, *arguments]
        if ranks > 1:
            command = [*MPIRUN, "-n", str(ranks), *command]

        def limit():
            if gigabytes:
                resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 1e9),) * 2)
        begin = time.monotonic()
        process = subprocess.Popen(command, cwd=self.folder, env={**ENVIRONMENT, **variables}, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=limit)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        return process.returncode, out, time.monotonic() - begin, usage.ru_maxrss / 1e6 * 1024

    def told(self, out):
        """Megabytes per rank."""
        found = re.search(r"^memory: ([\d.]+) MB per rank at most", out, re.MULTILINE)
        self.assertIsNotNone(found, out)
        return float(found.group(1))

    def assert_told(self, out, took):
        self.assertAlmostEqual(self.told(out) / took, 1.0, delta=0.05, msg=f"took {took:.1f} MB:\n{out}")

    def write_state(self, points, bad=None):
        with h5py.File(self.folder / "state.h5", "w") as file:
            file.attrs.update(format="ister-state", version=1, time=1.0, step=0, geometry="minkowski", units="natural",
                              points=np.array(points), lower=np.full(len(points), -8.0), upper=np.full(len(points), 8.0))
            energy = np.full(points[::-1], 5.0)
            if bad is not None:
                energy[bad] = np.nan
            file["state/energy_density"] = energy

    # What no machine of these days holds is counted all the same, in little memory and time.
    def test_check_of_grids_beyond_this_machine(self):
        for points, initial in (([1200, 1000, 1024], "hot_spot"), ([2048, 2048, 512], "random"),
                                ([65521, 65521], "hot_spot"), ([65536, 4096, 4096], "hot_spot")):
            self.deck(points, initial)
            code, out, seconds, _ = self.start("check", "deck.toml", gigabytes=3)
            self.assertEqual(code, 0, out)
            arrays = self.told(out) * 1e6 / np.prod(np.array(points, float))
            self.assertTrue(200 < arrays < 800, out)
            self.assertIn(" points" + (", without its velocities" if initial == "random" else "") + "; a run looks at all",
                          out)
            self.assertLess(seconds, 15, "even where others want the processor")

    def test_check_of_a_large_grid_still_judges_its_initial_state(self):
        self.deck([1024, 1024, 1024], shear=0.0, more="pixy = 0.1")
        text = (self.folder / "deck.toml").read_text().replace("hot_spot", "uniform")
        text = re.sub("(amplitude|width) = .*\n", "", text)
        (self.folder / "deck.toml").write_text(text)
        code, out, _, _ = self.start("check", "deck.toml", gigabytes=3)
        self.assertEqual(code, 2, out)
        self.assertIn("pixy", out)

    def test_check_finds_the_one_bad_point_of_a_file(self):
        self.write_state([40, 48, 56], bad=(31, 17, 5))
        self.deck([40, 48, 56], "file")
        code, out, _, _ = self.start("check", "deck.toml")
        self.assertEqual(code, 2, out)
        self.assertIn("point (5, 17, 31)", out)

    # Five per cent of the whole process, with output and checkpoints.
    def test_memory_of_a_run_in_three_dimensions(self):
        self.deck([64, 64, 64], end=1.03, more="[output]\nevery_steps = 1\n[checkpoint]\nevery_steps = 2")
        code, out, _, took = self.start("run", "deck.toml")
        self.assertEqual(code, 0, out)
        self.assert_told(out, took)
        self.assert_told(self.start("check", "deck.toml")[1], took)

    def test_memory_of_a_conservative_run_from_a_file(self):
        self.write_state([64, 64, 40])
        self.deck([64, 64, 40], "file", integrator="ars443", formulation="conservative")
        code, out, _, took = self.start("run", "deck.toml")
        self.assertEqual(code, 0, out)
        self.assert_told(out, took)

    def test_memory_of_random_velocities_without_shear(self):
        self.deck([80, 64, 64], "random", shear=0.0)
        code, out, _, took = self.start("run", "deck.toml")
        self.assertEqual(code, 0, out)
        self.assert_told(out, took)

    def test_memory_of_ranks(self):
        self.deck([64, 64, 60])
        code, out, _, took = self.start("run", "deck.toml", ranks=3)
        self.assertEqual(code, 0, out)
        self.assert_told(out, took)  # mpirun takes less than a rank

    def test_a_run_that_does_not_fit_says_by_how_much(self):
        self.deck([128, 128, 128])
        for ranks in (1, 2):
            code, out, _, _ = self.start("run", "deck.toml", ranks=ranks, gigabytes=0.5)
            self.assertEqual(code, 70, out)
            self.assertRegex(out, r"out of memory: .* needs [\d.]+ MB more .* ulimit -v allows [\d.]+ MB")
            self.assertEqual(out.count("ister: "), 1, out)
        self.deck([4096, 4096, 4096])
        code, out, _, _ = self.start("run", "deck.toml")
        self.assertEqual(code, 70, out)
        self.assertRegex(out, r"out of memory: .* need [\d.]+ MB together")
        self.assertFalse(any((self.folder / "out").glob("*.h5")))

    def test_idle_ranks_and_too_many_threads_are_told(self):
        self.deck([32, 9])
        for command in ("check", "run"):
            out = self.start(command, "deck.toml", ranks=11)[1]
            self.assertRegex(out, "warning: 2 of 11 ranks are idle.* 9 layers along y; take at most 9 ranks")
        out = self.start("check", "deck.toml", ranks=2, OMP_NUM_THREADS=str(os.cpu_count()))[1]
        self.assertRegex(out, "warning: .* thread.* share .* OMP_NUM_THREADS")
        self.assertNotIn("warning:", self.start("check", "deck.toml")[1])

    def test_the_table_of_ranks_agrees_with_a_check_on_as_many(self):
        self.deck([48, 40, 36])
        table = self.start("check", "deck.toml")[1]
        self.assertRegex(table, r"time: about \d+ s for 2 steps")
        self.assertRegex(table, r"advice: \d+ ranks with \d+ threads each")
        row = re.search(r"^ +4 +48 x 40 x 9 +100 % +([\d.]+) ", table, re.MULTILINE)
        out = self.start("check", "deck.toml", ranks=4)[1]
        self.assertAlmostEqual(float(row.group(1)) / self.told(out), 1.0, delta=0.05)


if __name__ == "__main__":
    unittest.main()
