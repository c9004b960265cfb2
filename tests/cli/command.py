"""The executable as the tests of this folder call it.

Environment: ISTER, the executable; MPIRUN, the launcher with its options (default: mpirun). A run that takes longer
than the limit counts as a hang, and fails.
"""

import os
import resource
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import h5py

ISTER = os.environ.get("ISTER", "ister")
MPIRUN = shlex.split(os.environ.get("MPIRUN", "mpirun"))
LIMIT = float(os.environ.get("ISTER_TEST_LIMIT", "90"))  # seconds
ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMP_NUM_THREADS": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1", **os.environ}

DECK = """
[run]
name = "small"
output = "out"
[grid]
points = [16, 12]
lower = [-4.0, -3.0]
upper = [4.0, 3.0]
[time]
start = 1.0
end = 1.2
step = 0.05
[transport]
eta_over_s = 0.1
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 0.5
width = [1.0, 1.0]
"""
HOT_SPOT = DECK[DECK.index('type = "hot_spot"'):]


def deck_head(name, points, upper, lower=None, geometry="milne", **times):
    """The first sections of a deck; without `lower` the origin is the middle of the box."""
    return f"""
[run]
name = "{name}"
output = "out"
[grid]
geometry = "{geometry}"
points = {points}
lower = {lower or [-x for x in upper]}
upper = {upper}
[time]
""" + "".join(f"{key} = {value}\n" for key, value in times.items())


class CommandTest(unittest.TestCase):
    """Runs the executable in a folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_cli_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def deck(self, initial=None, name="deck.toml"):
        """The small deck, where wanted with another end of the section [initial]."""
        return self.write(name, DECK if initial is None else DECK.replace(HOT_SPOT, initial))

    def keep_plans_here(self):
        """Plans of FFTW are kept in the folder of the test."""
        cache = mock.patch.dict(ENVIRONMENT, XDG_CACHE_HOME=str(self.folder / "cache"))
        cache.start()
        self.addCleanup(cache.stop)

    def start(self, *arguments, ranks=1, file_limit=None):
        command = [ISTER, *map(str, arguments)]
        if ranks > 1:
            command = [*MPIRUN, "-n", str(ranks), *command]
        limit = None
        if file_limit is not None:
            def limit():
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
        return subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
                                preexec_fn=limit)

    def finish(self, process, limit=LIMIT):
        """Exit code, standard output and standard error; a process that does not end is ended, and fails the test."""
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            self.fail(f"no end after {limit} s: {process.args}\n{out}\n{err}")
        for sign in ("terminate called", "Segmentation fault", "Assertion", "MPI_ABORT was invoked"):
            self.assertNotIn(sign, out + err)
        return process.returncode, out, err

    def kill_when(self, condition, *arguments, ranks=1):
        """Ends a run by SIGKILL once the condition holds; whether it was still running then."""
        process = self.start(*arguments, ranks=ranks)
        began = time.monotonic()
        while process.poll() is None and not condition() and time.monotonic() - began < LIMIT:
            time.sleep(0.002)
        alive = process.poll() is None
        if alive:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return alive

    def run_ister(self, *arguments, **options):
        return self.finish(self.start(*arguments, **options))

    def assert_refused(self, code, words, *arguments, ranks=(1, 3), **options):
        """Every number of ranks ends with that code and one message that has all the words, in any case."""
        for count in ranks:
            with self.subTest(ranks=count, arguments=arguments):
                got, out, err = self.run_ister(*arguments, ranks=count, **options)
                self.assertEqual(got, code, out + err)
                for word in words:
                    self.assertIn(word.lower(), err.lower())
                self.assertEqual(err.count("ister: "), 1, f"not one message:\n{err}")

    @staticmethod
    def ranks_of(case):
        """Of several cases that are refused at the same place of the code, several ranks look at the first alone."""
        return (1, 3) if case == 0 else (1,)

    def assert_runs(self, *arguments, ranks=(1,), code=0, **options):
        for count in ranks:
            got, out, err = self.run_ister(*arguments, ranks=count, **options)
            self.assertEqual(got, code, out + err)
        return out + err

    def outputs(self, pattern):
        return sorted((self.folder / "out").glob(pattern))

    def damage(self, path):
        """Changes one byte in the middle of a dataset."""
        with h5py.File(path, "r") as file:
            places = []
            file.visititems(lambda _, item: places.append((item.id.get_offset(), item.id.get_storage_size()))
                            if isinstance(item, h5py.Dataset) and item.id.get_offset() is not None else None)
        offset, size = max(places, key=lambda place: place[1])
        with open(path, "r+b") as file:
            file.seek(offset + size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0x55]))
