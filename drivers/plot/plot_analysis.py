"""Pictures of what `ister analyze` writes.

ANALYSES says how each analysis is drawn. A drawing is a function of the results that returns panels, and a panel is a
function that draws on (figure, axes). Files of anything else get a panel for every array.
"""

from dataclasses import dataclass
from typing import Callable, Union

import h5py
import numpy as np
from matplotlib.ticker import MaxNLocator

from plot_style import PlotError, plt, read_hdf5, text, values_of

MOST_NUMBERS = 1 << 25  # of an array: more take too much memory, and no picture shows them
MOST_PANELS = 12
MOST_CURVES = 100  # in a panel
MOST_NAMES = 8  # in a legend; more curves are told apart by a colour bar,
MOST_NUMBERS_NAMED = 5  # and numbers earlier than names

# Symbols and units of arrays that curves run over or are told apart by. A file's own attribute `units` comes first.
SYMBOLS = {"k": ("$k$", "1/fm"), "tau": (r"$\tau$", "fm"), "time": ("$t$", "fm"), "phi": (r"$\phi$", "degrees"),
           "lag": ("lag", "frames"), "spectrum/omega": (r"$\omega$", "1/fm"), "tone/omega": (r"$\omega$", "1/fm")}

PARAMETER_UNITS = {"D0": r"Å$^2$/s$^{1+\alpha}$", "D_offset": r"Å$^2$/s", "g0": r"1/s$^{1+\beta}$",
                   "g_offset": "1/s", "phi0": "degrees"}


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
            raise PlotError(f"{self.path}: {name} of shape {item.shape} is too large to draw")
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


def lagged(results):
    """Correlations over the lag: in frames, or in time where --step says what a frame is."""
    meaning = {"raw": "sum over the pairs", "unbiased": "mean over the pairs", "normalised": "correlation coefficient"}
    label = meaning.get(results.attributes.get("normalisation"), "correlation")
    has_time = "time" in results and not np.array_equal(results["time"], results["lag"])
    over, over_label = ("time", "lag [units of --step]") if has_time else ("lag", "")
    is_complex = "correlation_imaginary" in results
    drawings = (Curves("correlation", label + ", real part" * is_complex, over, "row", over_label=over_label),
                Curves("correlation_imaginary", label + ", imaginary part", over, "row", over_label=over_label),
                Curves("pairs", "pairs of frames", over, over_label=over_label))
    return [panel for drawing in drawings for panel in drawing(results)]


def two_time_maps(results, most=6):
    names = sorted(n for n in results.arrays if n.startswith("xpcs/twotime/correlation_map/"))
    step = float(results.attributes.get("step", 1.0))

    def panel(number):
        def draw(figure, axes):
            draw_image(figure, axes, results[names[number]], "$t_2 - t_0$ [fm]", "$t_1 - t_0$ [fm]", "$C_2(t_1, t_2)$",
                       step=step)
            axes.set_title(Family(results, "k", len(names)).names[number])

        return draw

    return [panel(i) for i in evenly(len(names), most)]


def static_structure(results):
    """F at lag 0. At other lags it is f times that."""
    return results["F"][0] if "F" in results else None


def amplitude(results):
    if "tone/amplitude_real" not in results:
        return None
    return results["tone/amplitude_real"] + 1j * results["tone/amplitude_imag"]


def size_of_tones(results):
    return None if amplitude(results) is None else np.abs(amplitude(results))


def phase_of_tones(results):
    return None if amplitude(results) is None else np.angle(amplitude(results), deg=True)


