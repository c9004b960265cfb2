"""Pictures of what `ister analyze` writes.

ANALYSES says how each analysis is drawn. A drawing is a function of the results that returns panels, and a panel is a
function that draws on (figure, axes). Files of anything else get a panel for every array.
"""

import numpy as np

from plot_drawing import MOST_PANELS, Curves, Family, Image, colour_range, draw_image, evenly, plot_curve
from plot_ensemble import ENSEMBLE
from plot_style import plt
from ister import InputError

PARAMETER_UNITS = {"D0": r"Å$^2$/s$^{1+\alpha}$", "D_offset": r"Å$^2$/s", "g0": r"1/s$^{1+\beta}$",
                   "g_offset": "1/s", "phi0": "degrees"}


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


def particles(results):
    """Spectra of all species, then their elliptic and triangular flow; mirrored species lie on each other. Of several
    rapidities those at the one nearest to 0, and the yields over rapidity."""
    species = [name.removesuffix("/pt") for name in results.arrays if name.endswith("/pt")]
    rapidities = np.atleast_1d(results.attributes.get("rapidity", 0.0))
    several, nearest = len(rapidities) > 1, int(np.argmin(np.abs(rapidities)))

    def curves(abscissa, values, xlabel, ylabel, xlim, log=False):
        def draw(_, axes):
            for name in species:
                plot_curve(axes, abscissa(name), values(name), label=name, linewidth=1)
            axes.set(xlabel=xlabel, ylabel=ylabel, xlim=xlim, yscale="log" if log else "linear")
            axes.grid(alpha=0.25)
            if len(species) <= 10:
                axes.legend(ncol=2, fontsize="small")

        return draw

    def over_pt(name, index, label, log=False):
        def values(one):
            array = results[one + name]
            return (array[nearest] if several else array)[index]

        at = f", $y = {rapidities[nearest]:.3g}$" if several else ""
        return curves(lambda one: results[one + "/pt"], values, "$p_T$ [GeV]", label + at, (0, 4), log)

    panels = [over_pt("/dN_2pi_pT_dpT_dy", slice(None), r"$dN/2\pi p_T dp_T dy$ [GeV$^{-2}$]", log=True),
              over_pt("/vn_pt", 1, "$v_2$"), over_pt("/vn_pt", 2, "$v_3$")]
    if several:
        panels.append(curves(lambda _: rapidities, lambda one: results[one + "/dN_dy"], "$y$", "$dN/dy$", None))
    return panels


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
    "ensemble": ("Events by {by}, left out: {exclude}", ENSEMBLE),
    "particles": ("Particles, shear {shear}, decays {decays}", (particles,)),
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
    """The picture of a file. InputError where it holds nothing to draw."""
    kind = str(results.attributes.get("analysis", ""))
    template, drawings = ANALYSES.get(kind, (results.path.name, (every_array,)))
    try:
        panels = [panel for drawing in drawings for panel in drawing(results)]
        if not panels:
            raise InputError(f"{results.path}: holds no arrays to draw")
        columns = 1 if len(panels) <= 3 else 2 if len(panels) <= 6 else 3
        shown = panels[:MOST_PANELS]
        rows = -(-len(shown) // columns)
        figure, grid = plt.subplots(rows, columns, figsize=((8, 13, 17)[columns - 1], 0.6 + 3.6 * rows), squeeze=False)
        for panel, axes in zip(shown, grid.flat):
            panel(figure, axes)
    except (LookupError, TypeError, ValueError) as error:
        raise InputError(f"{results.path}: its arrays are not those of \"{kind}\" ({error})") from error
    for axes in grid.flat[len(shown):]:
        axes.set_visible(False)
    left_out = f"   ({len(shown)} of {len(panels)} panels)" if len(shown) < len(panels) else ""
    figure.suptitle(heading(results, template) + left_out)
    return figure
