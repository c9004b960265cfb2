#!/usr/bin/python3
"""Pictures of a run: plot.py RUN_FOLDER [--name NAME], or of what `ister analyze` wrote: plot.py FILE.h5, or of the
table of `ister modes --csv FILE.csv`: plot.py FILE.csv

Reads the state files and the history that `ister run` left in RUN_FOLDER and writes PNG files to RUN_FOLDER/plots:
maps of temperature and flow per snapshot, a panel of the series, and the history as curves. Runs in one direction
become line plots, runs in three are shown as slices through the middle of the box. A FILE.h5 of an analysis, or of
anything else, is drawn in FILE.png beside it: what results of each analysis look like stands in plot_analysis.py.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from matplotlib.colors import LogNorm, Normalize

from plot_analysis import figure_of
from plot_drawing import Results
from plot_style import drawing, plt, save
from plot_table import figure_of_modes
import ister
from ister import Error, FileError, InputError
from ister.reading import printable

FIELDS = ("temperature", "energy_density", "ux", "uy", "uz", "pixx", "bulk_pressure")  # that a picture needs


class State(ister.State):
    """One snapshot with what a picture says of it; all of its fields are finite."""

    def __init__(self, path):
        super().__init__(path, FIELDS)
        if "temperature" not in self and "energy_density" not in self:
            raise InputError(f"{path}: holds neither temperature nor energy_density; see output.fields")
        for name in self.names:
            if not np.isfinite(self[name]).all():
                raise InputError(f"{path}: /state/{name} is not finite everywhere")

    @property
    def time_name(self):
        return r"\tau" if self.geometry == "milne" else "t"

    @property
    def time_label(self):
        return rf"${self.time_name} = {self.time:.4g}$ fm"

    def axis_label(self, direction):
        if direction == 2 and self.geometry == "milne":
            return r"$\eta$"
        return f"${'xyz'[direction]}$ [fm]"

    def along(self, direction):
        """Coordinates of the points in a direction."""
        return self.coordinates[self.axes[direction]]

    def middle(self, direction):
        """Index and coordinate of the point nearest to the middle of the box."""
        index = self.points[direction] // 2
        return index, self.along(direction)[index]

    def heat(self):
        """Values and label of what is drawn in colour: the temperature, or without it the energy density."""
        if "temperature" in self:
            return 1e3 * self["temperature"], "temperature [MeV]"
        return self["energy_density"], r"energy density [GeV/fm$^3$]"

    def flow(self):
        """The velocity, components first, or None where it is not stored."""
        return self.velocity() if all(name in self for name in ("ux", "uy", "uz")) else None


class Slice:
    """A plane of a state: coordinates across and up, and how to cut fields and vectors."""

    def __init__(self, state, across, up):
        self.state, self.across, self.up = state, across, up
        self.index = [slice(None)] * state.dimensions  # fields are indexed (z, y, x)
        self.title = ""
        for direction in range(state.dimensions):
            if direction not in (across, up):
                i, at = state.middle(direction)
                self.index[state.dimensions - 1 - direction] = i
                name = state.axis_label(direction).replace(" [fm]", "")
                self.title = f"{name} = {at:.3g}" + ("" if name == r"$\eta$" else " fm")

    def cut(self, field):
        plane = field[tuple(self.index)]
        return plane if self.across < self.up else plane.T

    def extent(self):
        """Pixels are centred on their points."""
        sides = []
        for direction in (self.across, self.up):
            x = self.state.along(direction)
            half = 0.5 * (x[1] - x[0])
            sides += [x[0] - half, x[-1] + half]
        return sides

    def draw(self, axes, field, **style):
        return axes.imshow(self.cut(field), origin="lower", extent=self.extent(), interpolation="bilinear",
                           aspect="equal" if self.is_isotropic() else "auto", **style)

    def is_isotropic(self):
        return not (self.state.geometry == "milne" and 2 in (self.across, self.up))

    def label(self, axes):
        axes.set_xlabel(self.state.axis_label(self.across))
        axes.set_ylabel(self.state.axis_label(self.up))

    def arrows(self, axes, velocity, heat, count=17):
        """Arrows where the fluid is warm; the far exterior moves fast and matters to nobody."""
        across, up = (self.state.along(d) for d in (self.across, self.up))
        pick = [np.arange(n // (2 * count), n, max(1, n // count)) for n in (len(up), len(across))]
        choose = np.ix_(*pick)
        vx, vy, warm = (self.cut(f)[choose] for f in (velocity[self.across], velocity[self.up], heat))
        shown = warm > 0.25 * heat.max()
        if not np.any(np.hypot(vx, vy)[shown] > 1e-6):
            return
        axes.quiver(across[pick[1]], up[pick[0]], np.where(shown, vx, np.nan), np.where(shown, vy, np.nan),
                    color="white", alpha=0.85, width=0.004, pivot="mid",
                    scale=count * max(0.3, np.hypot(vx, vy)[shown].max()) / 1.1)


def planes(state):
    if state.dimensions == 2:
        return [Slice(state, 0, 1)]
    return [Slice(state, 0, 1), Slice(state, 0, 2)]


def speed_style(states):
    """One colour scale of |v| for the whole series."""
    top = max(float(np.sqrt(np.sum(s.flow() ** 2, axis=0)).max()) for s in states)
    return {"cmap": "viridis", "vmin": 0.0, "vmax": max(top, 1e-12)}


def plot_map(state, speeds, path, written):
    """Temperature with arrows of the flow, and the speed: one column per plane."""
    heat, heat_label = state.heat()
    velocity = state.flow()
    cuts = planes(state)
    rows = 1 if velocity is None else 2
    # Two dimensions side by side; three as a grid of planes.
    shape = (1, rows) if len(cuts) == 1 else (rows, len(cuts))
    figure, axes = plt.subplots(*shape, figsize=(5.2 * shape[1], 4.4 * shape[0]), squeeze=False)
    cells = list(axes.flat) if len(cuts) == 1 else [axes[row, c] for row in range(rows) for c in range(len(cuts))]
    for c, cut in enumerate(cuts):
        panel = cells[c]
        bottom = heat.min() if heat.min() > 0.5 * heat.max() else 0.0
        image = cut.draw(panel, heat, cmap="inferno", vmin=bottom, vmax=heat.max())
        if velocity is not None:
            cut.arrows(panel, velocity, heat)
        figure.colorbar(image, ax=panel, label=heat_label, shrink=0.9)
        panel.set_title(cut.title)
        cut.label(panel)
        if velocity is not None:
            panel = cells[len(cuts) + c]
            image = cut.draw(panel, np.sqrt(np.sum(velocity**2, axis=0)), **speeds)
            figure.colorbar(image, ax=panel, label=r"speed $|v|$ [c]", shrink=0.9)
            panel.set_title(cut.title)
            cut.label(panel)
    figure.suptitle(f"{state.time_label}   (step {state.step})")
    save(figure, path, written)


def plot_series(states, path, written, most=6):
    """Up to six snapshots of the temperature beside one another, on one logarithmic colour scale."""
    chosen = [states[i] for i in np.unique(np.linspace(0, len(states) - 1, min(most, len(states))).round().astype(int))]
    columns = min(3, len(chosen))
    rows = -(-len(chosen) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.6 * columns + 1.0, 3.5 * rows + 0.4), squeeze=False,
                                sharex=True, sharey=True)
    label = chosen[0].heat()[1]
    top = max(s.heat()[0].max() for s in chosen)
    bottom = max(min(s.heat()[0].min() for s in chosen), 0.05 * top)
    norm = LogNorm(bottom, top) if top > 3 * bottom else Normalize(min(s.heat()[0].min() for s in chosen), top)
    for panel, state in zip(axes.flat, chosen):
        cut = planes(state)[0]
        image = cut.draw(panel, np.maximum(state.heat()[0], norm.vmin), cmap="inferno", norm=norm)
        if state.flow() is not None:
            cut.arrows(panel, state.flow(), state.heat()[0], count=13)
        panel.set_title(state.time_label)
        cut.label(panel)
        panel.label_outer()
    for panel in axes.flat[len(chosen):]:
        panel.set_visible(False)
    bar = figure.colorbar(image, ax=axes, label=label, shrink=0.8)
    if isinstance(norm, LogNorm):
        ticks = [t for t in (10, 20, 30, 50, 70, 100, 150, 200, 300, 400, 500, 700, 1000) if bottom <= t <= top]
        if len(ticks) >= 2:
            bar.set_ticks(ticks, labels=[str(t) for t in ticks])
            bar.ax.minorticks_off()
    save(figure, path, written)


def plot_lines(states, path, written):
    """A run in one direction: temperature, velocity and stress of every snapshot, coloured by time."""
    x = states[0].along(0)
    rows = [(lambda s: s.heat()[0], states[0].heat()[1])]
    if states[0].flow() is not None:
        velocities = np.stack([s.flow() for s in states])
        for i, name in enumerate("xyz"):
            if i == 0 or np.abs(velocities[:, i]).max() > 1e-14:
                rows.append((lambda s, i=i: s.flow()[i], f"$v^{name}$ [c]"))
    for name, label in (("pixx", r"$\pi^{xx}$ [GeV/fm$^3$]"), ("bulk_pressure", r"$\Pi$ [GeV/fm$^3$]")):
        if all(name in s for s in states) and max(np.abs(s[name]).max() for s in states) > 0:
            rows.append((lambda s, name=name: s[name], label))
    figure, axes = plt.subplots(len(rows), 1, figsize=(8, 0.6 + 2.3 * len(rows)), squeeze=False, sharex=True)
    start, end = states[0].time, states[-1].time
    norm = Normalize(start, end if end > start else start + 1)
    colours = plt.get_cmap("viridis")
    for panel, (values, label) in zip(axes[:, 0], rows):
        for state in states:
            panel.plot(x, values(state), color=colours(0.92 * norm(state.time)))
        panel.set_ylabel(label)
        panel.margins(x=0)
        panel.ticklabel_format(axis="y", style="sci", scilimits=(-3, 4), useOffset=True)
    axes[-1, 0].set_xlabel(states[0].axis_label(0))
    if len(states) > 8:
        figure.colorbar(plt.cm.ScalarMappable(norm, colours), ax=axes, label=f"${states[0].time_name}$ [fm]")
    else:
        labels = [state.time_label for state in states]
        axes[0, 0].legend(labels, loc="lower left", bbox_to_anchor=(0, 1.02), borderaxespad=0,
                          ncol=len(labels) if len(labels) <= 5 else 4)
    save(figure, path, written)


# Panel title, y label, and curves: column, legend.
HISTORY_PANELS = (
    ("energy", "energy [{energy}]", (("energy", ""),)),
    ("hottest and coldest point", r"$e$ [GeV/fm$^3$]", (("e_max", "largest"), ("e_min", "smallest"))),
    ("largest flow", r"$\sqrt{u\cdot u}$", (("u_max", ""),)),
    ("largest stress", r"$\sqrt{\pi:\pi}/(e+p)$", (("pi_ratio_max", ""),)),
    ("balance", "share of the energy at the start", (("balance", ""),)),
    ("energy booked", "energy [{energy}]", (("sponge_energy", "sponge"), ("floor_energy", "floor"),
                                            ("stabilizer_energy", "stabilizer"), ("drive_energy", "drive"))),
    ("momentum", "momentum [{energy}]", (("momentum_x", "$x$"), ("momentum_y", "$y$"), ("momentum_z", "$z$"))),
    ("momentum anisotropy", r"$\epsilon_p$", (("eps_p", ""),)),
    ("mean radial flow", r"$\langle v_r\rangle$ [c]", (("mean_radial_flow", ""),)),
    ("mean temperature", r"$\langle T\rangle$ [GeV]", (("mean_T", ""),)),
    ("hot area", r"area [fm$^2$]", (("hot_area", ""),)),
    ("bulk pressure", r"largest $|\Pi|/p$", (("bulk_ratio_max", ""),)),
    ("seam of the box", r"$e$ there / largest $e$", (("seam_ratio", ""),)),
    ("resolution", "share of the finest quarter", (("resolution", ""),)),
    ("under-resolved, acausal", "share of the hot matter", (("stabilizer_share", "stabilizer acts"),
                                                           ("acausal_fraction", "acausal"))),
    ("time step", "dt [fm]", (("dt", ""),)),
)


def plot_history(history, time_label, path, written):
    time, unit = history["time"], history.units.get("energy", "").replace("^2", "$^2$")
    panels = [(title, label, [c for c in curves if c[0] in history]) for title, label, curves in HISTORY_PANELS]
    panels = [p for p in panels if p[2] and any(np.isfinite(history[c[0]]).any() for c in p[2])]
    columns = 3
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(4.1 * columns, 2.9 * rows), squeeze=False, sharex=True)
    for panel, (title, label, curves) in zip(axes.flat, panels):
        for name, legend in curves:
            panel.plot(time, history[name], label=legend)
        if title.startswith("hottest") and all(np.all(history[c[0]] > 0) for c in curves):
            panel.set_yscale("log")
        else:
            panel.ticklabel_format(axis="y", style="sci", scilimits=(-3, 4))
        if len(curves) > 1:
            panel.legend(fontsize=8)
        panel.set_title(title)
        panel.set_ylabel(label.replace("{energy}", unit))
        panel.grid(alpha=0.25)
        panel.margins(x=0)
    for i, panel in enumerate(axes.flat):
        if i >= len(panels):
            panel.set_visible(False)
        elif i + columns >= len(panels):
            panel.set_xlabel(time_label)
            panel.tick_params(labelbottom=True)
    save(figure, path, written)


def plot_run(folder, name):
    run = ister.open_run(folder, name)
    states = [State(path) for path in run.state_files]
    plots = folder / "plots"
    if plots.is_symlink():
        raise FileError(f"{plots}: a symbolic link, through which no pictures are written")
    plots.mkdir(exist_ok=True)
    written = []
    time_label = rf"${states[0].time_name}$ [fm]" if states else "time [fm]"
    if states and states[0].dimensions == 1:
        plot_lines(states, plots / f"{run.name}_lines.png", written)
    elif states:
        plot_series(states, plots / f"{run.name}_series.png", written)
        speeds = speed_style(states) if all(s.flow() is not None for s in states) else {}
        for state in states:
            plot_map(state, speeds, plots / f"{run.name}_state_{state.step:08d}.png", written)
    if run.history_file.exists():
        plot_history(run.history, time_label, plots / f"{run.name}_history.png", written)
    return written


def plot_file(path):
    """A state as its map, a table as branches of waves, anything else as results of an analysis, beside the file."""
    if not path.exists():
        raise FileError(f"{path}: no such file or folder")
    written, picture = [], path.with_suffix(".png")
    if path.suffix == ".csv":
        save(figure_of_modes(path), picture, written)
        return written
    results = Results(path)
    if results.attributes.get("format") != "ister-state":
        save(figure_of(results), picture, written)
        return written
    state = State(path)
    if state.dimensions == 1:
        plot_lines([state], picture, written)
    else:
        plot_map(state, speed_style([state]) if state.flow() is not None else {}, picture, written)
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="RUN_FOLDER|FILE.h5|FILE.csv", type=Path)
    parser.add_argument("--name", help="of the run, where the folder holds several")
    arguments = parser.parse_args()
    try:
        source = arguments.folder
        with drawing(source):
            written = plot_run(source, arguments.name) if source.is_dir() else plot_file(source)
        print(*written, sep="\n")
    except Error as error:
        print(printable(f"plot.py: {error}".replace("\n", " ")), file=sys.stderr)
        return error.code
    except OSError as error:
        print(printable(f"plot.py: {error}"), file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
