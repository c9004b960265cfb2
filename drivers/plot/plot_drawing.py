"""What pictures of results are made of: the arrays of a file, families of curves, images."""

from dataclasses import dataclass
from typing import Callable, Union

import h5py
import numpy as np
from matplotlib.ticker import MaxNLocator

from plot_style import plt, text
from ister import InputError
from ister.reading import read_hdf5, values_of

MOST_NUMBERS = 1 << 25  # of an array: more take too much memory, and no picture shows them
MOST_PANELS = 12
MOST_CURVES = 100  # in a panel
MOST_NAMES = 8  # in a legend; more curves are told apart by a colour bar,
MOST_NUMBERS_NAMED = 5  # and numbers earlier than names

# Symbols and units of arrays that curves run over or are told apart by. A file's own attribute `units` comes first.
SYMBOLS = {"k": ("$k$", "1/fm"), "tau": (r"$\tau$", "fm"), "time": ("$t$", "fm"), "phi": (r"$\phi$", "degrees"),
           "lag": ("lag", "frames"), "spectrum/omega": (r"$\omega$", "1/fm"), "tone/omega": (r"$\omega$", "1/fm")}



class Results:
    """The arrays and attributes of a file."""

    def __init__(self, path):
        self.path, self.arrays, self.units = path, {}, {}
        read_hdf5(path, self._read)

    def _read(self, file):
        self.attributes = {name: text(value) for name, value in file.attrs.items()}
        file.visititems(self._take)

    def _take(self, name, item):
        if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "biuf" or item.shape is None:
            return
        if item.size > MOST_NUMBERS:
            raise InputError(f"{self.path}: {name} of shape {item.shape} is too large to draw")
        name = text(name)
        self.arrays[name] = np.asarray(values_of(item), float)
        self.units[name] = text(item.attrs.get("units", ""))

    def __contains__(self, name):
        return name in self.arrays

    def __getitem__(self, name):
        return self.arrays[name]

    def symbol(self, name):
        return SYMBOLS.get(name, (name, ""))[0]

    def unit(self, name):
        return self.units.get(name) or SYMBOLS.get(name, ("", ""))[1]

    def label(self, name):
        unit = self.unit(name)
        return self.symbol(name) + (f" [{unit}]" if unit else "")


def evenly(count, most):
    """Up to `most` of `count` indices, evenly spread, the first and the last included."""
    return np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int)) if count else []


class Family:
    """What tells curves apart: the numbers of an array, the positions of probes, or a word with a number from 0."""

    def __init__(self, results, name, count):
        array = results.arrays.get(name)
        self.is_quantity = array is not None and array.shape == (count,)
        self.numbers = array if self.is_quantity else np.arange(count)
        self.label = results.label(name) if self.is_quantity else name
        if self.is_quantity:
            self.names = [f"{results.symbol(name)} = {value:.4g} {results.unit(name)}".strip() for value in array]
        elif array is not None and array.ndim == 2 and len(array) == count:
            self.names = [f"at ({', '.join(f'{x:.4g}' for x in point)}) fm" for point in array]
        else:
            self.names = [f"{name} {i}" for i in range(count)]
        self.is_named = count <= (MOST_NUMBERS_NAMED if self.is_quantity else MOST_NAMES)
        low, high = np.min(self.numbers), np.max(self.numbers)
        self.scale = plt.Normalize(low, high if high > low else low + 1)

    def colour(self, i):
        if self.is_named and (not self.is_quantity or len(self.names) == 1):
            return f"C{i}"
        return plt.get_cmap("viridis")(0.92 * self.scale(self.numbers[i]))

    def show(self, figure, axes):
        if not self.is_named:
            figure.colorbar(plt.cm.ScalarMappable(self.scale, "viridis"), ax=axes, label=self.label)
        elif len(self.names) > 1:
            axes.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0, ncol=2, columnspacing=1)


def scale_abscissa(axes, x, log):
    """Logarithmic where asked for; lags that grow by powers of two get an axis that does so, too, and shows 0."""
    steps = np.diff(x)
    if log and np.any(x > 0):
        axes.set_xscale("log")
    elif len(steps) > 8 and x[0] >= 0 and np.all(steps > 0) and steps.max() > 3 * steps.min():
        axes.set_xscale("symlog", linthresh=x[x > 0][0])
    else:
        axes.margins(x=0.03)


