"""What all pictures share: their looks, how they are saved, and what can go wrong."""

import contextlib
import os
import resource
import signal
import stat

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

DPI = 150

plt.rcParams.update({"font.size": 10, "axes.titlesize": 11, "axes.grid": False, "legend.frameon": False,
                     "axes.spines.top": False, "axes.spines.right": False, "lines.linewidth": 1.6,
                     "figure.constrained_layout.use": True, "agg.path.chunksize": 20000})


class PlotError(Exception):
    """Something about the input that the user can mend; ends the script with the exit code."""

    code = 2


class FileError(PlotError):
    """A file that is missing, or that is not what it should be."""

    code = 3


@contextlib.contextmanager
def drawing(source):
    """What matplotlib and numpy say to data that no picture can show, as a PlotError that names the source."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        raise PlotError(f"{source}: cannot be drawn ({error})") from error


def save(figure, path, written):
    """Writes the picture aside and renames it: nothing is written through a link that stands in its place."""
    aside = path.with_name(f".{path.name}.part")
    with contextlib.suppress(FileNotFoundError):
        aside.unlink()
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    try:
        with open(descriptor, "wb") as file:
            figure.savefig(file, dpi=DPI, bbox_inches="tight", format="png")
        aside.replace(path)
    except BaseException:
        aside.unlink()
        raise
    plt.close(figure)
    written.append(path)


def require_plain(path):
    """FileError for what would not end, or is not there."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise FileError(f"{path}: not a plain file")


def rehearse(path, read):
    """Tries in a child process whether HDF5 survives reading a file: on some damage it crashes or does not end."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        seconds = 3 + path.stat().st_size // 10_000_000
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        with contextlib.suppress(BaseException):  # the caller meets it again
            read()
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        raise FileError(f"{path}: the file is damaged: the HDF5 library fails on it")


def read_hdf5(path, read):
    """read(file) of an HDF5 file; FileError for whatever is wrong with the file."""
    require_plain(path)

    def attempt():
        with h5py.File(path, "r") as file:
            return read(file)

    rehearse(path, attempt)
    try:
        return attempt()
    except (OSError, LookupError, RuntimeError, TypeError, ValueError, MemoryError) as error:
        raise FileError(f"{path}: cannot be read as HDF5 ({error})") from error


def values_of(dataset):
    """All of a dataset's numbers; those that lie in other files are not followed."""
    if dataset.external or dataset.is_virtual:
        raise FileError(f"{dataset.file.filename}: {dataset.name} lies in other files, which are not followed")
    return dataset[()]


def text(value):
    """An attribute as text for a picture: HDF5 has strings of two kinds, and a dollar sign would begin a formula."""
    value = value.decode(errors="replace") if isinstance(value, bytes) else value
    return printable(value).replace("$", r"\$") if isinstance(value, str) else value


def printable(message):
    """Without the control characters that a file's texts may hold."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in message)
