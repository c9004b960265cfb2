"""HDF5 files of any origin: read without following what lies outside of them, damage told as a FileError."""

import contextlib
import os
import resource
import signal
import stat

import h5py
import numpy as np

from .errors import FileError


def require_plain(path):
    """FileError for what would not end, or is not there."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(mode):
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


def datasets_of(group):
    """The datasets of a group by name; links to other files are not followed."""
    inside = [name for name in group if isinstance(group.get(name, getlink=True), h5py.HardLink)]
    return {name: group[name] for name in inside if isinstance(group[name], h5py.Dataset)}


def plain(value):
    """An attribute as a text, a number or an array: HDF5 has strings of two kinds."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value.item() if isinstance(value, np.generic) else value


def attributes_of(item):
    return {name: plain(value) for name, value in item.attrs.items()}


def printable(message):
    """Without the control characters that a file's texts may hold."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in message)
