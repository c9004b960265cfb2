#!/usr/bin/python3
"""cluster/ister.sbatch under a Slurm of the test's own: see slurm_cluster.py.

Environment: ISTER, the executable. Exit code 77: skipped, because Slurm is not installed; the reason is printed.
"""

import os
import signal
import sys
import unittest
from pathlib import Path

import h5py
from slurm_cluster import Cluster, descendants, runs, why_not

SCRIPT = Path(__file__).resolve().parents[2] / "cluster" / "ister.sbatch"
LIMIT = 150  # seconds, of a job with all its attempts
DECK = """
[run]
name = "flow"
output = "out"
wall_clock_limit = "00:05:00"
[grid]
points = [24, 16]
lower = [-6.0, -4.0]
upper = [6.0, 4.0]
[time]
end = {end}
step = 0.01
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 1.0
width = [1.5, 1.5]
[output]
every_steps = 1000000
[checkpoint]
every_steps = 10
[history]
every_steps = 100
"""


class SlurmTest(unittest.TestCase):
    """Jobs of two ranks, one on each node."""

    def cluster(self, end, **options):
        cluster = Cluster(**options)
        self.addCleanup(cluster.stop)
        (cluster.folder / "flow.toml").write_text(DECK.format(end=end), encoding="utf-8")
        cluster.environment.update(ISTER=os.environ["ISTER"], OMP_NUM_THREADS="1", SLURM_WAIT="3",
                                   OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                                   OMPI_MCA_mpi_yield_when_idle="1")
        self.slurm = cluster
        return cluster

    def submit(self, *options, words=(), **environment):
        return self.slurm.submit("--nodes=2", "--ntasks-per-node=1", *options, SCRIPT, "flow.toml", *words,
                                 environment=environment)

    def log(self, job):
        path = self.slurm.folder / f"ister-{job}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def newest_step(self, folder="out"):
        steps = [int(path.stem.rpartition("_")[2])
                 for path in (self.slurm.folder / folder).glob("flow_checkpoint_*.h5")]
        return max(steps, default=-1)

    def wait(self, job, condition, complaint):
        try:
            self.slurm.wait(condition, complaint, LIMIT)
        except AssertionError as error:
            self.fail(f"{error}\n--- scontrol\n{self.slurm.show(job)}\n--- log of the job\n{self.log(job)}")

    def wait_for_progress(self, job, beyond=0):
        self.wait(job, lambda: self.newest_step() > beyond, f"no checkpoint after step {beyond}")

    def wait_for_end(self, job, state, code):
        self.wait(job, lambda: self.slurm.ended(job), "the job does not end")
        shown = self.slurm.show(job)
        self.assertEqual((shown["JobState"], shown["ExitCode"].split(":")[0]), (state, str(code)), self.log(job))
        return shown

    def ranks(self):
        """The processes that run the executable."""
        return [pid for pid in descendants(os.getpid()) if runs(pid, os.environ["ISTER"])]

    def assert_went_on(self, job, times):
        log = self.log(job)
        self.assertEqual((log.count("going on from"), self.slurm.show(job)["Restarts"]), (times, str(times)), log)

    def assert_finished(self, folder="out", end=None):
        states = sorted((self.slurm.folder / folder).glob("flow_state_*.h5"))
        with h5py.File(states[-1], "r") as state:
            self.assertEqual(state.attrs["time"], end)
        rows = (self.slurm.folder / folder / "flow_history.csv").read_text().splitlines()[1:]
        steps = [int(row.split(",")[0]) for row in rows]
        self.assertEqual(steps, sorted(set(steps)))

    def test_signal_requeue_continue(self):
        """The signal that comes before the limit: a checkpoint, the queue again, and on to the end."""
        self.cluster(end=10)
        job = self.submit("--time=10", words=["--overwrite"])
        self.wait_for_progress(job)
        self.slurm.signal(job, "--signal=USR1", "--batch")
        self.wait_for_end(job, "COMPLETED", 0)
        log = self.log(job)
        self.assertIn("starting with srun --mpi=pmix", log)
        self.assertIn("2 ranks", log)
        self.assert_went_on(job, 1)
        self.assert_finished(end=10)

    def test_time_limit_and_scancel(self):
        """Slurm's own signal; then scancel, which ends the job with a checkpoint and for good."""
        self.cluster(end=100000)
        job = self.submit("--time=1", "--signal=B:USR1@50")
        self.wait(job, lambda: "going on from" in self.log(job), "the time limit does not lead to a continuation")
        before = self.newest_step()
        self.wait_for_progress(job, before)
        self.slurm.signal(job)
        self.wait(job, lambda: self.slurm.ended(job), "scancel does not end the job")
        self.assertEqual(self.slurm.show(job)["JobState"], "CANCELLED")
        self.assertEqual(self.log(job).count("stopped early with a checkpoint; go on"), 2, self.log(job))

    def test_killed_rank(self):
        """The rank that is left must not wait for ever."""
        self.cluster(end=10)
        job = self.submit("--time=10")
        self.wait_for_progress(job)
        os.kill(self.ranks()[0], signal.SIGKILL)
        self.wait_for_end(job, "COMPLETED", 0)
        self.assertIn("ended by signal 9", self.log(job))
        self.assert_went_on(job, 1)
        self.assert_finished(end=10)

    def test_lost_node(self):
        self.cluster(end=10)
        job = self.submit("--time=10")
        self.wait_for_progress(job)
        self.slurm.kill_node("n2")
        self.wait(job, lambda: self.slurm.show(job)["JobState"] == "PENDING", "the job is not queued again")
        self.slurm.start_node("n2")
        self.wait_for_end(job, "COMPLETED", 0)
        self.assert_went_on(job, 1)
        self.assert_finished(end=10)

    def test_array(self):
        """Every task in a folder of its own."""
        self.cluster(end=1)
        jobs = self.submit("--array=3,5", "--time=10")
        for index in ("3", "5"):
            self.wait_for_end(f"{jobs}_{index}", "COMPLETED", 0)
            self.assert_finished(f"out/{index}", end=1)
        self.assertEqual(sorted(path.name for path in (self.slurm.folder / "out").iterdir()), ["3", "5"])

    def test_without_pmix(self):
        """mpirun starts the ranks, and stops with a checkpoint as well."""
        self.cluster(end=10, with_pmix=False)
        job = self.submit("--time=10", "--nodes=1", "--ntasks-per-node=2")
        self.wait_for_progress(job)
        self.slurm.signal(job, "--signal=USR1", "--batch")
        self.wait_for_end(job, "COMPLETED", 0)
        self.assertIn("starting with mpirun", self.log(job))
        self.assertIn("2 ranks", self.log(job))
        self.assert_went_on(job, 1)
        self.assert_finished(end=10)

    def test_wrong_mpi_type(self):
        """Ranks that do not find each other end the job for good, before any of them writes."""
        self.cluster(end=1)
        job = self.submit("--time=10", SLURM_MPI_TYPE="none")
        self.wait(job, lambda: self.slurm.ended(job), "the job does not end")
        shown = self.slurm.show(job)
        self.assertEqual((shown["JobState"], shown["Restarts"]), ("FAILED", "0"), self.log(job))
        self.assertFalse(list(self.slurm.folder.glob("out/flow_*")))


if __name__ == "__main__":
    if why_not():
        print("skipped:", why_not())
        sys.exit(77)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends what was started, as any exit
    unittest.main()