def directions(results):
    """Where the selected angles point, with the ranges they were selected by, and where they stand in the data."""
    if "angle" not in results or results["angle"].size == 0:
        return []
    angle = (results["angle"] + 180) % 360 - 180
    ranges = [tuple(map(float, r.split(":"))) for r in str(results.attributes.get("ranges", "")).split()]

    def shade(span):
        for lower, upper in ranges:
            for turn in (-360, 0, 360):
                end = upper if upper >= lower else upper + 360
                span(lower + turn, end + turn, color="C1", alpha=0.2, linewidth=0)

    def histogram(_, axes):
        axes.hist(angle, bins=np.arange(-180, 181, 5))
        shade(axes.axvspan)
        axes.set(xlabel="angle [degrees]", ylabel="selected angles per 5 degrees", xlim=(-180, 180),
                 xticks=range(-180, 181, 45))

    def places(_, axes):
        axes.plot(results["index"], angle, ".", markersize=3)
        shade(axes.axhspan)
        axes.set(xlabel="index in the data", ylabel="angle [degrees]", ylim=(-180, 180), yticks=range(-180, 181, 45))

    return [histogram, places]


def parameter_table(results):
    names = str(results.attributes.get("names", "")).split()
    if "parameters" not in results or len(names) != results["parameters"].size:
        return []

    def draw(_, axes):
        rows = []
        for name, value, error in zip(names, results["parameters"], results["errors"]):
            spread = "fixed" if error == 0 else f"{error:.2g}" if np.isfinite(error) else "undetermined"
            rows.append([name, f"{value:.6g}", spread, PARAMETER_UNITS.get(name, "")])
        axes.axis("off")
        table = axes.table(rows, colLabels=["parameter", "value", "error", "unit"], loc="center", cellLoc="left",
                           edges="horizontal")
        table.scale(1, 1.5)
        chi_squared, freedom = float(results["chi_squared"]), int(results["degrees_of_freedom"])
        axes.set_title(f"$\\chi^2$ = {chi_squared:.6g} for {freedom} degrees of freedom")

    return [draw]


def parameter_correlations(results):
    """Of the parameters that are free and determined."""
    names = str(results.attributes.get("names", "")).split()
    if "covariance" not in results or results["covariance"].shape != (len(names), len(names)):
        return []
    errors = results["errors"]
    free = np.flatnonzero((errors > 0) & np.isfinite(errors))
    if free.size < 2:
        return []

    def draw(figure, axes):
        correlation = results["covariance"][np.ix_(free, free)] / np.outer(errors[free], errors[free])
        draw_image(figure, axes, correlation, "", "", "correlation of errors", about_zero=True, limits=(-1, 1))
        axes.set_xticks(range(free.size), [names[i] for i in free], rotation=45)
        axes.set_yticks(range(free.size), [names[i] for i in free])

    return [draw]


def residuals(results, most=5):
    """(data - model)/sigma of angles, on one scale, and how they are spread."""
    values = results.arrays.get("residuals")
    if values is None or values.ndim != 3 or values.size == 0:
        return []
    step = float(results.attributes.get("dt", 1.0)) * float(results.attributes.get("stride", 1.0))

    def panel(number):
        def draw(figure, axes):
            draw_image(figure, axes, values[number], "$t_2$ [s]", "$t_1$ [s]", r"(data $-$ model)/$\sigma$",
                       about_zero=True, step=step, limits=colour_range(values[values != 0], True))
            axes.set_title(Family(results, "phi", len(values)).names[number])

        return draw

    def spread(_, axes):
        shown = values[np.isfinite(values) & (values != 0)]
        axes.hist(shown, bins=100, density=True)
        x = np.linspace(-4, 4, 201)
        axes.plot(x, np.exp(-x * x / 2) / np.sqrt(2 * np.pi), label="noise of standard deviation 1")
        axes.set(xlabel=r"(data $-$ model)/$\sigma$", ylabel="probability density")
        axes.legend(fontsize=8)

    return [spread] + [panel(i) for i in evenly(len(values), most)]


