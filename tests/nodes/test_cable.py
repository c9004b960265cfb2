#!/usr/bin/python3
"""Runs over two "nodes": network namespaces on this machine, each with a host name and an address of its own, joined by
a virtual cable, so that ranks on different nodes have only TCP between them.

Environment: ISTER, the executable. Exit code 77: skipped, because namespaces are not permitted; the reason is printed.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py

LIMIT = 120  # seconds, of a run
NAMES = [f"ister{os.getpid()}{side}" for side in "ab"]
ADDRESSES = ("10.213.77.1", "10.213.77.2")
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin", "OMP_NUM_THREADS": "1",
               "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}
AGENT = """#!/bin/bash
# agent ADDRESS COMMAND...: what ssh would do
case $1 in {addresses[0]}) node={names[0]} ;; *) node={names[1]} ;; esac
shift
exec ip netns exec "$node" unshare --uts sh -c "hostname $node; $*"
"""
DECK = """
[run]
name = "flow"
output = "out"
[grid]
points = [24, 16]
lower = [-6.0, -4.0]
upper = [6.0, 4.0]
[time]
end = 3.0
step = 0.01
[initial]
type = "hot_spot"
temperature = 1.0
amplitude = 1.0
width = [1.5, 1.5]
[output]
every_steps = 100
[checkpoint]
every_steps = 10
keep = 1000
"""


def ip(*words):
    done = subprocess.run(["ip", *words], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=30)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stdout.strip()}")
    return done.stdout


def remove_nodes():
    for name in NAMES:
        subprocess.run(["ip", "netns", "delete", name], env=ENVIRONMENT, stderr=subprocess.DEVNULL, check=False)


def make_nodes():
    atexit.register(remove_nodes)
    for name in NAMES:
        ip("netns", "add", name)
    ends = [name[-15:] for name in NAMES]  # the longest name of an interface
    ip("link", "add", ends[0], "netns", NAMES[0], "type", "veth", "peer", "name", ends[1], "netns", NAMES[1])
    for name, end, address in zip(NAMES, ends, ADDRESSES):
        ip("-netns", name, "address", "add", f"{address}/24", "dev", end)
        ip("-netns", name, "link", "set", end, "up")
        ip("-netns", name, "link", "set", "lo", "up")


def why_not():
    """Makes the nodes, or says why there can be none."""
    missing = [name for name in ("ip", "unshare", "mpirun") if not shutil.which(name, path=ENVIRONMENT["PATH"])]
    if missing:
        return f"not installed: {', '.join(missing)} (Debian: iproute2)"
    try:
        make_nodes()
        subprocess.run(["unshare", "--uts", "true"], check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return ""


class TwoNodes(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_nodes_"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "flow.toml").write_text(DECK, encoding="utf-8")
        agent = self.folder / "agent"
        agent.write_text(AGENT.format(names=NAMES, addresses=ADDRESSES))
        agent.chmod(0o755)
        self.mpirun = [agent, ADDRESSES[0], "exec", "mpirun", "--mca", "plm_rsh_agent", agent, "--mca", "btl",
                       "self,tcp", "--mca", "pml", "ob1", "--mca", "btl_tcp_if_include", "10.213.77.0/24", "--mca",
                       "oob_tcp_if_include", "10.213.77.0/24", "--mca", "plm_rsh_no_tree_spawn", "1", "--host",
                       ",".join(f"{address}:2" for address in ADDRESSES), "-n", "4"]

    def start(self, *words):
        """Two ranks on each node."""
        return subprocess.Popen([*map(str, self.mpirun), os.environ["ISTER"], "run", "flow.toml", *map(str, words)],
                                cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)

    def finish(self, process):
        try:
            out = process.communicate(timeout=LIMIT)[0]
        except subprocess.TimeoutExpired:
            for name in NAMES:
                self.kill_node(name)
            self.fail(f"no end after {LIMIT} s\n{process.communicate()[0]}")
        return process.returncode, out

    def kill_node(self, name):
        for pid in ip("netns", "pids", name).split():
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def checkpoints(self, folder="out"):
        return sorted((self.folder / folder).glob("flow_checkpoint_*.h5"))

    def contents(self, folder):
        data = {}
        for path in sorted((self.folder / folder).glob("flow_state_*.h5")):
            with h5py.File(path, "r") as file:
                data.update({(path.name, name): field[()].tobytes() for name, field in file["state"].items()})
        return data, (self.folder / folder / "flow_history.csv").read_text(encoding="utf-8")

    def test_lost_node(self):
        """The run ends, and what a restart makes of it has the bits of a run that lost nothing."""
        process = self.start()
        end = time.monotonic() + LIMIT
        while len(self.checkpoints()) < 3:
            self.assertLess(time.monotonic(), end, "no checkpoints")
            self.assertIsNone(process.poll(), "ended before its time")
            time.sleep(0.05)
        hosts = {name: ip("netns", "pids", name).split() for name in NAMES}
        self.assertTrue(all(len(pids) >= 3 for pids in hosts.values()), hosts)  # a daemon and two ranks
        self.kill_node(NAMES[1])
        code, out = self.finish(process)
        self.assertNotEqual(code, 0, out)
        self.assertFalse(list((self.folder / "out").glob("flow_profile.json")), "the run was over before")
        shutil.copytree(self.folder / "out", self.folder / "again")
        for folder, words in (("out", []), ("again", [self.checkpoints("again")[1]])):
            code, out = self.finish(self.start("--output", folder, "--restart", *words))
            self.assertEqual(code, 0, out)
            self.assertIn("going on from", out)
        data, history = self.contents("out")
        self.assertEqual((data, history), self.contents("again"))
        self.assertIn(("flow_state_00000300.h5", "energy_density"), data)


if __name__ == "__main__":
    if reason := why_not():
        print("skipped:", reason)
        sys.exit(77)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # removes the nodes, as any exit
    unittest.main()
