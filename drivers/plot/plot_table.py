"""Tables: the history of a run, and the branches that `ister modes --csv` wrote, with their picture."""

import csv

import numpy as np

from plot_style import PlotError, plt, require_plain


def read_table(path, needed, what):
    """Columns by name of a table with a header line; lines that begin with # are comments."""
    require_plain(path)
    try:
        with open(path, newline="", encoding="utf-8") as file:
            numbered = [(number + 1, line) for number, line in enumerate(file) if not line.startswith("#")]
        rows = list(csv.reader(line for _, line in numbered))
        values = [[float(v) for v in row] for row in rows[1:]]
    except (ValueError, csv.Error) as error:
        raise PlotError(f"{path}: {error}") from error
    if not values or needed not in rows[0]:
        raise PlotError(f"{path}: no {what} in it (a header line with a column {needed}, then rows)")
    for (number, _), row in zip(numbered[1:], values):
        if len(row) != len(rows[0]):
            raise PlotError(f"{path}: line {number} has {len(row)} values, the header {len(rows[0])}")
    return dict(zip(rows[0], np.array(values).T))


def read_history(path):
    return read_table(path, "time", "history")


def figure_of_modes(path):
    """Frequency, damping rate and group velocity of every branch over k; waves that grow are drawn dotted."""
    table = read_table(path, "k", "branches of waves")
    branches = [name.removesuffix("_re") for name in table if name.endswith("_re")]
    k = table["k"]
    figure, panels = plt.subplots(1, 3, figsize=(13, 4.2))
    for i, name in enumerate(branches):
        style = {"color": f"C{i}", "linestyle": "-" if name.startswith("L") else "--"}
        panels[0].plot(k, table[f"{name}_re"] / k, label=name, **style)
        damping = -table[f"{name}_im"]
        panels[1].plot(k, np.where(damping > 0, damping, np.nan), **style)
        panels[1].plot(k, np.where(damping < 0, -damping, np.nan), color=f"C{i}", linestyle=":")
        panels[2].plot(k, table[f"{name}_group"], **style)
    panels[0].legend(fontsize=8)
    labels = ("phase velocity Re $\\omega/k$ [c]", "damping $-$Im $\\omega$ [1/fm], dotted: growth",
              "group velocity Re $d\\omega/dk$ [c]")
    for panel, label in zip(panels, labels):
        panel.set_xscale("log")
        panel.set_xlabel("$k$ [1/fm]")
        panel.set_ylabel(label)
        panel.grid(alpha=0.25)
        panel.margins(x=0)
    panels[1].set_yscale("log")
    # Where branches meet group velocities are infinite.
    panels[2].set_ylim(max(-3, panels[2].get_ylim()[0]), min(3, panels[2].get_ylim()[1]))
    return figure
