#!/usr/bin/python3
"""What cluster/ister.sbatch starts, and when it queues itself again: with stand-ins for Slurm's commands, each of which
notes how it was called. tests/slurm has the same script under a real Slurm.

Environment as in command.py.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from command import DECK, ISTER

SCRIPT = Path(__file__).resolve().parents[2] / "cluster" / "ister.sbatch"
STAND_IN = '#!/bin/bash\nprintf "%s\\n" "${0##*/}" "$@" >>"$STANDINS/calls"\n'
SRUN = STAND_IN + """
[[ $1 != --mpi=list ]] || { echo "$MPI_TYPES"; exit; }
[[ -z $WRITE ]] || { mkdir -p "${WRITE%/*}" && touch "$WRITE"; }
exit $ENDS
"""
CHECK = """#!/bin/bash
[[ $1 == check ]] || exit
[[ $* =~ --output\\ (.*) ]]
printf '[run]\\nname = "small"\\noutput = "%s"\\n\\n[grid]\\n' "${BASH_REMATCH[1]:-out}"
"""


class BatchTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_batch_"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "bin").mkdir()
        for name, text in (("srun", SRUN), ("mpirun", SRUN), ("ister", CHECK), ("scontrol", STAND_IN),
                           ("squeue", STAND_IN + 'echo "$TIME_LIMIT"')):
            path = self.folder / "bin" / name
            path.write_text(text)
            path.chmod(0o755)
        (self.folder / "small.toml").write_text(DECK)

    def attempt(self, *words, restarts=0, ends=0, writes="", types="pmix none", limit="1-00:00:00", **environment):
        """Exit code, output, the words that start the ranks, and those of every scontrol."""
        calls = self.folder / "calls"
        calls.unlink(missing_ok=True)
        ister = environment.pop("ISTER", f"{self.folder}/bin/ister")
        environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "STANDINS": str(self.folder),
                       "ISTER": ister, "SLURM_SUBMIT_DIR": str(self.folder), "SLURM_JOB_ID": "70",
                       "SLURM_NTASKS": "4", "SLURM_RESTART_COUNT": str(restarts), "MPI_TYPES": types,
                       "ENDS": str(ends), "WRITE": writes, "TIME_LIMIT": limit, "OMP_NUM_THREADS": "1",
                       "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", **environment}
        done = subprocess.run(["bash", SCRIPT, *words], cwd=self.folder, env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        noted = calls.read_text().splitlines() if calls.exists() else []
        launch = noted[noted.index("run"):] if "run" in noted else []
        names = [i for i, word in enumerate(launch) if word in ("scontrol", "squeue")]
        queued = noted[noted.index("requeue") + 1] if "requeue" in noted else None
        return done.returncode, done.stdout, launch[1:names[0] if names else None], queued

    def test_words_of_a_requeue(self):
        """Whatever the first start was to go on from or to overwrite, later ones go on from the newest checkpoint."""
        for words in (["small.toml", "--restart", "other.ckpt"], ["small.toml", "--restart=a/b c.h5"],
                      ["--restart", "x=1.hdf5", "small.toml"], ["--overwrite", "small.toml"],
                      ["small.toml", "--overwrite=true"], ["--restart", "small.toml"], ["small.toml", "--restart"],
                      ["small.toml"]):
            with self.subTest(words=words):
                self.assertEqual(self.attempt(*words)[2], words)
                self.assertEqual(self.attempt(*words, restarts=1)[2], ["small.toml", "--restart"])
        words = ["small.toml", "--set", "time.end=1.1", "time.step=0.1", "--output", "there"]
        self.assertEqual(self.attempt(*words, "--restart", "a", restarts=1)[2], [*words[:4], "--restart", *words[4:]])

    def test_exit_codes_pass(self):
        for ends in (0, 2, 3, 4, 70):
            code, _, _, queued = self.attempt("small.toml", ends=ends)
            self.assertEqual((code, queued), (ends, None))
            self.assertEqual((self.folder / "out" / "small.job").exists(), ends != 0)

    def test_three_times_without_progress(self):
        for ends in (75, 137, 139):
            with self.subTest(ends=ends):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                got = [self.attempt("small.toml", restarts=i, ends=ends) for i in range(4)]
                self.assertEqual([(code, queued) for code, _, _, queued in got], [(ends, "70")] * 3 + [(ends, None)])
                self.assertIn("no progress", got[-1][1])

    def test_progress_counts_anew(self):
        """A job that gets on is queued again as often as it takes; another job's count is no matter."""
        for restarts in range(8):
            step = f"{self.folder}/out/small_checkpoint_{restarts // 2 * 10:08}.h5"
            self.assertEqual(self.attempt("small.toml", restarts=restarts, ends=75, writes=step)[3], "70", restarts)
        for _ in range(4):
            self.attempt("small.toml", restarts=9, ends=75)
        self.assertEqual(self.attempt("small.toml", restarts=1, ends=75, SLURM_JOB_ID="71")[3], "71")
        (self.folder / "out" / "small.job").write_text("")  # its node was lost as it was written
        self.assertEqual(self.attempt("small.toml", restarts=2, ends=75, SLURM_JOB_ID="71")[3], "71")

    def test_progress_in_a_folder_of_its_own(self):
        """The name and the folder are those that options and input resolve to."""
        for restarts in range(5):
            step = f"{self.folder}/else where/n_checkpoint_{restarts:08}.h5"
            queued = self.attempt("small.toml", "--set", "run.name=n", "--output", "else where", restarts=restarts,
                                  ends=75, writes=step, ISTER=os.path.abspath(ISTER))[3]
            self.assertEqual(queued, "70", restarts)

    def test_lost_nodes_are_counted(self):
        """Slurm itself queues a job again whose node is lost: the script does not reach its end."""
        for restarts in range(4):
            self.assertTrue(self.attempt("small.toml", restarts=restarts, ends=1)[2])
        code, out, launch, _ = self.attempt("small.toml", restarts=4)
        self.assertEqual((code, launch), (70, []))
        self.assertIn("giving up", out)

    def test_limit_within_the_lead(self):
        """The signal comes at once: a step from start to start is no progress."""
        queued = []
        for restarts in range(4):
            step = f"{self.folder}/out/small_checkpoint_{restarts + 1:08}.h5"
            _, out, _, again = self.attempt("small.toml", restarts=restarts, ends=75, writes=step, limit="5:00")
            queued.append(again)
            self.assertIn("time limit", out)
        self.assertEqual(queued, ["70"] * 3 + [None])

    def test_array(self):
        array = {"SLURM_ARRAY_JOB_ID": "70", "SLURM_ARRAY_TASK_ID": "3"}
        _, _, launch, queued = self.attempt("small.toml", ends=75, **array)
        self.assertEqual((launch, queued), (["small.toml", "--output", "out/3"], "70_3"))
        launch = self.attempt("small.toml", "--output=there", "--restart", restarts=1, **array)[2]
        self.assertEqual(launch, ["small.toml", "--restart", "--output", "there/3"])
        code, out, launch, _ = self.attempt("missing.toml", **array, ISTER=os.path.abspath(ISTER))
        self.assertEqual((code, launch), (3, []))
        self.assertIn("missing.toml", out)

    def test_launcher(self):
        for types, name in (("pmix pmi2 none", "srun --mpi=pmix"), ("none pmi2", "mpirun"), ("", "srun:")):
            self.assertIn("starting with " + name, self.attempt("small.toml", types=types)[1])
        self.assertIn("SLURM_MPI_TYPE=pmi2", self.attempt("small.toml", SLURM_MPI_TYPE="pmi2")[1])

    def test_executable_that_cannot_be_asked(self):
        """The ranks say what is wrong; three requeues are the most."""
        for restarts, again in ((0, "70"), (2, "70"), (3, None)):
            self.assertEqual(self.attempt("small.toml", restarts=restarts, ends=135, ISTER="/nowhere")[3], again)


if __name__ == "__main__":
    unittest.main()
