"""What all pictures share: their looks, how they are saved, and what can go wrong."""

import contextlib
import os
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))  # beside this folder, installed or not
from ister import InputError
from ister.reading import plain, printable

DPI = 150

plt.rcParams.update({"font.size": 10, "axes.titlesize": 11, "axes.grid": False, "legend.frameon": False,
                     "axes.spines.top": False, "axes.spines.right": False, "lines.linewidth": 1.6,
                     "figure.constrained_layout.use": True, "agg.path.chunksize": 20000})


@contextlib.contextmanager
def drawing(source):
    """What matplotlib and numpy say to data that no picture can show, as an InputError that names the source."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        raise InputError(f"{source}: cannot be drawn ({error})") from error


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


def text(value):
    """An attribute as text for a picture, in which a dollar sign would begin a formula."""
    value = plain(value)
    return printable(value).replace("$", r"\$") if isinstance(value, str) else value
