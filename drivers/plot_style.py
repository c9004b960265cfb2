"""What all pictures share: their looks, how they are saved, and what can go wrong."""

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


def save(figure, path, written):
    figure.savefig(path, dpi=DPI, bbox_inches="tight")
    plt.close(figure)
    written.append(path)


def text(value):
    """An attribute as text: HDF5 has strings of two kinds."""
    return value.decode() if isinstance(value, bytes) else value