def norms(results):
    """A panel for each norm, a curve for each field; of single states all norms by field."""
    fields = sorted(n[: -len("_max")] for n in results.arrays if n.endswith("_max"))
    if not fields:
        return []
    kinds = {"l1": "$L_1$ norm", "l2": "$L_2$ norm", "max": "max norm"}
    differing = [f for f in fields if np.any(results[f"{f}_max"] != 0)]
    equal = ", ".join(f for f in fields if f not in differing)

    def log_scale(axes):
        axes.set_title(f"equal: {equal}" if equal else "", fontsize=8, wrap=True)
        axes.set_ylabel("difference")
        axes.grid(alpha=0.25)
        axes.set_yscale("log", nonpositive="mask")

    def all_equal(_, axes):
        axes.axis("off")
        axes.text(0.5, 0.5, "all fields are equal", ha="center")

    def over_time(kind):
        def draw(_, axes):
            for i, field in enumerate(differing):
                colour = plt.get_cmap("tab20")(i % 20)
                plot_curve(axes, results["time"], results[f"{field}_{kind}"], label=field, color=colour)
            log_scale(axes)
            axes.set(xlabel=results.label("time"), ylabel=kinds[kind])
            axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))

        return draw

    def by_field(_, axes):
        for kind, name in kinds.items():
            axes.plot(differing, [results[f"{f}_{kind}"][0] for f in differing], "o", label=name)
        log_scale(axes)
        axes.tick_params(axis="x", rotation=45)
        axes.legend(fontsize=8)

    if not differing:
        return [all_equal]
    return [over_time(kind) for kind in kinds] if results["time"].size > 1 else [by_field]


def kernels(results):
    """h_p over the tap, order by order, with its errors."""
    if "h" not in results:
        return []
    rows = np.atleast_2d(results["h"])
    errors = np.atleast_2d(results["h_error"]) if "h_error" in results else np.zeros_like(rows)

    def panel(order):
        def draw(_, axes):
            axes.axhline(0, color="0.7", linewidth=0.8)
            axes.errorbar(np.arange(rows.shape[1]), rows[order], errors[order], marker=".", capsize=2)
            axes.set(xlabel="tap [samples]", ylabel=f"$h_{order + 1}$")
            axes.grid(alpha=0.25)

        return draw

    return [panel(order) for order in range(len(rows))]


def certificate(results):
    """What the kernel misses, as parts of y."""
    if "certificate" not in results:
        return []
    values = results["certificate"]

    def draw(_, axes):
        axes.plot(["memory", "form", "unclear"], values, "o")
        axes.axhline(0.001, color="0.7", linewidth=0.8)
        axes.set_yscale("symlog", linthresh=1e-4)
        axes.set_ylabel("certificate")
        axes.grid(alpha=0.25)

    return [draw]


def records(name, most=4):
    """A few records as curves in panels of their own; of many the first one, and all as a map."""

    def drawing(results):
        if name not in results or results[name].size == 0:
            return []
        rows = np.atleast_2d(results[name])

        def panel(number):
            def draw(_, axes):
                plot_curve(axes, np.arange(rows.shape[1]), rows[number], linewidth=1)
                axes.set(xlabel="sample", ylabel=f"${name}$", title=f"record {number}" if len(rows) > 1 else "")
                axes.margins(x=0)

            return draw

        if len(rows) > most:
            return [panel(0), *Image(name, "sample", "record", f"${name}$")(results)]
        return [panel(i) for i in range(len(rows))]

    return drawing


def every_array(results):
    """For files of anything: matrices as maps, the rest as curves over the first array that fits."""
    abscissae = [n for n in results.arrays if results[n].ndim == 1 and n.split("/")[-1] in
                 ("lag", "tau", "delay", "k", "omega", "frequency", "time", "phi", "angle", "tap", "index")]

    def panels(name):
        values, label = results[name], name.split("/")[-1]
        while values.ndim > 2:
            values, label = values[0], label + "[0]"
        over = next((n for n in abscissae if results[n].size in values.shape), "index")
        if values.ndim == 2 and min(values.shape) > 2 and over == "index":
            return [lambda figure, axes: draw_image(figure, axes, values, "", "", label)]
        length = results[over].size if over in results else max(values.shape)
        return Curves(lambda _: values, label, over, "row", rows=values.shape[0] != length)(results)

    shown = [n for n in results.arrays if n not in abscissae and results[n].size > 1]
    return [panel for name in shown for panel in panels(name)]


OMEGA = "spectrum/omega"