def plot_curve(axes, x, y, **style):
    axes.plot(x, y, **{"marker": "." if len(x) <= 60 else None, **style})


@dataclass(frozen=True)
class Curves:
    """An array as curves over another one."""

    values: Union[str, Callable]  # its name, or a function of the results
    label: str
    over: str  # the abscissa; what is no array is a number from 0
    each: str = ""  # what tells the curves apart: an array, or a word; without one there is one curve
    rows: bool = False  # whether a curve is a row of the array, not a column
    log: str = ""  # which of x and y are logarithmic
    over_label: str = ""  # in place of the abscissa's own
    points: bool = False  # not joined by lines

    def __call__(self, results):
        values = self.values(results) if callable(self.values) else results.arrays.get(self.values)
        if values is None or values.size == 0:
            return []
        curves = np.atleast_2d(values if self.rows or values.ndim == 1 else values.T)
        x = results[self.over] if self.over in results else np.arange(curves.shape[1])
        return [lambda figure, axes: self.draw(figure, axes, results, x, curves)]

    def draw(self, figure, axes, results, x, curves):
        x_label = self.over_label or results.label(self.over)
        if "x" in self.log and np.any(x > 0):
            curves, x_label = curves[:, x > 0], x_label + ("   (0 left out)" if np.any(x == 0) else "")
            x = x[x > 0]
        order = np.argsort(x, kind="stable")
        family = Family(results, self.each, len(curves))
        chosen = evenly(len(curves), MOST_CURVES)
        for i in chosen:
            style = {"linestyle": "", "marker": "o"} if self.points else {}
            plot_curve(axes, x[order], curves[i][order], color=family.colour(i), label=family.names[i], **style)
        if len(chosen) < len(curves):
            axes.set_title(f"{len(chosen)} of {len(curves)} curves")
        scale_abscissa(axes, x[order], "x" in self.log)
        if self.points and self.over not in results:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if "y" in self.log and np.any(curves > 0):
            axes.set_yscale("log", nonpositive="mask")
        axes.set_xlabel(x_label)
        axes.set_ylabel(self.label.replace("{field}", str(results.attributes.get("field", ""))))
        axes.grid(alpha=0.25)
        family.show(figure, axes)


def colour_range(values, about_zero):
    """Of nearly all values, so that a few outliers, such as the diagonal of a map, leave the rest visible."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.0, 1.0
    low, high = np.percentile(finite, (0.5, 99.5))
    if about_zero:
        high = max(-low, high)
        low = -high
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def upper_half(values):
    """A map of which only the upper half is stored, the empty one masked; others as they are."""
    if values.shape[0] == values.shape[1] > 2 and not np.any(np.tril(values, -1)) and np.any(np.triu(values, 1)):
        return np.where(np.tri(len(values), k=-1, dtype=bool), np.nan, values)
    return values


def draw_image(figure, axes, values, x_label, y_label, label, about_zero=False, step=1.0, limits=None):
    """Row 0 at the bottom; pixels are centred on whole multiples of step."""
    shown = upper_half(values)
    apart = shown if shown is values else np.where(np.eye(len(values), dtype=bool), np.nan, shown)
    low, high = limits or colour_range(apart, about_zero)
    rows, columns = values.shape
    image = axes.imshow(shown, origin="lower", vmin=low, vmax=high, cmap="RdBu_r" if about_zero else "viridis",
                        extent=[-0.5 * step, (columns - 0.5) * step, -0.5 * step, (rows - 0.5) * step],
                        aspect="equal" if rows == columns else "auto", interpolation="nearest")
    figure.colorbar(image, ax=axes, label=label)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    if max(values.shape) <= 8:
        for (row, column), value in np.ndenumerate(values):
            axes.text(column, row, f"{value:.2g}", ha="center", va="center", fontsize=8,
                      bbox={"facecolor": "white", "alpha": 0.6, "linewidth": 0, "pad": 1})
    if step == 1.0:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(integer=True))


@dataclass(frozen=True)
class Image:
    """A matrix in colours."""

    values: str
    x_label: str
    y_label: str
    label: str
    about_zero: bool = True
    limits: tuple = None

    def __call__(self, results):
        if self.values not in results:
            return []
        return [lambda figure, axes: draw_image(figure, axes, results[self.values], self.x_label, self.y_label,
                                                self.label, about_zero=self.about_zero, limits=self.limits)]
