"""A Slurm of its own in a scratch folder: munge, controller and two node daemons on this host, without systemd, cgroups
or accounting. Everything that was started in it ends with it."""

import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

NODE = "SCRATCH_NODE"  # a mark in the environment of a node's daemon and its steps
DAEMONS = ("munged", "slurmctld", "slurmd")
CONFIGURATION = """
ClusterName=scratch
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
TmpFS={folder}/tmp.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
SlurmdParameters=config_overrides
SlurmdTimeout=4
KillWait=5
ReturnToService=2
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[1]} CPUs=4
NodeName=n2 NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[2]} CPUs=4
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE
"""


def why_not():
    """Why there can be no such Slurm here; empty where there can."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    missing = [name for name in (*DAEMONS, "sbatch", "srun") if not shutil.which(name, path=path)]
    return f"not installed: {', '.join(missing)} (Debian: slurm-wlm, munge)" if missing else ""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def prctl(option, value):
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def descendants(of):
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            pass  # ended meanwhile
    found, front = [], [of]
    while front:
        front = [child for child, parent in parents.items() if parent in front]
        found += front
    return found


def environment_of(pid):
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []  # ended meanwhile


def runs(pid, executable):
    try:
        return os.path.samefile(f"/proc/{pid}/exe", executable)
    except OSError:
        return False  # ended meanwhile


class Cluster:
    """Nodes n1 and n2 with four processors each. `with_pmix=False`: a Slurm that was built without PMIx."""

    def __init__(self, with_pmix=True):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_slurm_"))
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("SLURM")}
        self.environment.update(PATH=os.environ["PATH"] + ":/usr/sbin:/sbin", SLURM_CONF=f"{self.folder}/slurm.conf")
        self.daemons = []
        atexit.register(self.stop)
        prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: whatever a daemon leaves behind becomes a child of this process
        self._start(with_pmix)

    def _start(self, with_pmix):
        (self.folder / "state").mkdir()
        (self.folder / "munge.key").write_bytes(os.urandom(128))
        (self.folder / "munge.key").chmod(0o600)
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            host=socket.gethostname().split(".")[0], folder=self.folder, user=user, ports=free_ports(3)) +
            ("" if with_pmix else self._without_pmix()))
        self._daemon("munged", "--foreground", "--force", *(f"--{kind}={self.folder}/munge{ending}" for kind, ending in
                     (("socket", ".socket"), ("key-file", ".key"), ("pid-file", ".pid"), ("log-file", ".log"),
                      ("seed-file", ".seed"))))
        self.wait(lambda: (self.folder / "munge.socket").exists(), "munged does not start")
        self._daemon("slurmctld", "-D")
        for node in ("n1", "n2"):
            self.start_node(node)
        self.wait(lambda: self.idle_nodes() == 2, "the two nodes do not start")

    def _without_pmix(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        for library in next(Path("/usr/lib").rglob("mpi_none.so")).parent.glob("*.so"):
            if "pmix" not in library.name:
                (plugins / library.name).symlink_to(library)
        return f"PluginDir={plugins}\n"

    def _daemon(self, *command, **environment):
        with open(self.folder / f"{command[0]}.{len(self.daemons)}.out", "wb") as log:
            self.daemons.append(subprocess.Popen(
                command, env={**self.environment, **environment}, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=lambda: prctl(1, signal.SIGKILL)))  # PR_SET_PDEATHSIG

    def _output(self, *command, check=True):
        done = subprocess.run(command, env=self.environment, cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=30)
        if check and done.returncode:
            raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}")
        return done.stdout

    def wait(self, condition, complaint, limit=30):
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{complaint}\n{self.logs()}")
            time.sleep(0.1)

    def idle_nodes(self):
        return self._output("sinfo", "--noheader", "--Node", "--format=%T", check=False).split().count("idle")

    def start_node(self, node):
        """As after booting: what an earlier daemon left in the node's own folders is gone."""
        for kind in ("spool", "tmp"):
            shutil.rmtree(self.folder / f"{kind}.{node}", ignore_errors=True)
            (self.folder / f"{kind}.{node}").mkdir()
        self._daemon("slurmd", "-D", "-N", node, **{NODE: node})

    def kill_node(self, node):
        """As if the power was cut: the daemon, the steps that it started and all below them."""
        for pid in descendants(os.getpid()):
            if f"{NODE}={node}" in environment_of(pid):
                for doomed in (pid, *descendants(pid)):
                    self._kill(doomed)

    @staticmethod
    def _kill(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def submit(self, *arguments, environment=()):
        """The number of a job."""
        done = subprocess.run(["sbatch", "--parsable", *map(str, arguments)], cwd=self.folder, text=True, timeout=30,
                              env={**self.environment, **dict(environment)}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode:
            raise AssertionError(done.stdout)
        return done.stdout.strip().split(";")[0]

    def signal(self, job, *options):
        self._output("scancel", *options, job)

    def show(self, job):
        """What scontrol knows of a job, as a dictionary."""
        words = self._output("scontrol", "--oneliner", "show", "job", job).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def ended(self, job):
        return self.show(job)["JobState"] not in ("PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "REQUEUED")

    def logs(self):
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}"
                         for pattern in ("*.log", "*.out") for path in sorted(self.folder.glob(pattern)))

    def stop(self):
        while processes := descendants(os.getpid()):
            for pid in processes:
                self._kill(pid)
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                break
            time.sleep(0.05)
        for daemon in self.daemons:
            daemon.poll()
        shutil.rmtree(self.folder, ignore_errors=True)