# The heading, with the file's attributes, and the drawings of each analysis.
ANALYSES = {
    "spectrum": ("Spectrum of {fields}", (
        Curves("energy", r"$E(k) = \sum_{\rm shell} |f_k|^2/2$", "k", "time", rows=True, log="xy"),
        Curves("structure_factor", r"$S(k) = V \langle |f_k|^2 \rangle$", "k", "time", rows=True, log="xy"),
        Curves("modes", "modes in the shell", "k", log="xy"))),
    "correlate": ("Correlation of {x} and {y}, {normalisation}", (
        lagged, Image("pearson", "row of y", "row of x", "correlation coefficient", limits=(-1, 1)))),
    "g2": ("Scattering function of {fields}", (
        Curves("f", r"$f = F(k, \tau)/F(k, 0)$", "tau", "k"), Curves("g2", r"$g_2 = 1 + \beta f^2$", "tau", "k"),
        Curves(static_structure, r"$F(k, 0) = \langle |a_k|^2 \rangle$", "k", log="y"),
        Curves("modes", "modes in the shell", "k"), two_time_maps)),
    "probes": ("Probes of {field} {filter}", (
        Curves("value", "{field}", "time", "position"),
        Curves("spectrum/power", "power spectrum", OMEGA, "position", rows=True, log="xy"),
        Curves(size_of_tones, "amplitude $|a|$", "tone/omega", "position", rows=True, points=True),
        Curves(phase_of_tones, "phase of $a$ [degrees]", "tone/omega", "position", rows=True, points=True),
        Curves("tone/residual", "residual", "tone/omega", "position", rows=True, points=True))),
    "compare": ("Differences", (norms,)),
    "angles": ("Selected angles", (directions,)),
    "fit": ("Fit of two-time correlations at q = {q:.4g} 1/Å", (
        parameter_table, Curves("contrast", "contrast", "phi", points=True),
        Curves("offset", "offset", "phi", points=True),
        Curves("chi_squared_of_angle", r"$\chi^2$ of the angle", "phi", points=True),
        parameter_correlations, residuals)),
    "volterra apply": ("Response of {kernel} to {file}", (records("y"),)),
    "volterra excite": ("Excitation, {method}", (
        records("x"), Curves("waveforms", "waveform", "sample", "waveform", rows=True),
        Curves("levels", "level", "number", points=True),
        Curves("tones", "tone [periods in a waveform]", "number", points=True))),
    "volterra identify": ("Kernel by {method}", (
        kernels, Image("h2", "tap", "tap", "$h_2$"),
        Image("h2_error", "tap", "tap", "error of $h_2$", about_zero=False), certificate)),
}


def heading(results, template):
    try:
        return template.format(**results.attributes)
    except (AttributeError, LookupError, TypeError, ValueError):
        return results.path.name


def figure_of(results):
    """The picture of a file. PlotError where it holds nothing to draw."""
    kind = str(results.attributes.get("analysis", ""))
    template, drawings = ANALYSES.get(kind, (results.path.name, (every_array,)))
    try:
        panels = [panel for drawing in drawings for panel in drawing(results)]
        if not panels:
            raise PlotError(f"{results.path}: holds no arrays to draw")
        columns = 1 if len(panels) <= 3 else 2 if len(panels) <= 6 else 3
        shown = panels[:MOST_PANELS]
        rows = -(-len(shown) // columns)
        figure, grid = plt.subplots(rows, columns, figsize=((8, 13, 17)[columns - 1], 0.6 + 3.6 * rows), squeeze=False)
        for panel, axes in zip(shown, grid.flat):
            panel(figure, axes)
    except (LookupError, TypeError, ValueError) as error:
        raise PlotError(f"{results.path}: its arrays are not those of \"{kind}\" ({error})") from error
    for axes in grid.flat[len(shown):]:
        axes.set_visible(False)
    left_out = f"   ({len(shown)} of {len(panels)} panels)" if len(shown) < len(panels) else ""
    figure.suptitle(heading(results, template) + left_out)
    return figure
